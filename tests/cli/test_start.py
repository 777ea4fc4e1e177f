"""How the command starts: a verb imports what it uses, and the list of verbs nothing heavy."""

import subprocess
import sys

import click
import pytest

from translator.cli import program, say

HEAVY = {
    "alembic",
    "cryptography",
    "httpx",
    "jinja2",
    "lxml",
    "paramiko",
    "psycopg",
    "pysqlite3",
    "sqlalchemy",
    "structlog",
}


def loaded(asked):
    """Name what a process of its own has loaded after that."""
    asked = f"import sys; {asked}; print(*sys.modules)"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()


def test_the_verbs_are_listed_without_a_library_that_only_some_of_them_use():
    said = loaded("from translator.cli import program; program()")
    assert "click" in said
    assert HEAVY.intersection(said) == set()
    assert [name for name in said if name.startswith(("translator.ledger", "translator.service"))] == []


def test_who_looks_at_the_ledger_or_asks_for_a_move_loads_nothing_that_connects_to_a_partner():
    said = loaded("from translator.cli.behind import acts, book, copies, files, held, inventory, order")
    assert "sqlalchemy" in said
    assert {"paramiko", "httpx", "translator.service.places", "translator.service.life"}.intersection(said) == set()


@pytest.mark.parametrize("words", ["show life", "show life --json", "keys new", "--version"])
def test_what_cannot_be_said_since_the_disk_of_stdout_is_full_is_told_in_a_line(words):
    with open("/dev/full", "w") as full:
        asked = [sys.executable, "-m", "translator", *words.split()]
        ended = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == say.BROKEN
    assert ended.stderr == (
        "-: error output-failed: what was to be said could not be written: No space left on device"
        " (hint: where does stdout go?)\n"
    )


def commands(group):
    for one in group.commands.values():
        yield from commands(one) if isinstance(one, click.Group) else [one]


def test_every_command_gives_plain_json_when_it_is_asked_to():
    assert [one.name for one in commands(program()) if not any("--json" in option.opts for option in one.params)] == []
