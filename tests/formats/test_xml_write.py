"""XML from a declared tree: rows become elements, in the order of lines, and nothing but valid XML leaves."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.formats.pieces import MANY, codes, field, layout, written
from tests.mapping.made import frozen, order
from translator.core.document import Document
from translator.core.finding import Findings, Misconfigured, Place
from translator.formats.xml import FORMAT
from translator.mapping.layout import Field, Record
from translator.mapping.row import Row
from translator.translation import Written, load, write

RULE = Place("orders.yaml", 3)


def record(name: str, *fields: Field, **keys) -> Record:
    return Record(name, RULE, fields=fields, **keys)


def xml(*records: Record, **options: str):
    return layout("xml", *records, options={"indent": "0", "declaration": "false", **options})


def row(one: Record | Field, *cells, parent: Row | None = None) -> Row:
    return Row(one, list(cells), Place(record=one.name), parent)


def body(mapping, *rows: Row) -> str:
    return written(FORMAT, list(rows), mapping).decode().removesuffix("\n")


def refused(mapping, *rows: Row) -> list[tuple[str, int]]:
    findings = Findings()
    FORMAT.write(rows, mapping, findings)
    return [(one.code, one.rule.line) for one in findings.found]


def test_attributes_texts_and_groups_stand_in_the_order_of_lines():
    line = field("Line", fields=(field("@no"), field("Sku"), field("words", at=".")), times=MANY)
    one = record("Order", field("@id"), field("Day"), line, field("Note"))
    lines = [row(line, "1", "A", None), row(line, "2", None, "B")]
    assert body(xml(one), row(one, "7", "1.1.", lines, "x")) == (
        '<Order id="7"><Day>1.1.</Day><Line no="1"><Sku>A</Sku></Line><Line no="2">B</Line><Note>x</Note></Order>'
    )


def test_paths_that_begin_alike_share_their_parents_wherever_they_stand():
    item = field("item", at="Items/Item", fields=(field("Sku"),), times=MANY)
    paths = ("To/Name", "Paid", "To/Home/City", "To/Home/@kind", "Items/@count")
    one = record("Order", *(field(f"f{number}", at=path) for number, path in enumerate(paths)), item)
    assert body(xml(one), row(one, "n", "p", "c", "k", "1", [row(item, "S")])) == (
        '<Order><To><Name>n</Name><Home kind="k"><City>c</City></Home></To><Paid>p</Paid>'
        '<Items count="1"><Item><Sku>S</Sku></Item></Items></Order>'
    )
    assert body(xml(one), row(one, None, "p", None, None, None, [])) == "<Order><Paid>p</Paid></Order>"


def test_the_same_tag_stands_several_times_as_leaf_group_and_path():
    party = [field(name, at="Party", fields=(field("Kind", is_=(name,)), field("Name"))) for name in ("WE", "RE")]
    leaves = (
        field("line1", at="Line"),
        field("kind1", at="Line/@kind"),
        field("line2", at="Line"),
        field("kind2", at="Line/@kind"),
    )
    one = record("Order", *leaves, *party)
    cells = ["a", "x", "b", None, [row(party[0], "WE", "t")], [row(party[1], "RE", "b")]]
    assert body(xml(one), row(one, *cells)) == (
        '<Order><Line kind="x">a</Line><Line>b</Line>'
        "<Party><Kind>WE</Kind><Name>t</Name></Party><Party><Kind>RE</Kind><Name>b</Name></Party></Order>"
    )


def test_records_inside_stand_after_the_fields_and_share_paths_with_them():
    item = record("Item", field("Sku"), at="Items/Item", times=MANY)
    total = record("Total", field("rows", at="."), at="Items/Total")
    stock = record("Stock", field("Site"), field("day", at="Items/@day"), records=(item, total))
    top = row(stock, "EWR1", "1")
    rows = [top, row(item, "a", parent=top), row(item, "b", parent=top), row(total, "2", parent=top)]
    assert body(xml(stock), *rows) == (
        '<Stock><Site>EWR1</Site><Items day="1"><Item><Sku>a</Sku></Item><Item><Sku>b</Sku></Item><Total>2</Total></Items></Stock>'
    )
    assert body(xml(stock), row(stock, "EWR1", None)) == "<Stock><Site>EWR1</Site></Stock>"


def test_records_deep_inside_one_another_close_where_the_next_begins():
    inner = record("C", field("@x"), times=MANY)
    middle = record("B", field("@x"), records=(inner,), times=MANY)
    outer = record("A", records=(middle,))
    a = row(outer)
    b1, b2 = row(middle, "1", parent=a), row(middle, "2", parent=a)
    rows = [a, b1, row(inner, "i", parent=b1), row(inner, "j", parent=b1), b2, row(inner, "k", parent=b2)]
    assert body(xml(outer), *rows) == '<A><B x="1"><C x="i"/><C x="j"/></B><B x="2"><C x="k"/></B></A>'


def test_siblings_that_come_mixed_stay_in_the_order_they_came_in():
    sort = [record(name, field("x", at="."), at=f"L/{name}", times=MANY) for name in "AB"]
    top = record("T", records=tuple(sort))
    above = row(top)
    rows = [above, *(row(sort[number], str(at), parent=above) for at, number in enumerate((0, 1, 0, 1)))]
    assert body(xml(top), *rows) == "<T><L><A>0</A><B>1</B><A>2</A><B>3</B></L></T>"


def test_nothing_is_no_element_an_empty_one_or_a_nil_one_as_the_field_says():
    one = record(
        "O", field("a"), field("b", empty=""), field("c", empty="xsi:nil"), field("@d", empty=""), field("e", text="")
    )
    assert body(xml(one), row(one, None, "", "xsi:nil", "", None)) == (
        '<O xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" d=""><b/><c xsi:nil="true"/><e/></O>'
    )
    assert body(xml(one), row(one, None, None, None, None, None)) == (
        '<O xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e/></O>'
    )


def test_namespaces_are_declared_at_the_root_in_the_order_of_the_mapping():
    one = record("Order", field("id", at="c:Id"), field("kind", at="c:Id/@xsi:type"), field("@xml:lang"))
    mapping = xml(one, namespaces="=urn:a c=urn:b&c")
    assert body(mapping, row(one, "7", "t", "en")) == (
        '<Order xmlns="urn:a" xmlns:c="urn:b&amp;c" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xml:lang="en">'
        '<c:Id xsi:type="t">7</c:Id></Order>'
    )


def test_lines_are_broken_where_no_text_would_change():
    deep = field("mixed", fields=(field("words", at="."), field("Inner")))
    one = record("Order", field("A"), field("b", at="P/B"), deep)
    rows = [row(one, "1\n2", "x", [row(deep, "text", "i")])]
    assert written(FORMAT, rows, layout("xml", one, options={"newline": "crlf", "indent": "4"})).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n<Order>\r\n    <A>1\r\n2</A>\r\n    <P>\r\n        <B>x</B>\r\n    </P>\r\n'
        "    <mixed>text<Inner>i</Inner></mixed>\r\n</Order>\r\n"
    )
    assert body(xml(one, indent="tab"), row(one, "1", None, [])) == "<Order>\n\t<A>1</A>\n</Order>"


TEXTS = [
    "a & <b> \"c\" 'd'",
    "]]>",
    "]]]]>>",
    "line\nline",
    "cr\rcrlf\r\n tab\t.",
    "Łódź €",
    "\U0001f600",
    "\x85\u2028\xa0x",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-16", "iso-8859-1", "cp1252", "cp1250", "ascii", "utf-8-sig", "utf-16-be"]
)
def test_any_text_comes_back_in_any_charset(text, charset):
    one = record("O", field("@a"), field("b"), field("c", cdata=True), field("d", at="x/."))
    data = written(FORMAT, [row(one, text, text, text, text)], layout("xml", one, options={"charset": charset}))
    root = etree.fromstring(data)
    assert [root.get("a"), root.findtext("b"), root.findtext("c"), root.findtext("x")] == [text] * 4


def test_the_declaration_names_the_charset_as_the_world_does():
    one = record("O", field("a"))
    for charset, name in [
        ("cp1250", "windows-1250"),
        ("latin-1", "ISO-8859-1"),
        ("utf8", "UTF-8"),
        ("utf-16", "UTF-16"),
    ]:
        data = written(FORMAT, [row(one, "é")], layout("xml", one, options={"charset": charset}))
        assert data.decode(charset).splitlines()[0] == f'<?xml version="1.0" encoding="{name}"?>'
    assert data[:2] == b"\xff\xfe"


@pytest.mark.parametrize("letter", ["\0", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_no_xml_may_hold_is_a_finding_in_text_attribute_and_cdata(letter):
    for one in (record("O", field("a")), record("O", field("@a")), record("O", field("a", cdata=True))):
        assert refused(xml(one), row(one, f"x{letter}")) == [("xml-character", 1)]


def test_a_file_has_one_root_element():
    one = record("Order", field("No"), times=MANY)
    assert refused(xml(one), row(one, "1"), row(one, "2"), row(one, "3")) == [("xml-root", 3)]
    assert refused(xml(one)) == [("xml-root", 1)]
    under = record("Order", field("No"), at="Orders/Page/Order", times=MANY)
    assert body(xml(under), row(under, "1"), row(under, "2")) == (
        "<Orders><Page><Order><No>1</No></Order><Order><No>2</No></Order></Page></Orders>"
    )


@pytest.mark.parametrize(
    "fields, code",
    [
        ([field("a b")], "xml-name"),
        ([field("1a")], "xml-name"),
        ([field("@a:b")], "xml-namespace"),
        ([field("@a"), field("b", at="@a")], "xml-path"),
        ([field("a", at="."), field("b", at=".")], "xml-path"),
        ([field("a", at="G/x"), field("G", fields=(field("y"),))], "xml-path"),
        ([field("G", fields=(field("y"),)), field("a", at="G/x")], "xml-path"),
        ([field("@a", empty="xsi:nil")], "xml-nil"),
        ([field("a", at="/".join("x" * 70))], "xml-depth"),
        ([field("é")], "xml-name"),
    ],
)
def test_a_layout_that_cannot_be_xml_is_refused(fields, code):
    mapping = xml(record("O", *fields), charset="ascii")
    assert codes(FORMAT.check(mapping))[0] == code
    with pytest.raises(Misconfigured):
        FORMAT.write([], mapping, Findings())


def test_fields_that_end_behind_the_records_inside_are_refused():
    item = record("Item", field("x"), at="P/Item", times=MANY)
    late = {"b": ("P/a", "Q/b"), "P": ("P/a", "P/."), "O": (".",)}
    for name, ways in late.items():
        fields = [field(f"f{number}", at=at) for number, at in enumerate(ways)]
        found = FORMAT.check(xml(record("O", *fields, records=(item,))))
        assert [(one.code, one.text.split()[0]) for one in found] == [("xml-late", name)]
    assert not FORMAT.check(
        xml(record("O", field("b", at="Q/b"), field("c", at="P/@c"), field("a", at="P/a"), records=(item,)))
    )


def test_records_that_share_a_parent_with_lines_before_others_are_listed_before_them():
    one, other = record("M", field("x"), times=MANY), record("N", field("x"), at="B/N", times=MANY)
    found = FORMAT.check(xml(record("O", field("a", at="B/A"), records=(one, other))))
    assert [(one.code, one.hint) for one in found] == [("xml-order", "list N before M")]
    assert not FORMAT.check(xml(record("O", field("a", at="B/A"), records=(other, one))))
    assert not FORMAT.check(xml(record("O", field("a"), records=(one, other))))


TREE = """writes: order
format: xml
batch: {most: 10}
file: orders.xml
indent: 0
declaration: false
records:
  Orders:
    fields:
      "@pages": {text: 1}
      Order:
        each: order in batch
        let: {d: order.orderDetails}
        fields:
          No: order.purchaseOrderNumber
          To/Name: {from: d.shipToParty.name, cdata: true}
          Gone/Street: {maybe: d.shipToParty.addressLine2}
          Weight: {fields: {"@unit": {text: LB}, value: {at: ., maybe: d.shipToParty.addressLine2}}}
          Kept: {required: true, fields: {"@unit": {text: LB}, value: {at: ., maybe: d.shipToParty.addressLine2, empty: ""}}}
          Item: {each: item in d.items, fields: {Sku: item.vendorProductIdentifier}}
"""


def made(text: str, *trees) -> Written:
    return write(
        load("w/orders.yaml", text.encode(), lambda _: None), [Document("order", tree) for tree in trees], frozen()
    )


def test_documents_become_a_tree_and_what_holds_only_fixed_texts_vanishes():
    (file,) = made(TREE, order(shipToParty={"name": "A & B"})).files
    items = "".join(
        f"<Item><Sku>{item['vendorProductIdentifier']}</Sku></Item>" for item in order()["orderDetails"]["items"]
    )
    assert file.data.decode() == (
        f'<Orders pages="1"><Order><No>D3rC</No><To><Name><![CDATA[A & B]]></Name></To><Kept unit="LB"/>{items}</Order></Orders>\n'
    )


def test_a_name_no_xml_can_hold_stops_the_file_with_its_place():
    found = made(TREE, order(shipToParty={"name": "a\x0b"}))
    assert not found.files
    assert [(one.code, one.rule.line, "\x0b" in str(one)) for one in found.findings] == [("xml-character", 16, False)]


def test_a_prefix_without_namespace_is_refused_when_the_mapping_is_loaded():
    with pytest.raises(Misconfigured) as caught:
        made(TREE.replace("No:", "x:No:"))
    assert [(one.code, one.rule.line) for one in caught.value.findings] == [("xml-namespace", 15)]
