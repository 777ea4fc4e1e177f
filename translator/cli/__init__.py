"""The command line: one module per family of verbs, each with a constant VERBS, found by looking.

A verb asks, says and ends; what it does stands in `behind`, or further down. Modules import what they need when they
are asked, so that the command starts quickly.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from typing import Final

import click

import translator.cli
from translator import __version__
from translator.cli.behind.stdout import Mute, watched

SECTIONS: Final = {
    "Begin": "demo init check doctor simulate run sandbox",
    "Mappings": "scaffold preview explain test convert lookup",
    "Look": "show files compare audit",
    "Let go on, hold, give up": "release retry hold reject approve resend reoffer mark arrived",
    "Tell Amazon": "refuse deny relabel",
    "The ledger and its keys": "keys backup restore reconcile purge",
}


class Verbs(click.Group):
    """The verbs by what they are for, each with the first clause of what it says of itself."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs section by section."""
        for title, names in SECTIONS.items():
            with formatter.section(title):
                told = [(name, self.commands[name].help or "") for name in names.split() if name in self.commands]
                formatter.write_dl([(name, re.split(r"[.;](?=\s|$)", help)[0]) for name, help in told])


def verbs(word: str = "") -> Iterator[click.Command]:
    """Find every verb: the constant VERBS of the modules here. A word that names a module: those of this one alone."""
    modules = [module.name for module in pkgutil.iter_modules(translator.cli.__path__) if not module.ispkg]
    for name in [word] if word in modules else modules:
        yield from getattr(importlib.import_module(f"translator.cli.{name}"), "VERBS", ())


def program(word: str = "") -> click.Group:
    """Put the verbs together; of one word only what it needs."""

    @click.group(
        cls=Verbs,
        epilog="Begin with `translator demo`, then `translator init site`.",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    @click.version_option(__version__, prog_name="translator")
    def translator() -> None:
        """Translates between Amazon Direct Fulfillment and the files of a warehouse system."""

    for verb in verbs(word):
        translator.add_command(verb)
    return translator


def main() -> None:
    """Run the command."""
    try:
        with watched():
            program(sys.argv[1] if len(sys.argv) > 1 else "")()
    except Mute as error:
        from translator.cli import say
        from translator.core.finding import Finding

        text = f"what was to be said could not be written: {error.strerror}"
        say.refuse([Finding("output-failed", text, hint="where does stdout go?")], say.BROKEN, as_json=False)
