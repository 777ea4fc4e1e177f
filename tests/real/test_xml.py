"""The XML files of real systems are read by YAML alone: every text and every attribute is a named, typed field.

What a file becomes passes the rules of its kind, or lacks what `LACKS` lists, each with its reason. A file nobody can
complete (no order in it, no such document at Amazon) is read, checked and counted all the same.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from dataclasses import dataclass

import pytest
from lxml import etree

from tests.real.systems import (
    NOW,
    SAMPLES,
    Stored,
    cells,
    codes,
    completed,
    context,
    lacking,
    needs_samples,
    order,
    read,
)
from translator import translation
from translator.core.finding import Findings, Rejected, errors
from translator.core.tree import at
from translator.formats.format import formats
from translator.mapping.layout import Field
from translator.mapping.picture import UNREAD

pytestmark = needs_samples


@dataclass(frozen=True)
class XmlOrder:
    """Where a file names the order it is about: XPaths by local names; those of a line from the line."""

    number: str
    lines: str
    line: str
    sku: str
    quantity: str

    def __call__(self, data: bytes):
        root = plain(data)
        lines = [
            (one.xpath(f"string({self.line})"), one.xpath(f"string({self.sku})"), one.xpath(f"string({self.quantity})"))
            for one in root.xpath(self.lines)
        ]
        whole = [(line, sku, int(float(text))) for line, sku, text in lines]
        numbers = [one if isinstance(one, str) else one.text for one in root.xpath(self.number)]
        return [order(number, whole) for number in dict.fromkeys(numbers)]


# file -> mapping, kind, and the order a test makes up for it
FILES: dict[str, tuple[str, str, Stored | None]] = {
    "bring-warehousing/create-order-template.xml": ("bring-order.yaml", "order", None),
    "bring-warehousing/article-balance.xml": ("bring-article-balance.yaml", "inventory_update", None),
    "bring-warehousing/packing-list-create.xml": (
        "bring-packing-list.yaml",
        "shipment_confirmation",
        XmlOrder("//PurchaseOrderNo", "//PackingListItem", "@articleLineId", "@articleLineId", "ArticleQuantity"),
    ),
    "gs1-xml-warehousing/outbound-notification-product-picked.xml": (
        "gs1-outbound-notification.yaml",
        "shipment_confirmation",
        XmlOrder(
            "//warehousingOutboundNotificationShipmentItem/transactionalReference/entityIdentification",
            "//warehousingOutboundNotificationShipmentItem",
            "transactionalReference/lineItemNumber",
            "transactionalTradeItem/gtin",
            "actualDespatchQuantity",
        ),
    ),
    "gs1-xml-warehousing/inbound-notification-receiving-finished.xml": (
        "gs1-inbound-notification.yaml",
        "inventory_update",
        None,
    ),
    "gs1-xml-warehousing/logistics-inventory-report-stock-comparison.xml": (
        "gs1-inventory-report.yaml",
        "inventory_update",
        None,
    ),
    "lekis-xml/00000001-delivery-note-v4.xml": (
        "lekis-delivery-note.yaml",
        "shipment_confirmation",
        XmlOrder("//cisloObjednavky", "//polozka", "@pozice", "IdSkladoveKarty", "mnozstvi"),
    ),
    "lekis-xml/00001416-delivery-note-windows1250.xml": ("lekis-delivery-note.yaml", "shipment_confirmation", None),
    "opentrans/order-distributor.xml": ("opentrans-order.yaml", "order", None),
    "opentrans/order-response.xml": (
        "opentrans-order-response.yaml",
        "acknowledgement",
        XmlOrder("//ORDER_ID", "//ORDERRESPONSE_ITEM", "LINE_ITEM_ID", "PRODUCT_ID/SUPPLIER_PID", "QUANTITY"),
    ),
    "quiet-logistics/shipment-order-result-malformed.xml": (
        "quiet-logistics-so-result.yaml",
        "shipment_confirmation",
        XmlOrder("//@OrderNumber", "/SOResult/Line", "@Line", "@Line", "@Quantity"),
    ),
    "quiet-logistics/inventory-summary.xml": ("quiet-logistics-inventory.yaml", "inventory_update", None),
    "quiet-logistics/error-message.xml": ("quiet-logistics-error.yaml", "acknowledgement", None),
    "sap-idoc-xml/delvry07-outbound-delivery-to-3pl.xml": ("sap-idoc-delvry07.yaml", "order", None),
    "sap-idoc-xml/delvry07-inbound-delivery-to-3pl.xml": ("sap-idoc-delvry07.yaml", "order", None),
    "shipstation-custom-store/orders.xml": ("shipstation-orders.yaml", "order", None),
    "shipstation-custom-store/shipnotice.xml": (
        "shipstation-shipnotice.yaml",
        "shipment_confirmation",
        XmlOrder("//OrderNumber", "//Item", "'1'", "SKU", "Quantity"),
    ),
    "shipwire/inventory-response.xml": ("shipwire-inventory.yaml", "inventory_update", None),
    "shipwire/tracking-response.xml": (
        "shipwire-tracking.yaml",
        "shipment_confirmation",
        XmlOrder("//Order/@id", "//Order[1]", "'1'", "'SKU'", "'3'"),
    ),
    "ubl/order-2.0.xml": ("ubl-order.yaml", "order", None),
    "ubl/despatch-advice-2.0.xml": (
        "ubl-despatch-advice.yaml",
        "shipment_confirmation",
        XmlOrder(
            "/DespatchAdvice/OrderReference/ID",
            "//DespatchLine",
            "OrderLineReference/LineID",
            "Item/SellersItemIdentification/ID",
            "DeliveredQuantity + BackorderQuantity",
        ),
    ),
    "ubl/order-response-simple-2.1.xml": (
        "ubl-order-response.yaml",
        "acknowledgement",
        XmlOrder("//OrderReference/ID", "/OrderResponseSimple", "'1'", "'SKU'", "'1'"),
    ),
}
EVERY = pytest.mark.parametrize("sample", FILES)

OLD = "the sample is older than 2015, and a date that old is taken for a slip of the pen"
NO_STATE = "addresses of the sender's country have no state"
NO_METHOD = "the file leaves the choice of the carrier to the warehouse"
NOT_OURS = "the number is no purchase order number of Amazon's"
BLANKS = "blanks around a text are taken off when it is read"
ASSUMED = "the file tells no packages: the order is taken for packed in one, and each guess is noted"

# file -> what is found, but for warnings of the format: each with its reason
LACKS: dict[str, dict[str, str]] = {
    "bring-warehousing/create-order-template.xml": {
        "field-missing orderDetails.shipToParty.stateOrRegion": NO_STATE,
    },
    "bring-warehousing/packing-list-create.xml": {"field-type shipmentDetails.shippedDate": OLD},
    "gs1-xml-warehousing/outbound-notification-product-picked.xml": {
        "carton-id-assumed containers": ASSUMED,
        "content-assumed containers": ASSUMED,
        "weight-assumed containers.weight": ASSUMED,
    },
    "gs1-xml-warehousing/inbound-notification-receiving-finished.xml": {
        "no-document": "goods that came in are a change, Amazon takes levels: the next inventory report has them",
    },
    "lekis-xml/00000001-delivery-note-v4.xml": {"field-type shipmentDetails.shippedDate": OLD},
    "lekis-xml/00001416-delivery-note-windows1250.xml": {
        "value-missing": "the note names no order",
        "no-document": "of which order nothing was said, nothing can be confirmed",
    },
    "opentrans/order-distributor.xml": {
        "po-unsafe purchaseOrderNumber": NOT_OURS,
        "field-missing orderDetails.shipmentDetails.shipMethod": NO_METHOD,
        "field-missing orderDetails.shipToParty.stateOrRegion": NO_STATE,
    },
    "opentrans/order-response.xml": {"po-unsafe purchaseOrderNumber": NOT_OURS},
    "quiet-logistics/shipment-order-result-malformed.xml": {
        "repaired": "two attributes are glued together: the mapping knows, and says so each time",
        "field-type shipmentDetails.shippedDate": OLD,
    },
    "quiet-logistics/error-message.xml": {"no-document": "that a file of ours was refused is no business of Amazon's"},
    "sap-idoc-xml/delvry07-outbound-delivery-to-3pl.xml": {
        "field-missing orderDetails.items.netPrice": "SAP tells a warehouse no prices",
    },
    "sap-idoc-xml/delvry07-inbound-delivery-to-3pl.xml": {
        "no-document": "it announces what will come in: nothing is shipped, and Amazon has no document for it",
    },
    "shipstation-custom-store/orders.xml": {
        "field-missing orderDetails.shipmentDetails.shipmentDates": "the store says when it wants it in words only",
        "field-type orderDetails.orderDate": OLD,
    },
    "shipstation-custom-store/shipnotice.xml": {"field-type shipmentDetails.shippedDate": OLD},
    "shipwire/tracking-response.xml": {"field-type shipmentDetails.shippedDate": OLD},
    "ubl/order-2.0.xml": {
        "field-missing orderDetails.shipmentDetails.shipMethod": NO_METHOD,
        "field-type orderDetails.orderDate": OLD,
        "field-type orderDetails.shipmentDetails.shipmentDates.promisedDeliveryDate": OLD,
        "field-type orderDetails.shipmentDetails.shipmentDates.requiredShipDate": OLD,
    },
    "ubl/despatch-advice-2.0.xml": {
        "field-type shipmentDetails.shippedDate": OLD,
    },
    "ubl/order-response-simple-2.1.xml": {"field-type acknowledgementDate": OLD},
}

# file -> why what is written back is equal only when blanks around texts are taken off
TRIMMED: dict[str, str] = {
    "gs1-xml-warehousing/outbound-notification-product-picked.xml": BLANKS,
    "lekis-xml/00000001-delivery-note-v4.xml": BLANKS,
    "quiet-logistics/error-message.xml": BLANKS,
    "sap-idoc-xml/delvry07-inbound-delivery-to-3pl.xml": BLANKS,
    "sap-idoc-xml/delvry07-outbound-delivery-to-3pl.xml": BLANKS,
}

VERSIONS = {"version", "HeaderVersion", "UBLVersionID"}  # look like numbers, and count nothing
COUNTED, WHOLE = re.compile(r"(?i)quantity|amount|count(?!ry)|total|weight|price|balance"), re.compile(r"-?\d+")
NUMBER, DAY = re.compile(r"-?\d+\.\d+"), re.compile(r"\d{4}-\d\d-\d\d([T+].*)?|\d{1,2}/\d{1,2}/\d{4}.*")


def glued(data: bytes) -> bytes:
    """Part the attributes that are glued together in one of the files, which is no XML otherwise."""
    return re.sub(rb'"(?=[A-Z]\w+=")', b'" ', data)


def plain(data: bytes):
    """Parse a file with lxml alone, names without their namespaces."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    root = etree.fromstring(glued(data), parser)
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


def walked(data: bytes):
    """Give the name and the text of every attribute and element that carries some."""
    for element in plain(data).iter():
        yield from ((name, text) for name, text in element.attrib.items() if text.strip())
        if (element.text or "").strip():
            yield element.tag, element.text
        assert not (element.tail or "").strip()  # none of these systems mixes texts and elements


def name_of(group, one: Field) -> str:
    """Give the name of the element or attribute a field stands for."""
    steps = [*(group.at or group.name).split("/"), *(one.at or one.name).split("/")]
    last = next(step for step in reversed(steps) if step != ".")
    return last.removeprefix("@").rpartition(":")[2]


def reading(sample):
    mapped, _, stored = FILES[sample]
    return read(mapped, sample, stored)


@EVERY
def test_no_data_of_the_file_is_left_unmapped(sample):
    assert reading(sample).unmapped == []


@EVERY
def test_every_text_and_attribute_of_the_file_stands_in_a_field_of_its_name(sample):
    read_in = Counter((name_of(group, one), " ".join(text.split())) for group, one, text in cells(reading(sample).rows))
    stands = Counter((name, " ".join(text.split())) for name, text in walked(reading(sample).data))
    assert read_in == stands


@EVERY
def test_what_looks_like_a_number_or_a_day_has_a_type(sample):
    for _, one, text in cells(reading(sample).rows):
        if NUMBER.fullmatch(text) and (one.at or one.name).rpartition(":")[2].lstrip("@") not in VERSIONS:
            assert one.type == "decimal", one
        assert one.date or not DAY.fullmatch(text), one
        assert one.type != "text" or not (COUNTED.search(one.name) and WHOLE.fullmatch(text)), one


@EVERY
def test_the_file_becomes_documents_of_its_kind(sample):
    kinds = {document.kind for document in reading(sample).completed} - {UNREAD}
    assert kinds == (set() if "no-document" in LACKS.get(sample, {}) else {FILES[sample][1]})


@EVERY
def test_documents_are_complete_but_for_what_is_listed_with_its_reason(sample):
    made = reading(sample)
    found = set(codes([*made.findings, *lacking(made)]))
    none = all(document.kind == UNREAD for document in made.completed)
    assert found | ({"no-document"} if none else set()) == set(LACKS.get(sample, {}))


@EVERY
def test_in_whatever_pieces_a_file_comes_it_is_the_same(sample):
    made, file = reading(sample), reading(sample).translation.file
    size = 1 if len(made.data) < 30_000 else 997
    pieces = [made.data[start : start + size] for start in range(0, len(made.data), size)]
    rows = list(formats()["xml"].read(pieces, file, Findings(), sample))
    assert [(one.name, text) for _, one, text in cells(rows)] == [(one.name, text) for _, one, text in cells(made.rows)]


@EVERY
def test_of_a_file_that_is_cut_off_nothing_goes_on(sample):
    made = reading(sample)
    last = made.data.rstrip()
    for end in (len(last) - 1, len(last) // 2, len(last) // 3, 100):
        with pytest.raises(Rejected):
            list(translation.read(made.translation, [last[:end]], sample, context({})))


def written(made) -> bytes:
    findings = Findings()
    data = formats()["xml"].write(made.rows, made.translation.file, findings)
    assert findings.found == []
    return data


def canonical(data: bytes, *, trimmed: bool) -> str:
    """Give a file in canonical form (C14N 2.0), without comments and without blanks between elements."""
    root = etree.fromstring(glued(data), etree.XMLParser(remove_comments=True, remove_pis=True))
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        element.tail = None
    return etree.canonicalize(etree.tostring(root, encoding="unicode"), strip_text=trimmed, rewrite_prefixes=True)


@EVERY
def test_the_file_is_written_back_equal_in_canonical_form_or_as_listed(sample):
    made, trimmed = reading(sample), sample in TRIMMED
    back = written(made)
    assert canonical(back, trimmed=trimmed) == canonical(made.data, trimmed=trimmed)
    assert not trimmed or canonical(back, trimmed=False) != canonical(
        made.data, trimmed=False
    )  # else it needs no reason


@pytest.mark.parametrize("sample", [one for one in FILES if OLD in LACKS.get(one, {}).values() and FILES[one][2]])
def test_of_a_sample_of_years_ago_nothing_but_the_date_is_out_of_order(sample):
    made = reading(sample)
    for document in made.documents:
        tree = copy.deepcopy(document.tree)
        for path in ("shipmentDetails", ""):
            dated = at(tree, path, {}) if path else tree
            dated.update({name: f"{NOW:%Y-%m-%dT%H:%M:%SZ}" for name in dated if name.endswith("Date")})
        again = completed(document.but(tree=tree), made.orders)
        assert again.tree.get("sellingParty")  # it was filled in
        assert errors(again.findings) == []


def test_every_xml_file_of_the_samples_is_read():
    """Print how far each file comes: pytest -s."""
    stands = {str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/*.xml")}
    assert set(FILES) == stands
    for sample, (mapped, kind, _) in FILES.items():
        made = reading(sample)
        level = "but for blanks around texts" if sample in TRIMMED else "canonical"
        wrong = any(one.rejected for one in made.completed)
        what = "too old" if wrong and OLD in LACKS[sample].values() else "rejected" if wrong else "passes"
        what = what if any(one.kind != UNREAD for one in made.completed) else "none"
        fields, lacks = sum(1 for _ in cells(made.rows)), ", ".join(LACKS.get(sample, {}))
        print(f"{sample:68} {mapped:31} {kind:22} {fields:5} fields  {what:9} {level:28} {lacks}")
