"""What the log lets out: keys of the list, and nothing that a person wrote."""

import ast
import io
import json
import logging
import sys
import threading
from pathlib import Path

import pytest
import structlog

from translator import observe


@pytest.fixture
def lines():
    out = io.StringIO()
    observe.configure(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
    structlog.reset_defaults()
    logging.basicConfig(handlers=[], level=logging.WARNING, force=True)


def test_a_key_of_the_list_is_said_and_another_is_dropped_and_counted(lines):
    observe.log().info("sent", po="D3rC", endpoint="us/orders", size=12, name="Jane Doe", body={"a": 1})
    (line,) = lines()
    assert (line["event"], line["po"], line["size"], line["dropped"]) == ("sent", "D3rC", 12, 2)
    assert "Jane" not in json.dumps(line)


def test_of_an_exception_its_class_and_place_are_said_and_never_its_text(lines):
    try:
        int("12 Invented Street")
    except ValueError:
        observe.log().exception("fault")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert line["where"].endswith("test_of_an_exception_its_class_and_place_are_said_and_never_its_text")
    assert "Invented" not in json.dumps(line)


def test_a_value_that_is_no_plain_one_is_named_by_its_class(lines):
    observe.log().info("seen", code=ValueError("12 Invented Street"), file=object())
    (line,) = lines()
    assert (line["code"], line["file"]) == ("ValueError", "object")


def test_a_value_stays_on_its_line_and_short(lines):
    observe.log().info("seen", po="a\nb" * 300)
    (line,) = lines()
    assert "\n" not in line["po"]
    assert len(line["po"]) == observe.LONGEST


def test_what_a_library_logs_is_cut_down_to_who_and_how_bad(lines):
    logging.getLogger("watchdog.observers").warning("login of %s with %s", "acme", "hunter2")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("library", "warning", "watchdog.observers")
    assert "hunter2" not in json.dumps(line)


def test_for_the_journal_a_line_begins_with_its_priority(monkeypatch):
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    out = io.StringIO()
    observe.configure(out)
    observe.log().error("broken")
    structlog.reset_defaults()
    assert out.getvalue().startswith("<3>{")


def test_what_nobody_catches_is_said_without_its_text(lines):
    def fail():
        int("12 Invented Street")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    (line,) = lines()
    assert (line["event"], line["level"], line["error"]) == ("fault", "critical", "ValueError")
    assert "Invented" not in json.dumps(line)


def said(path):
    """Give what a module says to the log besides the event."""
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Call)
        ):
            called = node.func.value.func
            if getattr(called, "id", getattr(called, "attr", "")) == "log":
                yield from (word.arg for word in node.keywords if word.arg)


def test_nothing_that_we_say_to_the_log_is_dropped():
    modules = Path(observe.__file__).parent.rglob("*.py")
    spoken = {word for path in modules for word in said(path)} - {"exc_info"}  # its class and place are told
    assert spoken - observe.KEYS == set()
