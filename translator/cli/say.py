"""How commands speak: results on stdout (tables for people, JSON with --json), everything that went wrong on stderr.

Exit codes: 0 well; 1 some data rejected, or no answer; 2 the person's configuration or command line; 69 the world is
not there; 74 the ledger's disk or file failed; 75 another service has the ledger.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final, NoReturn, ParamSpec

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from translator.cli.behind.findings import Sources, caret, github, sources_of
from translator.core import jsontext
from translator.core.finding import MOST, Finding, Misconfigured, Rejected, Severity, Unavailable, counted

P = ParamSpec("P")

REJECTED: Final = 1
MISCONFIGURED: Final = 2
UNAVAILABLE: Final = 69
BROKEN: Final = 74
TAKEN: Final = 75
_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
WIDE: Final = 160  # columns where no terminal says how many: a file, a pipe

site_option = click.option(
    "-C",
    "--site",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    show_default="the current folder",
    help="The folder with translator.yaml.",
)
shadow_option = click.option(
    "--shadow",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The side folder of a shadow run, instead of the site's own ledger.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Plain JSON on stdout.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How findings are told: for people, as JSON, or as annotations of GitHub.",
)


class Seconds(click.FloatRange):
    """A time to wait: `nan` lies in no range, and would pass for one of every."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail("'nan' is no number of seconds", param, ctx)
        return seconds


class Utf8(click.types.StringParamType):
    """A text that a ledger can hold: a terminal of another encoding gives bytes that are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(super().convert(value, param, ctx))
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail("it is not UTF-8: how does this terminal encode?", param, ctx)
        return text


TEXT: Final = Utf8()
PORT: Final = click.IntRange(0, 65535)
SECONDS: Final = Seconds(0, 86_400)


def told(function: Callable[P, None]) -> Callable[P, None]:
    """Turn the house's exceptions into words on stderr and an exit code."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> None:
        form = "json" if kwargs.get("as_json") else str(kwargs.get("form", "text"))
        sources = sources_of(_path(kwargs.get("root")), _path(kwargs.get("mapping")) or _file(kwargs.get("name")))
        try:
            function(*args, **kwargs)
        except Misconfigured as error:
            refuse(error.findings, MISCONFIGURED, as_json=form == "json", form=form, sources=sources)
        except Rejected as error:
            refuse(error.findings, REJECTED, as_json=form == "json", form=form, sources=sources)
        except Unavailable as error:
            refuse([Finding("unavailable", error.reason)], UNAVAILABLE, as_json=form == "json")
        except Exception as error:
            _stopped(error, as_json=form == "json")
            raise

    return inner


def _stopped(error: Exception, *, as_json: bool) -> None:
    """End where the ledger failed, or another has it; anything else is our fault. Only here it is worth importing these."""
    from translator.instance import Taken
    from translator.ledger.trouble import Broken

    if isinstance(error, Taken):
        refuse([Finding("ledger-taken", str(error), hint="end it first, or wait for it")], TAKEN, as_json=as_json)
    if isinstance(error, Broken):
        hint = "look at the disk; restore the ledger from its copy"
        refuse([Finding("ledger-broken", str(error), hint=hint)], BROKEN, as_json=as_json)


def _path(value: object) -> Path | None:
    return value if isinstance(value, Path) else None


def _file(name: object) -> Path | None:
    """Give the file that a name is: a mapping may be named by its path, wherever it lies."""
    return Path(name) if isinstance(name, str) and Path(name).is_file() else None


def refuse(
    findings: Sequence[Finding], code: int, *, as_json: bool, form: str = "text", sources: Sources | None = None
) -> NoReturn:
    """Say what is wrong and end."""
    if as_json:
        data({"ok": False, "findings": [finding.as_json() for finding in findings]})
    annotate(findings, sources or Sources()) if form == "github" else wrong(findings, sources)
    sys.exit(code)


def wrong(findings: Iterable[Finding], sources: Sources | None = None) -> None:
    """Print findings on stderr, one a line, and how many more there are.

    `sources`: where mappings lie; what is wrong with a mapping itself is shown there, with a caret under the place.
    """
    found = list(findings)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for finding in found[:MOST]:
        console.print(Text(str(finding), style=_COLOURS[finding.severity] if console.is_terminal else ""))
        for shown in caret(finding, sources) if sources and (sources.always or not finding.data) else ():
            console.print(Text(shown, style="dim" if console.is_terminal else ""))
    if len(found) > MOST:
        console.print(f"and {len(found) - MOST} more")


def doubts(notes: Iterable[Finding]) -> str:
    """Say in a line that `check` warns of more, for verbs that are about data; empty: it does not."""
    number = sum(one.severity is Severity.WARNING for one in notes)
    return f"{counted(number, 'warning')} about the mapping: translator check, or preview" if number else ""


def annotate(findings: Iterable[Finding], sources: Sources) -> None:
    """Print findings on stdout as GitHub's workflow commands."""
    for finding in findings:
        click.echo(github(finding, sources))


def wrong_json(findings: Iterable[Finding]) -> None:
    """Print findings on stderr as one JSON array: all of them."""
    click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2), err=True)


def data(tree: object) -> None:
    """Print JSON on stdout."""
    click.echo(jsontext.pretty(tree))


def line(text: str) -> None:
    """Print one line on stdout."""
    console().print(Text(text))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on stdout."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    console().print(made)


def facts(pairs: Mapping[str, object]) -> None:
    """Print names and values on stdout."""
    made = Table(show_header=False, box=None, pad_edge=False)
    for name, value in pairs.items():
        made.add_row(Text(name, style="dim"), Text(str(value)))
    console().print(made)


def console() -> Console:
    """Give stdout, wide enough where it is no terminal."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=WIDE)


def moment(seconds: float | None) -> str:
    """Write a time of the ledger: UTC, to the second."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def named(pairs: Sequence[str], option: str) -> dict[str, str]:
    """Take apart `NAME=VALUE` of an option that may be given several times."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"'{pair}' is no NAME=VALUE", param_hint=option)
        found[name] = value
    return found
