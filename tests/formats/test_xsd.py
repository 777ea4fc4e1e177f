"""A file against its XSD, written and read: each misfit with its place, and without the value it is about."""

from __future__ import annotations

import tracemalloc
from itertools import chain

import pytest

from tests.formats.pieces import MANY, codes, field, layout, read
from tests.mapping.made import frozen, order
from translator.core.document import Document
from translator.core.finding import Findings, Misconfigured, Place, Rejected
from translator.formats.xml import FORMAT
from translator.formats.xsd import said
from translator.mapping.layout import Record
from translator.translation import load, write

XS = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
STOCK = f"""{XS}targetNamespace="urn:s" xmlns="urn:s" elementFormDefault="qualified">
<xs:element name="Stock"><xs:complexType><xs:sequence>
  <xs:element name="Day" type="xs:date"/>
  <xs:element name="Items"><xs:complexType><xs:sequence>
    <xs:element name="Item" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="Sku" type="Sku"/><xs:element name="Qty" type="xs:integer"/>
    </xs:sequence><xs:attribute name="lot" type="xs:int" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
<xs:simpleType name="Sku"><xs:restriction base="xs:string">
  <xs:maxLength value="5"/><xs:pattern value="[A-Z0-9]*"/>
</xs:restriction></xs:simpleType>
</xs:schema>""".encode()
RULE = Place("stock.yaml", 3)
ITEM = Record("Item", RULE, at="Items/Item", times=MANY, fields=(field("Sku"), field("Qty"), field("@lot")))
LAYOUT = Record("Stock", RULE, fields=(field("Day"),), records=(ITEM,))


def stock(schema: bytes = STOCK, **keys):
    names = {"a.xsd": schema, **keys.pop("schemas", {})}
    keys = {"schema": schema, "schema_name": "a.xsd", "schemas": names, **keys}
    return layout("xml", LAYOUT, options={"namespaces": "=urn:s"}, **keys)


def item(sku: str = "A1", qty: str = "1", lot: str = "lot='1'") -> str:
    return f"<Item {lot}><Sku>{sku}</Sku><Qty>{qty}</Qty></Item>\n"


def file(*items: str, day: str = "2026-12-01") -> bytes:
    return f"<Stock xmlns='urn:s'>\n<Day>{day}</Day><Items>\n{''.join(items)}</Items></Stock>".encode()


def told(data: bytes, mapping=None) -> list[tuple[object, ...]]:
    rows, findings = read(FORMAT, data, mapping or stock())
    own = [("", one) for one in findings] + [(row.record.name, one) for row in rows for one in row.findings]
    assert all(one.code == "xsd" for _, one in own), own
    return [(name, one.data.line, one.data.path, one.text) for name, one in own]


def test_a_file_that_fits_reads_as_without_a_schema():
    assert told(file(item(), item())) == []


def test_each_misfit_is_a_finding_of_its_record_with_line_and_path():
    bad = item(sku="toolong"), item(qty="x"), item(lot="lot='1' xml:lang='2'"), item(lot="")
    assert told(file(item(), *bad)) == [
        ("Item", 4, "/Stock/Items/Item/Sku", "Sku: a length of 7 exceeds the allowed maximum length of '5'"),
        ("Item", 4, "/Stock/Items/Item/Sku", "Sku: its value is not accepted by the pattern '[A-Z0-9]*'"),
        ("Item", 5, "/Stock/Items/Item/Qty", "Qty: its value is not of the atomic type 'xs:integer'"),
        ("Item", 6, "/Stock/Items/Item", "the attribute lang of Item: The attribute 'lang' is not allowed"),
        ("Item", 7, "/Stock/Items/Item", "Item: The attribute 'lot' is required but missing"),
    ]  # fmt: skip
    assert told(file(day="31.12.2026")) == [
        ("Stock", 2, "/Stock/Day", "Day: its value is not of the atomic type 'xs:date'"),
        ("Stock", 2, "/Stock/Items", "Items: Missing child element(s). Expected is ( Item )"),
    ]


def test_what_the_schema_does_not_know_at_all_is_a_finding_of_the_file():
    _, findings = read(FORMAT, b"<html/>", stock())
    assert codes(findings) == ["xsd", "element-unknown", "record-missing"]


def test_a_finding_leads_to_the_line_of_the_mapping():
    rows, _ = read(FORMAT, file(item(qty="x")), stock())
    assert [one.rule.field for one in rows[1].findings] == ["Qty"]


def test_a_misfit_warns_or_is_nothing_as_check_says():
    rows, _ = read(FORMAT, file(item(qty="x")), stock(check="warn"))
    assert [str(one.severity) for one in rows[1].findings] == ["warning"]
    assert told(file(item(qty="x")), stock(check="off")) == []


@pytest.mark.parametrize("data", [file(item(sku="x"))[:-9], file(item(sku="x")) + b"<x/>", file(item())[:-1]])
def test_a_file_that_is_cut_off_or_goes_on_is_rejected_whether_it_fits_or_not(data):
    with pytest.raises(Rejected) as caught:
        read(FORMAT, data, stock())
    assert codes(caught.value.findings) == ["xml-syntax"]


def test_a_file_of_which_nothing_fits_is_given_up():
    with pytest.raises(Rejected) as caught:
        read(FORMAT, file(*[item(qty="x")] * 2000), stock())
    assert codes(caught.value.findings) == ["limit-findings"]


@pytest.mark.sweep
def test_a_large_file_is_held_against_the_schema_in_little_memory():
    items = (item().encode() * 1000 for _ in range(20))
    begin, end = file().split(b"</Items>")
    tracemalloc.start()
    rows = FORMAT.read(chain([begin], items, [b"</Items>" + end]), stock(), Findings(), "stock.xml")
    assert sum(not row.findings for row in rows) == 20_001
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


# --- words ---------------------------------------------------------------------------------------------------------------

SECRET = "Jo 'is not accepted by the pattern' \"Müller\"\n[x]"
SIMPLE = {
    "enumeration": '<xs:restriction base="xs:string"><xs:enumeration value="A"/></xs:restriction>',
    "pattern": '<xs:restriction base="xs:string"><xs:pattern value="[0-9]"/></xs:restriction>',
    "length": '<xs:restriction base="xs:string"><xs:length value="1"/></xs:restriction>',
    "minLength": '<xs:restriction base="xs:string"><xs:minLength value="99"/></xs:restriction>',
    "integer": '<xs:restriction base="xs:integer"/>',
    "date": '<xs:restriction base="xs:date"/>',
    "list": '<xs:list itemType="xs:integer"/>',
    "union": '<xs:union memberTypes="xs:integer xs:date"/>',
}


@pytest.mark.parametrize("kind", SIMPLE)
def test_no_finding_shows_a_value(kind):
    schema = (
        f'{XS}><xs:element name="a"><xs:complexType><xs:attribute name="k" type="T"/></xs:complexType></xs:element>'
    )
    schema = f'{schema}<xs:simpleType name="T">{SIMPLE[kind]}</xs:simpleType></xs:schema>'.encode()
    mapping = layout(
        "xml", Record("a", RULE, fields=(field("@k"),)), schema=schema, schema_name="a.xsd", schemas={"a.xsd": schema}
    )
    escaped = SECRET.replace('"', "&quot;").replace("\n", "&#10;")
    rows, _ = read(FORMAT, f'<a k="{escaped}"/>'.encode(), mapping)
    texts = [one.text for one in rows[0].findings]
    assert texts
    for text in texts:
        assert text.startswith("the attribute k of a: ")
        assert "Jo" not in text
        assert "ller" not in text


def test_numbers_keys_and_what_libxml2_may_say_in_future_show_no_value():
    assert said("Element 'a': [facet 'minInclusive'] The value '-5' is less than the minimum value allowed ('0').") == (
        "a: its value is less than the minimum value allowed ('0')"
    )
    assert said("Element '{urn:x}b': Duplicate key-sequence ['Jo'] in unique identity-constraint 'u'.") == (
        "b: it stands twice, against unique identity-constraint 'u'"
    )
    assert said("Element 'a': No match found for key-sequence ['Jo'] of keyref 'r'.") == (
        "a: what it refers to is not there, against keyref 'r'"
    )
    assert said("Element 'a': Something new about 'Jo'.") == "a: does not fit the schema"
    assert said("Jo is not welcome") == "does not fit the schema"


# --- schemas -------------------------------------------------------------------------------------------------------------


def including(*locations: str) -> bytes:
    return f"{XS}>{''.join(f'<xs:include schemaLocation={one!r}/>' for one in locations)}</xs:schema>".encode()


@pytest.mark.parametrize(
    "schema", [b"<a/>", b"<a", b"", including("/etc/passwd"), including("http://127.0.0.1:9/a.xsd")]
)
def test_what_is_no_schema_is_refused_when_the_mapping_is_loaded(schema):
    mapping = stock(schema or b" ")
    assert [(one.code, one.rule.file) for one in FORMAT.check(mapping)] == [("xsd", "a.xsd")]
    with pytest.raises(Misconfigured):
        read(FORMAT, b"<a/>", mapping)


ORDERS = """writes: order
format: xml
file: o.xml
schema: xsd/main/order.xsd
records:
  Order:
    fields:
      "@id": order.purchaseOrderNumber
      Name:  order.orderDetails.shipToParty.name
"""
MAIN = f"""{XS}xmlns:c="urn:c"><xs:import namespace="urn:c" schemaLocation="../common/types.xsd"/>
<xs:element name="Order"><xs:complexType><xs:sequence><xs:element name="Name" type="c:Name"/></xs:sequence>
<xs:attribute name="id"/></xs:complexType></xs:element></xs:schema>"""
TYPES = f"""{XS}targetNamespace="urn:c"><xs:include schemaLocation="more.xsd"/>
<xs:simpleType name="Name"><xs:restriction base="xs:string"><xs:maxLength value="10"/></xs:restriction></xs:simpleType>
</xs:schema>"""
FILES = {
    "mappings/w/xsd/main/order.xsd": MAIN,
    "mappings/w/xsd/common/types.xsd": TYPES,
    "mappings/w/xsd/common/more.xsd": f'{XS}targetNamespace="urn:c"/>',
}


def ordered(text: str, name: str, files=FILES):
    made = load("w/orders.yaml", text.encode(), lambda wanted: files[wanted].encode() if wanted in files else None)
    return write(made, [Document("order", order(shipToParty={"name": name}))], frozen())


def test_schemas_include_others_that_lie_beside_them():
    assert ordered(ORDERS, "Jo").files
    with pytest.raises(Misconfigured) as caught:
        ordered(ORDERS, "Jo", {name: text for name, text in FILES.items() if "more" not in name})
    assert [(one.code, one.rule.line) for one in caught.value.findings] == [("mapping-file-missing", 4)]
    with pytest.raises(Misconfigured) as caught:
        ordered(
            ORDERS, "Jo", FILES | {"mappings/w/xsd/common/more.xsd": including("http://127.0.0.1:9/x.xsd").decode()}
        )
    assert [(one.code, one.rule.line) for one in caught.value.findings] == [("mapping-file-name", 4)]


def test_a_written_tree_that_does_not_fit_does_not_leave():
    found = ordered(ORDERS, "Jo Müller-Lüdenscheidt")
    assert not found.files
    assert [(one.code, one.data.line, one.data.path, one.rule.line) for one in found.findings] == [
        ("xsd", 3, "/Order/Name", 9)
    ] * 1
    assert "ller" not in str(found.findings)


def test_a_file_of_a_template_that_does_not_fit_does_not_leave():
    template = ORDERS[: ORDERS.index("records:")] + "template: o.j2\n"
    files = FILES | {"templates/o.j2": "<Order>\n<Name>{{ order.orderDetails.shipToParty.name }}</Name></Order>"}
    assert ordered(template, "Jo", files).files
    found = ordered(template, "Jo Müller-Lüdenscheidt", files)
    assert not found.files
    assert {(one.code, one.data.line, one.rule.file) for one in found.findings} == {("xsd", 2, "o.j2")}
    warned = ordered(template + "check: warn\n", "Jo Müller-Lüdenscheidt", files)
    assert warned.files
    assert {str(one.severity) for one in warned.findings} == {"warning"}
