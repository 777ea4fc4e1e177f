"""The quick way to a whole inventory update gives what `complete` and `check` let pass without a word, or leaves it to them."""

from __future__ import annotations

from copy import deepcopy
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


IN_ORDER = stock(*({"buyerProductIdentifier": f"B{n}", **level(f"S{n}", n)} for n in (1, 2, 3)), isFullUpdate=False)


def holds(tree, **more):
    asked, given = Asked(**{"now": NOW, "vendor": "ACMEG", "asins": ASINS} | more), deepcopy(tree)
    quick = plainly(Document(KIND.name, given), asked)
    if quick is None:
        assert repr(given) == repr(tree)  # as it was
    else:
        closely = KIND.complete(Document(KIND.name, tree), asked)
        assert repr(quick) == repr(closely)
        assert repr(plainly(quick, asked)) == repr(quick)  # once more changes nothing
        assert KIND.check(closely.tree) == []
    return quick is not None


def test_the_usual_is_quick():
    assert holds(USUAL)


@pytest.mark.parametrize("more", [{"vendor": ""}, {"vendor": " "}, {"asins": {}}, {"asins": {"S1": "", "S2": "B2"}}])
def test_whatever_is_stored_both_ways_agree(more):
    assert not holds(USUAL, **more)


def test_what_has_its_names_in_order_is_completed_where_it_is():
    given = deepcopy(IN_ORDER)
    quick = plainly(Document(KIND.name, given), Asked(now=NOW, vendor="ACMEG"))
    assert quick.tree["items"] is given["items"]
    assert holds(IN_ORDER)


@pytest.mark.parametrize("item", [
    level("S1", 1, buyerProductIdentifier="B1"),
    {"buyerProductIdentifier": "B1", **level("S1", 1), "availableQuantity": {"unitOfMeasure": "Each", "amount": 1}},
])  # fmt: skip
def test_what_has_them_in_another_order_is_given_in_amazon_s(item):
    assert holds(stock(item, isFullUpdate=False))


@pytest.mark.parametrize("tree", [USUAL, IN_ORDER])
@pytest.mark.parametrize("value", ODD)
def test_whatever_is_changed_in_one_place_both_ways_agree(value, tree):
    for at in filter(None, places(tree)):
        holds(changed(tree, at, "set", value))
        holds(changed(tree, at, "leave out", None))
        holds(changed(tree, at, "add", value))
