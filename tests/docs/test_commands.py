"""Every command in the manual is one that exists, with options that exist; and every command is in the manual."""

import click
import pytest
from click.testing import CliRunner

from tests.docs.pages import PAGES, commands
from translator.cli import SECTIONS, program

COMMANDS = [(page.name, line, words) for page in PAGES for line, words in commands(page)]


def found(words):
    """Walk down to the verb; give it, the words it is called by, and those that are left."""
    command, called = program(), []
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(click.Context(command), words[0])
        assert inner, f"there is no `translator {' '.join([*called, words[0]])}`"
        command, called, words = inner, [*called, words[0]], words[1:]
    return command, called, words


def leaves(command, called=()):
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from leaves(inner, (*called, name))
    else:
        yield " ".join(called)


@pytest.mark.parametrize("page, line, words", COMMANDS, ids=[f"{page}: {line}" for page, line, _ in COMMANDS])
def test_a_command_in_the_manual_is_understood(page, line, words):
    command, _, rest = found(words)
    context = click.Context(command)
    opts, left, _ = command.make_parser(context).parse_args(list(rest))
    assert left == [] or isinstance(command, click.Group)
    for parameter in command.params:
        if isinstance(parameter.type, click.Choice) and isinstance(opts.get(parameter.name), str):
            assert opts[parameter.name] in parameter.type.choices


def test_every_command_is_in_the_manual():
    shown = {" ".join(found(words)[1]) for _, _, words in COMMANDS}
    assert {verb for verb in leaves(program()) if verb not in shown} == set()


def test_every_command_says_what_it_does():
    def silent(command, called=()):
        for name, inner in command.commands.items():
            if not inner.help:
                yield " ".join((*called, name))
            if isinstance(inner, click.Group):
                yield from silent(inner, (*called, name))

    assert list(silent(program())) == []


def test_every_verb_has_its_place_in_the_help_and_is_told_without_being_cut_off():
    listed = " ".join(SECTIONS.values()).split()
    assert sorted(listed) == sorted(program().commands)
    said = CliRunner().invoke(program(), ["--help"]).output
    assert "..." not in said.partition("Options:")[2]
    assert all(f"\n{title}:\n" in said for title in SECTIONS)
