from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.pieces import LAW, MANY, codes, fed_alike, field, layout, outcome, plain, read
from translator.core.finding import Findings, Misconfigured, Place, Rejected
from translator.formats.xml import FORMAT
from translator.mapping.layout import Expression, Record, Repair, Times

RULE = Place("result.yaml", 3)
CONTENT = field("Content", times=MANY, fields=(field("@Line"), field("@Quantity")))
RESULT = Record(
    "Result",
    RULE,
    fields=(
        field("@Order"),
        field("city", at="To/City"),
        field("zip", at="To/Zip/@code"),
        field("Carton", times=MANY, fields=(field("@Id"), CONTENT)),
    ),
)
SHIP = layout("xml", RESULT)
ITEM = Record("Item", RULE, at="Items/Item", fields=(field("Sku"), field("Qty")), times=MANY)
STOCK = layout("xml", Record("Stock", RULE, fields=(field("@Site"), field("Day")), records=(ITEM,)))


def cells(data: bytes, mapping=SHIP):
    rows, findings = read(FORMAT, data, mapping)
    assert not findings, findings
    assert not any(one.findings for one in rows), [one.findings for one in rows]
    return [plain(one)[1] for one in rows]


def rejected(data: bytes, mapping=SHIP):
    with pytest.raises(Rejected) as caught:
        read(FORMAT, data, mapping)
    return codes(caught.value.findings)


def test_attributes_paths_and_groups_are_found():
    data = b"""<Result Order=" A1 "><To><City>Oslo</City><Zip code="0150"/></To>
    <Carton Id="C1"><Content Line="1" Quantity="2"/><Content Line="2" Quantity="1"/></Carton></Result>"""
    ((order, city, code, cartons),) = cells(data)
    assert (order, city, code) == ("A1", "Oslo", "0150")
    assert [(one[1][0], [inner[1] for inner in one[1][1]], one[2]) for one in cartons] == [
        ("C1", [["1", "2"], ["2", "1"]], 2)
    ]


def test_records_inside_come_after_theirs_one_at_a_time():
    data = b"<Stock Site='EWR1'><Day>1</Day><Items><Item><Sku>a</Sku></Item>\n<Item><Sku>b</Sku><Qty>2</Qty></Item></Items></Stock>"
    rows, findings = read(FORMAT, data, STOCK)
    assert not findings
    assert [(one.record.name, one.cells, one.place.line) for one in rows] == [
        ("Stock", ["EWR1", "1"], 1), ("Item", ["a", None], 1), ("Item", ["b", "2"], 2),
    ]  # fmt: skip
    assert rows[2].parent is rows[0]


def test_a_field_after_the_records_is_not_lost_silently():
    _, findings = read(FORMAT, b"<Stock><Items><Item/></Items><Day>1</Day></Stock>", STOCK)
    assert codes(findings) == ["element-late"]


def test_a_record_may_lie_under_elements_of_no_interest():
    mapping = layout("xml", Record("Order", RULE, at="Orders/Page/Order", fields=(field("No"),), times=MANY))
    assert cells(b"<Orders><Page><Order><No>1</No></Order><Order><No>2</No></Order></Page></Orders>", mapping) == [
        ["1"],
        ["2"],
    ]


def test_the_same_element_may_be_several_groups_by_its_code():
    codes_ = (("to", "WE"), ("bill", "RE"))
    party = [field(name, at="Party", fields=(field("Kind", is_=(code,)), field("Name"))) for name, code in codes_]
    mapping = layout("xml", Record("O", RULE, fields=tuple(party)))
    parties = b"<Party><Kind>RE</Kind><Name>b</Name></Party><Party><Kind>WE</Kind><Name>t</Name></Party>"
    ((to, bill),) = cells(b"<O>" + parties + b"</O>", mapping)
    assert (to[0][1], bill[0][1]) == (["WE", "t"], ["RE", "b"])


def test_namespaces_are_declared():
    uri = "http://example.org/a"
    record = Record("R", RULE, fields=(field("id", at="c:Id"), field("@n")))
    mapping = layout("xml", record, options={"namespaces": f"={uri} c=urn:c"})
    assert cells(f'<x:R xmlns:x="{uri}" xmlns:c="urn:c" n="1"><c:Id>7</c:Id></x:R>'.encode(), mapping) == [["7", "1"]]
    assert codes(read(FORMAT, b"<R/>", mapping)[1]) == ["element-unknown", "record-missing"]
    with pytest.raises(Misconfigured):
        read(FORMAT, b"<R/>", layout("xml", record))


@pytest.mark.parametrize(
    "data, hint",
    [
        (b"<R/>", "its namespace is none, the layout says 'urn:a'"),
        (b"<R xmlns='urn:b'/>", "its namespace is 'urn:b', the layout says 'urn:a'"),
        (b"<Q xmlns='urn:a'/>", "give it a line in the layout, or say `unknown: skip`"),
    ],
)
def test_an_element_of_another_namespace_is_told_by_it(data, hint):
    mapping = layout("xml", Record("R", RULE, fields=(field("@n"),)), options={"namespaces": "=urn:a"})
    unknown, missing = read(FORMAT, data, mapping)[1]
    assert (unknown.code, unknown.hint, missing.code) == ("element-unknown", hint, "record-missing")


def test_two_fields_of_one_path_are_the_first_and_the_second_such_element():
    lines = [field(f"line{n}", at="To/Line") for n in (1, 2)] + [
        field("kind2", at="To/Line/@kind"),
        field("line3", at="To/Line"),
    ]
    mapping = layout("xml", record("O", *lines))
    assert cells(b"<O><To><Line>a</Line><Line kind='x'>b</Line><Line>c</Line></To></O>", mapping) == [
        ["a", "b", "x", "c"]
    ]
    assert cells(b"<O><To><Line>a</Line></To></O>", mapping) == [["a", None, None, None]]
    rows, _ = read(FORMAT, b"<O><To><Line>a</Line><Line>b</Line><Line>c</Line><Line>d</Line></To></O>", mapping)
    assert codes(rows[0].findings) == ["element-twice"]


def test_fields_around_records_are_read_by_path_before_and_after_their_neighbours():
    item = Record("Item", RULE, at="Items/Item", fields=(field("@x"),), times=MANY)
    total = Record("Total", RULE, at="Items/Total", fields=(field("n", at="."),))
    stock = Record(
        "Stock", RULE, fields=(field("day", at="Items/@day"), field("count", at="Items/Count")), records=(item, total)
    )
    mapping = layout("xml", stock)
    data = b"<Stock><Items day='1'><Count>2</Count><Item x='a'/><Item x='b'/><Total>2</Total></Items></Stock>"
    rows, findings = read(FORMAT, data, mapping)
    assert not findings
    assert [one.cells for one in rows] == [["1", "2"], ["a"], ["b"], ["2"]]
    assert [one.parent for one in rows] == [None, rows[0], rows[0], rows[0]]
    late = b"<Stock><Items><Item x='a'/><Count>2</Count><Total>1</Total></Items></Stock>"
    assert codes(read(FORMAT, late, mapping)[1]) == ["element-late"]


def record(name: str, *fields, **keys) -> Record:
    return Record(name, RULE, fields=fields, **keys)


def test_records_of_one_tag_are_told_apart_by_attribute_or_by_what_is_inside():
    ways = (("A", "@k"), ("B", "Kind/K"))
    sort = [record(n, field("kind", at=at, is_=(n,)), field("N"), at="R/P", times=MANY) for n, at in ways]
    data = b"<R><P><Kind><K>B</K></Kind><N>2</N></P><P k='A'><N>1</N></P><P k='C'/></R>"
    rows, findings = read(FORMAT, data, layout("xml", *sort))
    assert [(one.record.name, one.cells) for one in rows] == [("B", ["B", "2"]), ("A", ["A", "1"])]
    assert [(one.code, one.data.path) for one in findings] == [("record-unknown", "/R/P")]


def test_records_are_told_apart_by_a_condition():
    big = record("big", field("q", at="Q/N", type="integer"), at="R/P", times=MANY, match=Expression("q > 9", RULE))
    small = record("small", field("q", at="Q/N"), at="R/P", times=MANY)
    data = b"<R><P><Q><N>10</N></Q></P><P><Q><N>9</N></Q></P><P/></R>"
    rows, findings = read(FORMAT, data, layout("xml", big, small))
    assert not findings
    assert [(one.record.name, one.cells) for one in rows] == [("big", ["10"]), ("small", ["9"]), ("small", [None])]


def test_records_that_hold_records_are_told_apart_by_their_attributes():
    inner = record("L", field("x", at="."), times=MANY)
    kinds = [
        record(n, field("k", at="@k"), at="R/P", times=MANY, records=(inner,), match=Expression(f"k == {n!r}", RULE))
        for n in "AB"
    ]
    rows, findings = read(FORMAT, b"<R><P k='B'><L>1</L></P><P k='A'><L>2</L></P></R>", layout("xml", *kinds))
    assert not findings
    assert [one.record.name for one in rows] == ["B", "L", "A", "L"]
    late = record("A", field("k", at="Kind"), at="R/P", records=(inner,), match=Expression("k == 'A'", RULE))
    assert codes(FORMAT.check(layout("xml", late))) == ["xml-match"]


def test_a_record_goes_to_the_first_that_fits_and_is_not_used_up():
    sort = record("first", field("@n"), at="R/P"), record("more", field("@n"), at="R/P", times=Times(0, 2))
    data = b"<R>" + b"".join(b"<P n='%d'/>" % n for n in range(4)) + b"</R>"
    rows, findings = read(FORMAT, data, layout("xml", *sort))
    assert [one.record.name for one in rows] == ["first", "more", "more", "first"]
    assert codes(findings) == ["record-too-many"]


def test_a_record_with_records_inside_that_says_it_is_another_one_is_a_finding():
    order = Record("O", RULE, fields=(field("Kind", is_=("A",)),), records=(Record("L", RULE, times=MANY),))
    rows, _ = read(FORMAT, b"<O><Kind>B</Kind><L/></O>", layout("xml", order))
    assert codes(rows[0].findings) == ["record-unknown"]


def test_empty_and_nil_elements_are_told_from_absent_ones_where_the_field_says_empty():
    fields = (field("a", empty=""), field("b", empty="xsi:nil"), field("@c", empty=""), field("d"))
    mapping = layout("xml", Record("O", RULE, fields=fields))
    xsi = b"xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
    assert cells(b"<O %s c=''><a/><b xsi:nil='true'/><d xsi:nil='1'></d></O>" % xsi, mapping) == [
        ["", "xsi:nil", "", None]
    ]
    assert cells(b"<O><b/></O>", mapping) == [[None] * 4]
    assert cells(b"<O %s c='x'><a> y </a><b>z</b></O>" % xsi, mapping) == [["y", "z", "x", None]]


def test_groups_that_must_stand_and_do_not_are_a_finding():
    keys = {"G": {"times": Times(2, None)}, "H": {"required": True}, "I": {}}
    groups = [field(name, fields=(field("x"),), **one) for name, one in keys.items()]
    mapping = layout("xml", record("O", *groups))
    rows, _ = read(FORMAT, b"<O><G><x>1</x></G></O>", mapping)
    assert [(one.code, one.text) for one in rows[0].findings] == [
        ("group-missing", "G stands here less than 2 times"), ("group-missing", "no H stands here"),
    ]  # fmt: skip
    rows, _ = read(FORMAT, b"<O><G/><G/><G/><H/></O>", mapping)
    assert not rows[0].findings


@pytest.mark.parametrize(
    "data", [b"<L><O/></L>", b"<L><O a='1'><x>1</x></O></L>", b"<L><O><G><x>1</x></G></O><O/></L>"]
)
def test_a_group_that_must_stand_is_missed_where_nothing_else_of_its_record_is_odd(data):
    fields = (field("@a"), field("x"), field("G", fields=(field("x"),), times=Times(1, None)))
    mapping = layout(
        "xml", Record("L", RULE, fields=(), records=(Record("O", RULE, fields=fields, times=Times(0, None)),))
    )
    rows, _ = read(FORMAT, data, mapping)
    assert [codes(row.findings) for row in rows if row.record.name == "O"][-1] == ["group-missing"]


def test_elements_may_come_in_any_order_unless_the_layout_is_strict():
    group = field("g", at="G", fields=(field("A"), field("B")), times=MANY)
    line = Record("L", RULE, at="Ls/L", fields=(field("A"), group, field("C")), times=MANY)
    record = Record("O", RULE, fields=(field("A"), field("b", at="P/B"), field("c", at="P/C")), records=(line,))
    data = b"<O><P><C/><B/></P><A/><Ls><L><C/><G><B/><A/></G><A/></L></Ls></O>"
    assert read(FORMAT, data, layout("xml", record))[1] == []
    rows, findings = read(FORMAT, data, layout("xml", record, options={"order": "strict"}))
    assert [one.data.path for row in rows for one in row.findings if one.code == "element-order"] == [
        "/O/P/B", "/O/A", "/O/Ls/L/G/A", "/O/Ls/L/G", "/O/Ls/L/A",
    ]  # fmt: skip
    right = b"<O><A/><P><B/><C/></P><Ls><L><A/><G><A/><B/></G><G/><C/></L><L/></Ls></O>"
    rows, findings = read(FORMAT, right, layout("xml", record, options={"order": "strict"}))
    assert not findings
    assert not any(row.findings for row in rows)


def test_a_text_between_elements_is_a_finding_wherever_it_stands():
    for data in (
        b"<Stock><Day>1</Day>x<Items/></Stock>",
        b"<Stock><Items><Item/>x<Item/></Items></Stock>",
        b"<Stock><Items>x<Item/></Items></Stock>",
        b"<Stock><Items><Item/>x</Items></Stock>",
        b"<Stock><Items><Item/><Item/>x</Items></Stock>",
        b"<Stock><Items><Item/></Items>x</Stock>",
        b"<Stock><Items/><Day>1</Day>x</Stock>",
    ):
        rows, findings = read(FORMAT, data, STOCK)
        assert codes([*findings, *(one for row in rows for one in row.findings)]) == ["text-unknown"], data


def test_a_repair_is_made_before_the_file_is_parsed():
    repair = Repair('"(?=[A-Z][A-Za-z]*=")', '" ', RULE)
    glued = '<Result Order="é"><Carton Id="C1"><Content Line="1"Quantity="2"/></Carton></Result>'
    data = f'<?xml version="1.0" encoding="iso-8859-1"?>\n{glued}'.encode("latin-1")
    assert rejected(data) == ["xml-syntax"]
    rows, findings = read(FORMAT, data, layout("xml", RESULT, repair=(repair,)))
    assert rows[0].cells[0] == "é"
    assert [(one.code, one.data.line, str(one.severity)) for one in findings] == [("repaired", 2, "warning")]


def test_a_group_more_than_may_stand_is_told_though_what_is_unknown_is_passed_over():
    one = (field("Kind", is_=("A",)), field("N"))
    mapping = layout("xml", Record("O", RULE, fields=(field("x"), field("G", fields=one))), unknown="skip")
    other, ours = b"<G><Kind>B</Kind></G>", b"<G><Kind>A</Kind><N>1</N></G>"
    ((_, groups),) = cells(b"<O>" + other + ours + other + b"</O>", mapping)
    assert [one[1] for one in groups] == [["A", "1"]]
    (row,), _ = read(FORMAT, b"<O>" + ours + b"\n" + ours + b"</O>", mapping)
    assert [(one.code, one.data.line, one.data.path) for one in row.findings] == [("record-too-many", 2, "/O/G")]


def test_what_the_layout_does_not_name_is_skipped_in_little_memory():
    mapping = layout("xml", STOCK.records[0], unknown="skip")
    chunks = [
        b"<Stock><Log>",
        *[b"<Entry><A>some text</A></Entry>\n" * 1000] * 50,
        b"</Log><Items><Item/></Items></Stock>",
    ]
    tracemalloc.start()
    assert [one.record.name for one in FORMAT.read(iter(chunks), mapping, Findings(), "x")] == ["Stock", "Item"]
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_comments_and_instructions_inside_a_text_are_joined():
    assert cells(b"<Result Order='1'><To><City>1<!-- x -->2<?y z?>3</City></To></Result>")[0][1] == "123"
    assert cells(b"<Result Order='1'><To><City><![CDATA[a<b]]>&amp;c</City></To></Result>")[0][1] == "a<b&c"


def test_what_the_layout_does_not_name_is_a_finding_of_its_record():
    rows, _ = read(FORMAT, b"<Result Order='1' x='1'>text<To><Street/></To>\n<Extra/></Result>", SHIP)
    assert [(one.code, one.data.line) for one in rows[0].findings] == [
        ("attribute-unknown", 1), ("text-unknown", 1), ("element-unknown", 1), ("element-unknown", 2),
    ]  # fmt: skip
    assert cells(b"<Result Order='1' x='1'><Extra/></Result>", layout("xml", RESULT, unknown="skip")) == [
        ["1", None, None, None]
    ]


def test_an_element_that_stands_twice_is_a_finding():
    rows, _ = read(FORMAT, b"<Result><To><City>a</City><City>b</City></To></Result>", SHIP)
    assert codes(rows[0].findings) == ["element-twice"]


def test_another_root_is_a_finding():
    assert codes(read(FORMAT, b"<html><body/></html>", SHIP)[1]) == ["element-unknown", "record-missing"]


NAMES = ["utf-8", "UTF-16", "ISO-8859-1", "ISO-8859-15", "windows-1252", "windows-1250", "windows-1257"]


@pytest.mark.parametrize("name", NAMES)
def test_the_declared_encoding_is_used(name):
    data = f'<?xml version="1.0" encoding="{name}"?>\n<Result Order="Öé"/>'.encode(name)
    assert cells(data)[0][0] == "Öé"


def test_the_charset_of_the_mapping_decides_and_a_file_that_declares_another_is_told_of():
    mapping = layout("xml", RESULT, options={"charset": "cp1250"})
    data = '<?xml version="1.0" encoding="utf-8"?><Result Order="Łódź"/>'.encode("cp1250")
    rows, findings = read(FORMAT, data, mapping)
    assert rows[0].cells[0] == "Łódź"
    assert [(one.code, str(one.severity)) for one in findings] == [("xml-encoding", "warning")]
    assert read(FORMAT, data.replace(b"utf-8", b"windows-1250"), mapping)[1] == []
    assert read(FORMAT, b"<Result/>", mapping)[1] == []


def test_bytes_that_are_not_what_they_are_declared_to_be_are_refused():
    assert rejected(b'<Result Order="\xd6"/>') == ["xml-encoding"]
    assert rejected(b"<Result>\xff</Result>") == ["xml-encoding"]
    assert rejected(b'<?xml version="1.0" encoding="windows-1252"?><Result Order="\x81"/>') == ["charset"]
    assert rejected(b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><Result/>') == ["xml-encoding"]
    assert rejected("<Result/>".encode("utf-32")) in (["xml-encoding"], ["xml-syntax"])


@pytest.mark.parametrize("name", ["utf-7", "shift_jis", "nonsense", "utf-16", "rot13"])
def test_other_or_lying_encodings_are_refused(name):
    assert rejected(f'<?xml version="1.0" encoding="{name}"?><Result/>'.encode()) == ["xml-encoding"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<Result>",
        b"<Result Order='1'",
        b"<Result/><Result/>",
        b"<a>&e;</a>",
        b"plain",
    ],
)
def test_what_is_not_well_formed_is_refused(data):
    assert rejected(data) == ["xml-syntax"]


def test_memory_does_not_grow_with_the_file():
    item = b"<Item><Sku>0000000001</Sku><Qty>12</Qty></Item>\n"
    chunks = [b"<Stock Site='1'><Items>", *[item * 1000] * 20, b"</Items></Stock>"]

    def rows():
        return FORMAT.read(iter(chunks), STOCK, Findings(), "stock.xml")

    tracemalloc.start()
    assert sum(1 for _ in rows()) == 20_001
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


parts = st.sampled_from(
    ["<Result>", "</Result>", "<Result Order='1'>", "<To>", "</To>", "<City>", "</City>", "x", "<Carton Id='1'/>", "<!-- -->",
     "<Stock>", "</Stock>", "<Items>", "</Items>", "<Item>", "</Item>", "<Day>1</Day>", "\n", "<Extra/>", "<?pi x?>", "&amp;",
     "<![CDATA[x]]>"]
)  # fmt: skip
any_bytes = st.binary(max_size=120) | st.lists(parts, max_size=20).map(lambda some: "".join(some).encode())


@given(any_bytes, st.lists(st.integers(0, 200)))
@LAW
def test_any_bytes_give_rows_or_findings_however_they_are_fed(data, cuts):
    for mapping in (SHIP, STOCK):
        fed_alike(FORMAT, data, cuts, mapping)
    fed_alike(FORMAT, b"<Result Order='1'>" + data + b"</Result>", cuts, SHIP)
    fed_alike(FORMAT, b"<Stock><Items>" + data + b"</Items></Stock>", cuts, STOCK)


FAR = b"<!--" + b"x" * 65_536 + b"-->"  # what stands behind it comes with another block of the file


def test_records_of_one_name_that_come_at_once_are_what_they_are_one_by_one():
    line = Record("Line", RULE, at="Line", fields=(field("Type", is_=("L",)), field("Sku")), times=Times(0, 3))
    mapping = layout("xml", Record("Ship", RULE, fields=(field("@Id"),), records=(line,)))
    many = b" ".join(b"a%d='1'" % n for n in range(201))
    kinds = [
        b"<Type>X</Type>",
        b"<Type>L</Type><Sku>1</Sku>",
        b"<Type>L</Type><Sku><b/></Sku><Odd/>",
        b"<Type>L</Type>",
    ]
    lines = [b"<Line>" + one + b"</Line>" for one in kinds]
    for some in ([*lines, b"text", *lines, b"<Other/>", *lines], [*lines, b"<Line " + many + b"/>", *lines]):
        at_once, apart = (
            outcome(FORMAT, [b"<Ship Id='1'>" + by.join(some) + b"</Ship>"], mapping) for by in (b"", FAR)
        )
        assert at_once == apart
        assert at_once[0] == "rejected" or [row[0] for row in at_once[0]][:2] == ["Ship", "Line"]


def test_many_small_records_are_no_large_one():
    data = b"<Stock><Items>" + b"<Item><Sku>x</Sku></Item>" * 60_000 + b"</Items></Stock>"
    rows, findings = read(FORMAT, data, STOCK)
    assert (len(rows), findings) == (60_001, [])
