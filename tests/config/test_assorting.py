"""Tables of products: read as they stand, and what contradicts itself is told with its line."""

import pytest

from tests.config.test_agreement import site, system, told
from translator.core.finding import Severity
from translator.documents.assortment import PLAIN, Assortment

SAID = "    products: {asins: asins, items: items, kits: kits}\n"
ASINS, ITEMS, KITS = "SKU,ASIN\nCUP,B01\n", "ITEM,SKU,PACK\nCASE-12,CUP,12\n", "KIT,SKU,QUANTITY\nPICNIC,CUP,4\n"


def tables(asins=ASINS, items=ITEMS, kits=KITS):
    return {"tables/asins.csv": asins, "tables/items.csv": items, "tables/kits.csv": kits}


def test_a_site_without_tables_has_items_that_are_skus():
    assert site(system()).systems["newark"].assortment == PLAIN


def test_the_tables_say_what_an_item_is_and_what_is_in_a_kit():
    read = site(system(more=SAID), own=tables()).systems["newark"]
    assert read.assortment == Assortment({"CUP": "B01"}, {"CASE-12": ("CUP", 12)}, {"PICNIC": {"CUP": 4}})
    assert read.tables["kits"] == "newark/tables/kits.csv"


@pytest.mark.parametrize(
    "wrong, code, line",
    [
        ({"asins": "SKU,ASIN\nCUP,B01\nCUP,B02\n"}, "products-twice", 3),
        ({"items": "ITEM,SKU,PACK\nA,CUP,2\nA,CUP,3\n"}, "products-twice", 3),
        ({"items": "ITEM,SKU,PACK\nA,CUP,2\nB,CUP,2\n"}, "products-twice", 3),
        ({"items": "ITEM,SKU,PACK\nA,CUP,0\n"}, "products-number", 2),
        ({"items": "ITEM,SKU\nA,CUP\n"}, "products-columns", 1),
        ({"items": "ITEM,SKU,PACK\nA,,2\n"}, "products-empty", 2),
        ({"items": "ITEM,SKU,PACK\nBOX,PICNIC,2\n"}, "products-kit", 2),
        ({"kits": "KIT,SKU,QUANTITY\nPICNIC,CUP,4\nPICNIC,CUP,4\n"}, "products-twice", 3),
        ({"kits": "KIT,SKU,QUANTITY\nPICNIC,CUP,4\nDAY,PICNIC,1\n"}, "products-kit", 3),
        ({"kits": "KIT,SKU,QUANTITY\nPICNIC,CUP,1.5\n"}, "products-number", 2),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_its_line(wrong, code, line):
    ((found, file, at, _),) = told(system(more=SAID), own=tables(**wrong))
    assert (found, at) == (code, line)
    assert file.startswith("newark/tables/")


def test_a_table_that_is_not_there_is_told():
    ((code, file, _, text),) = told(system(more="    products: {kits: sets}\n"))
    assert (code, file) == ("products-missing", "translator.yaml")
    assert "newark/tables/sets.csv" in text


def test_letters_that_can_hardly_be_meant_are_warned_of():
    read = site(system(more=SAID), own=tables(asins="SKU,ASIN\nCU\u0420,B01\n"))
    assert [(one.code, one.severity) for one in read.notes] == [("products-alike", Severity.WARNING)]
