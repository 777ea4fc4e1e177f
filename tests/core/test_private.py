"""A private value can be used and never shown."""

import json
import logging
import pickle
import traceback

import pytest

from translator.core.finding import Finding, Rejected
from translator.core.private import MARK, Private, shown

CANARY = "a name and a street nobody may see"


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        lambda v: f"{v}",
        lambda v: f"{v:>60}",
        "{}".format,
        lambda v: f"{v!r}",
        shown,
    ],
)
def test_no_way_of_formatting_shows_it(show):
    assert CANARY not in show(Private(CANARY))


def test_it_gives_its_value_only_when_asked_by_name():
    assert Private(CANARY).reveal() == CANARY


def test_it_is_neither_pickled_nor_written_as_json():
    with pytest.raises(TypeError):
        pickle.dumps(Private(CANARY))
    with pytest.raises(TypeError):
        json.dumps(Private(CANARY))


def test_it_shows_in_no_exception_finding_log_or_traceback(caplog):
    value = Private(CANARY)
    finding = Finding("x", f"cannot take {shown(value)}")
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("t").warning("%s %r", value, [value])
    try:
        raise Rejected([finding])
    except Rejected as error:
        text = "".join(traceback.format_exception(error)) + str(error) + repr(error) + str(finding.as_json())
    assert CANARY not in text + caplog.text
    assert MARK in text


def test_other_values_are_shown_short_and_on_one_line():
    assert shown("a\nb") == "'a\\nb'"
    assert len(shown("x" * 500)) <= 42
