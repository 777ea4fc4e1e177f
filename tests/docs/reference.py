"""The pages of the manual that are made from the code: formats, functions, documents.

`python -m tests.docs.reference` writes them anew; a test fails where they are stale.
"""

import importlib
import inspect
import re
from decimal import Decimal

from tests.docs.pages import ROOT
from translator.documents.kind import kinds
from translator.formats.format import formats
from translator.functions.function import families, signature

MADE = "<!-- Made from the code by `python -m tests.docs.reference`. Do not edit. -->\n"


def made():
    """Every page by its name."""
    return {"formats.md": formats_page(), "functions.md": functions_page(), "documents.md": documents_page()}


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines) + "\n"


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def code(text):
    return f"`{text}`" if str(text) else ""


def module_of(folder, name):
    return inspect.getdoc(importlib.import_module(f"translator.{folder}.{name}")) or ""


# --- formats ---------------------------------------------------------------------------------------------------------


def formats_page():
    parts = [one_format(part) for name, part in sorted(formats().items())]
    return (
        f"# Formats\n\n{MADE}\n"
        "`format: csv` in a mapping names the format. Its options stand beside it, at the top of the file. What is\n"
        "left out has its default. [Mappings](mappings.md) says how `at` places a field in each of them.\n\n"
        + "".join(parts)
    )


def one_format(part):
    ways = [word for word, there in (("read", part.read), ("written", part.write)) if there]
    way = f"By a layout it is {' and '.join(ways)}." if ways else "It has no layout: a template writes it."
    if ways == ["read"]:
        way += " A template writes it."
    rows = [
        (code(option.name), code(option.default), " ".join(map(code, option.one_of)), option.help)
        for option in part.options
    ]
    options = table(("option", "default", "one of", "what it is"), rows) if rows else "It has no options.\n\n"
    return f"## {part.name}\n\n{module_of('formats', part.name)}\n\n{way}\n\n{options}"


# --- functions -------------------------------------------------------------------------------------------------------


def functions_page():
    parts = [one_family(name, *family) for name, family in families().items()]
    return (
        f"# Functions\n\n{MADE}\n"
        "An expression may call these, as a function or as a filter: `upper(x)` and `x | upper` are the same. No other\n"
        "function or filter is there. Every example is run by the tests.\n\n"
        "Each says what it wants: *text* is any single value; *whole* and *number* are numbers, or texts that are; *date* is\n"
        "a date of Amazon's or of a file; a *list* may be one value; a *pattern* is a regular expression that cannot run for\n"
        "long. What is written out in an expression is checked when the mapping is loaded. A value of your own with the name\n"
        "of a function hides it: then write `x | upper`.\n\n" + "".join(parts)
    )


def one_family(name, functions, examples):
    rows = [
        (code(signature(word, function)), inspect.getdoc(function), examples_of(word, examples))
        for word, function in functions.items()
    ]
    return f"## {name.capitalize()}\n\n{module_of('functions', name)}\n\n" + table(
        ("function", "what it gives", "example"), rows
    )


def examples_of(word, examples):
    return "<br>".join(f"{code(text)} → {code(value(said))}" for text, said in examples if calls(text, word))


def calls(text, word):
    return re.search(rf"\| *{word}\b|\b{word}\(", text) is not None


def value(said):
    return str(said) if isinstance(said, int | Decimal) else repr(said)


# --- documents -------------------------------------------------------------------------------------------------------


def documents_page():
    known = kinds()
    parts = [one_kind(known[name], known) for name in sorted(known)]
    return (
        f"# Documents\n\n{MADE}\n"
        "A mapping writes documents, or reads them. These are their kinds and their fields, under Amazon's names. `[]`\n"
        "marks a list: `items[].title` is the title of each item. *Required* is Amazon's word; a reading mapping may\n"
        "leave out what the stored order tells. *Personal* fields never stand in a finding or in the log.\n\n"
        + "".join(parts)
    )


def one_kind(kind, known):
    facts = [kind.help[:1].upper() + kind.help[1:] + ".", way_of(kind)]
    facts += [f"It waits for *{need.kind} {need.fact}*{WHERE[need.where]}{patience(need)}." for need in kind.needs]
    facts += [after(follow) for follow in kind.follows]
    head = f"## {kind.name}\n\n{' '.join(facts)}\n\n"
    if kind.name != "order" and kind.fields == known["order"].fields:
        return head + "Its fields are those of an [order](#order).\n\n"
    rows = [
        (code(one.path), one.type, "yes" if one.required else "", "yes" if one.personal else "", help_of(one))
        for one in kind.fields
    ]
    return head + table(("field", "type", "required", "personal", "what it is"), rows)


WHERE = {
    "": "",
    "policy": " by the policy of the warehouse",
    "label": " where Amazon makes the label",
    "slip": " where the order wants one",
    "invoice": " where the order wants one",
    "billed": " where the account's `invoices` say so",
    "own carrier": " where the vendor has a carrier of his own",
}


def after(follow):
    done = "is fetched" if follow.how == "fetch" else "is made"
    due = ", on the day it ships" if follow.due else ""
    return f"When it is *{follow.fact}*, a `{follow.kind}` {done}{WHERE[follow.where]}{due}."


def way_of(kind):
    if kind.split and not kind.fetch and kind.name != "order":
        return "It comes with the answer to its request; a mapping writes it."
    if kind.split:
        return "Amazon sends it; a mapping writes it."
    if kind.operation:
        return f"A mapping reads it; it goes to Amazon by `{kind.operation.name}`."
    return "The translator makes it; a mapping writes it."


def patience(need):
    if need.seconds is None:
        return ""
    ends = {"reject": "then it is rejected", "person": "then it is for a person", "go on": "then it goes on"}
    return f", for {need.seconds / 3600:g} hours; {ends[need.then]}"


def help_of(one):
    words = f" One of {', '.join(map(code, one.one_of))}." if one.one_of else ""
    return (one.help + "." if words and one.help else one.help) + words


def main():
    for name, text in made().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
