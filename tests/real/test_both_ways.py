"""Orders of Amazon's are written over the layouts of real files, and the mappings that read those files read them back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.real.systems import completed, context, mapping
from translator import translation
from translator.core.document import Document
from translator.core.tree import leaves

# mapping that writes -> mapping that reads, both over one layout; what it reads otherwise, and why
WRITTEN = {
    "sap-idoc-delvry07-orders.yaml": (
        "sap-idoc-delvry07.yaml",
        {"/orderDetails/orderDate": "SAP's delivery knows when it was made, not when the customer ordered"},
    ),
    "shipstation-orders-out.yaml": ("shipstation-orders.yaml", {}),
}
ORDER = Path(__file__).parents[2] / "samples/plain-csv/orders/two-lines/in.json"


@pytest.mark.parametrize("way_out", WRITTEN)
def test_an_order_is_written_over_the_layout_of_a_real_file_and_read_back(way_out):
    way_in, differs = WRITTEN[way_out]
    tree = json.loads(ORDER.read_text(encoding="utf-8"))
    made = translation.write(mapping(way_out), [Document("order", tree)], context({}))
    assert made.findings == ()
    (file,) = made.files
    (read_back,) = translation.read(mapping(way_in), [file.data], file.name, context({}))
    assert read_back.findings == ()
    back, said = dict(leaves(completed(read_back, {}).tree)), dict(leaves(tree))
    shared = (back.keys() & said.keys()) - differs.keys()
    assert {path: as_number(back[path]) for path in shared} == {path: as_number(said[path]) for path in shared}
    assert len(shared) > 20
    assert all(back[path] != said[path] for path in differs)  # else it needs no reason


def as_number(value):
    return int(value) if str(value).isdecimal() else value
