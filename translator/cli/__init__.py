"""The command line: one module per family of verbs, each with a constant VERBS, found by looking.

A verb asks, says and ends; what it does stands in `behind`, or further down. Modules import what they need when they
are asked, so that the command starts quickly.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import click

import translator.cli
from translator import __version__


def verbs(word: str = "") -> Iterator[click.Command]:
    """Find every verb: the constant VERBS of the modules here. A word that names a module: those of this one alone."""
    modules = [module.name for module in pkgutil.iter_modules(translator.cli.__path__) if not module.ispkg]
    for name in [word] if word in modules else modules:
        yield from getattr(importlib.import_module(f"translator.cli.{name}"), "VERBS", ())


def program(word: str = "") -> click.Group:
    """Put the verbs together; of one word only what it needs."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
    @click.version_option(__version__, prog_name="translator")
    def translator() -> None:
        """Translates between Amazon Direct Fulfillment and the files of a warehouse system."""

    for verb in verbs(word):
        translator.add_command(verb)
    return translator


def main() -> None:
    """Run the command."""
    program(sys.argv[1] if len(sys.argv) > 1 else "")()
