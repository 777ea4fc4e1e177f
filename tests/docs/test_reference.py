"""The pages that are made from the code say what the code says today."""

import pytest

from tests.docs.pages import ROOT
from tests.docs.reference import made
from tests.functions.test_functions import ASKED
from translator.core.finding import Place
from translator.documents.kind import kinds
from translator.formats.format import formats
from translator.functions.function import families, functions
from translator.translation import environment

EXAMPLES = [pair for _, examples in families().values() for pair in examples]


@pytest.mark.parametrize("name", sorted(made()))
def test_a_made_page_is_current(name):
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made()[name], "python -m tests.docs.reference"


def test_every_option_function_and_field_is_on_its_page():
    pages = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in made()}
    options = {option.name for part in formats().values() for option in part.options}
    assert {word for word in options if f"`{word}`" not in pages["formats.md"]} == set()
    assert {word for word in functions() if f"`{word}(" not in pages["functions.md"]} == set()
    fields = {field.path for kind in kinds().values() for field in kind.fields}
    assert {path for path in fields if f"| `{path}` |" not in pages["documents.md"]} == set()


@pytest.mark.parametrize("text, said", EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_an_example_of_a_function_gives_what_the_manual_says(text, said):
    assert environment().expression(text, Place("functions.md"))(ASKED) == said


def test_every_function_has_a_sentence_and_where_it_asks_nobody_an_example():
    shown = " ".join(text for text, _ in EXAMPLES)
    assert [word for word, function in functions().items() if not function.__doc__] == []
    assert [
        word for word, function in functions().items() if not getattr(function, "asks", ()) and word not in shown
    ] == []
