"""The quick way to a whole inventory update gives what `complete` and `check` let pass without a word, or leaves it to them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.documents.given import NOW
from tests.documents.test_inventory_update import level, stock
from tests.documents.test_model import changed, places
from translator.core.document import Document
from translator.documents.kind import Asked, kinds
from translator.documents.stock_plainly import plainly

KIND = kinds()["inventory_update"]
ASINS = {"S1": "B1", "S2": "B2", "": "B9"}
USUAL = stock(
    level("S1", 7),
    level("S2", 0, isObsolete="true"),
    level("S3", 5, buyerProductIdentifier="B3"),
    isFullUpdate=False,
)
ODD = (
    None, True, 0, 3, -5, 10**9, "", " ", "x", "S1", "S2", "é", "-1", "1e3", "0.5", Decimal("1.5"), Decimal(7), "../x", "W" * 65,
    [], {}, {"amount": 1}, [{"x": 1}], "Each", "each", [level("S1", 1), level("S1", 1)],
)  # fmt: skip


def holds(tree, **more):
    document, asked = Document(KIND.name, tree), Asked(**{"now": NOW, "vendor": "ACMEG", "asins": ASINS} | more)
    quick = plainly(document, asked)
    if quick is not None:
        closely = KIND.complete(document, asked)
        assert repr(quick) == repr(closely)
        assert KIND.check(closely.tree) == []
    return quick is not None


def test_the_usual_is_quick():
    assert holds(USUAL)


@pytest.mark.parametrize("more", [{"vendor": ""}, {"vendor": " "}, {"asins": {}}, {"asins": {"S1": "", "S2": "B2"}}])
def test_whatever_is_stored_both_ways_agree(more):
    assert not holds(USUAL, **more)


@pytest.mark.parametrize("value", ODD)
def test_whatever_is_changed_in_one_place_both_ways_agree(value):
    for at in filter(None, places(USUAL)):
        holds(changed(USUAL, at, "set", value))
        holds(changed(USUAL, at, "leave out", None))
        holds(changed(USUAL, at, "add", value))
