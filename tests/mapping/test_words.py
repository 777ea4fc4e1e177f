"""The list of words and the loader say the same: none is listed that nothing reads, none is read that is not listed."""

from __future__ import annotations

import pytest

from tests.mapping.made import made
from tests.presets import MAPPINGS, fetch
from translator.mapping import words
from translator.mapping.strict import Keys
from translator.translation import load

EVERYTHING = """reads: [shipment_confirmation, acknowledgement]
format: csv
limits: {records: 5}
repair: [{find: x, put: ''}]
parts: {p: {fields: {A: {}}}}
header: true
records:
  H: {use: p, fields: {B: {lookup: {table: ship_methods, by: {amazon: A}, give: wms}, miss: {text: x}}}}
documents: {shipment_confirmation: {about: {order: A}}, acknowledgement: {about: {order: A}}}
"""


def test_every_word_that_is_read_is_listed_and_every_listed_one_is_read(monkeypatch):
    seen = []
    done = Keys.done
    monkeypatch.setattr("translator.translation.compiled._KEPT", {})  # all of them are read, whatever was read before
    monkeypatch.setattr(Keys, "done", lambda keys, also=(): (seen.append(keys), done(keys, also))[1])
    made(EVERYTHING)
    made("writes: order\nformat: csv\nbatch: {most: 3}\nfields: {A: {text: x}}\n")
    for segments in ("x12", "edifact", "tradacoms"):
        made(f"writes: order\nformat: {segments}\nrecords: {{LIN: {{fields: {{a: {{text: x}}}}}}}}\n")
    for path in MAPPINGS:
        load(f"{path.parent.name}/{path.name}", path.read_bytes(), fetch)
    carried_out = {"use", "extends", "parts"}  # before anything is read
    whole = ("at the top", "in the file")  # not each has each way to say a layout
    tops = [keys for keys in seen if keys.what.startswith(whole)]
    read, listed = ({word for keys in tops for word in some(keys)} for some in (lambda k: k.taken, lambda k: k.known))
    assert read | carried_out == listed | carried_out
    for keys in (keys for keys in seen if keys.known and keys not in tops):
        assert set(keys.taken) | carried_out == set(keys.known) | carried_out, keys.what
    lists = (words.RECORD, words.FIELD, words.VALUE, words.BATCH, words.LIMITS, words.REPAIR, words.LOOKUP, words.MISS)
    assert {words.names(one) for one in lists} <= {keys.known for keys in seen}


def test_every_word_is_explained_once_in_each_list():
    for some in (words.TOP, words.RECORD, words.FIELD, words.STRUCTURE, words.LIMITS):
        assert len(set(words.names(some))) == len(some)
        assert [word.name for word in some if not word.help or word.help.endswith(".")] == []


@pytest.mark.parametrize("word", [word for word in words.FIELD if word.takes == "one"], ids=lambda word: word.name)
def test_a_listed_choice_is_accepted(word):
    field = {"from": "order.orderDetails.orderDate", "date": "iso", "zone": "UTC"}
    if word.name in ("type", "round", "mark"):
        field = {"from": "order.purchaseOrderNumber", "type": "decimal"}
    for choice in word.one_of:
        text = ", ".join(f"{name}: '{value}'" for name, value in {**field, word.name: choice}.items())
        made(f"writes: order\nformat: csv\nfields: {{A: {{{text}}}}}\n")
