"""Records that are found by a pattern are those that the parser gives."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.formats.pieces import LAW, MANY, codes, field, layout
from translator.core.finding import Findings, Place, Rejected
from translator.formats.format import PLAIN
from translator.formats.xml import _Reading
from translator.mapping.layout import Limits, Record
from translator.mapping.row import Block, each_row

RULE = Place("stock.yaml", 3)
FIELDS = (
    field("@line"), field("sku", at="Sku"), field("qty", at="Qty"), field("unit", at="Qty/@unit"),
    field("lot", at="Lot", empty=""), field("kept", at="Qty/@kept", empty=""),
)  # fmt: skip
ITEM = Record("Item", RULE, fields=FIELDS, times=MANY)
DEEP = Record("Item", RULE, at="Items/Item", fields=FIELDS[:3], times=MANY)


def stock(unknown="skip", record=ITEM, **keys):
    return layout(
        "xml", Record("Stock", RULE, fields=(field("day", at="Day"),), records=(record,)), unknown=unknown, **keys
    )


def read(data: bytes, cuts, mapping):
    """Read as the format does, but in pieces as they are cut."""
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    findings = Findings()
    blocks = []
    try:
        rows = []
        for one in _Reading(mapping, findings, "x.xml", PLAIN).rows(data[a:b] for a, b in pairwise(edges)):
            rows.extend(each_row([one]))
            blocks.extend([one] if isinstance(one, Block) else [])
    except Rejected as rejected:
        return codes(rejected.findings), 0
    told = [(row.record.name, row.cells, row.place, row.parent and row.parent.place, row.findings) for row in rows]
    return repr((told, findings.found)), sum(map(len, blocks))


PLAINLY = [
    '<Item line="{n}"><Sku>S{n}</Sku><Qty unit="EA">{n}</Qty></Item>',
    '\n  <Item line="{n}">\n    <Sku>S {n}</Sku>\n    <Note>A &amp; B</Note>\n    <Qty unit="EA">{n}</Qty>\n  </Item>',
    '\r\n<Item line="{n}">\r\n<Sku> S&lt;{n} </Sku><Qty unit="">\t{n}</Qty><Lot>ä</Lot></Item>',
    '<Item line="{n}"/>',
]
ODDLY = [
    *PLAINLY,
    '<Item line="{n}"><Qty unit="EA">{n}</Qty><Sku>S{n}</Sku></Item>',
    "<Item line='{n}'><Sku>S{n}</Sku></Item>",
    '<Item line="{n}"><Sku/><Qty unit="EA"></Qty><Lot/></Item>',
    '<Item line="{n}"><Sku>S{n}</Sku><Qty unit="EA">{n}</Qty>text</Item>',
    '<Item line="{n}"><Sku><Item line="9"><Sku>in</Sku></Item></Sku></Item>',
    '<Item line="{n}"><Item line="9"><Sku>in</Sku></Item></Item>',
    '<Item line="{n}"><Sku>S{n}</Sku><Sku>T{n}</Sku></Item>',
    '<Item line="{n}"><Sku>S{n}&#65;&x;</Sku></Item>',
    '<Item line="{n}"><Sku>&#65;</Sku><Lot> </Lot></Item>',
    '<Item line="{n}"><Sku>]]></Sku></Item>',
    '<Item line="{n}"><Sku>{long}</Sku></Item>',
    '<Item line="{n}" more="x"><Sku xmlns="urn:x">S</Sku></Item>',
    '<Item\nline="{n}"\n><Sku>S{n}</Sku></Item\n>',
    '<Item line="&lt;{n}\n"><Sku>\ufeffS{n}</Sku></Item>',
    '<Item line="{n}"><Sku>S\ufeff{n}</Sku><Qty unit="EA">{n}</Qty></Item>',
    '<Item line="{n}"><Sku>S\uffff{n}</Sku><Qty unit="EA">{n}</Qty></Item>',
    '<!-- <Item line="{n}"><Sku>S{n}</Sku></Item> -->',
    '<![CDATA[<Item line="{n}"><Sku>S{n}</Sku></Item>]]>',
    "<?what <Item/> ?>",
    "<Items><Item line='{n}'/></Items>",
    "<Day>{n}</Day>", "text", " \n", "\x01", "\r", "</Stock>",
]  # fmt: skip


def file(items, wrap="{}"):
    texts = (text.format(n=n, long="x" * 30) for n, text in enumerate(items))
    return f'<?xml version="1.0"?>\n<Stock>{wrap.format("".join(texts))}\n</Stock>\n'.encode()


CUTS = st.lists(st.integers(0, 10_000), max_size=12) | st.integers(60, 700).map(lambda size: range(0, 8_000, size))
BELOW = st.sampled_from([*PLAINLY[:2] * 4, "</Items><Items>", "</Items><Other>{n}</Other><Items>", "</Items><Bad>"])
MAPPINGS = [
    stock(), stock("warn"), stock("error"), stock(limits=Limits(field=20)), stock(options={"order": "strict"}),
    stock(record=Record("Item", RULE, fields=FIELDS, times=ITEM.times.__class__(0, 5))),
]  # fmt: skip


@LAW
@given(
    st.sampled_from(PLAINLY),
    st.lists(st.tuples(st.sampled_from(ODDLY), st.integers(0, 12)), max_size=5),
    CUTS,
    st.sampled_from(MAPPINGS),
)
def test_what_a_pattern_finds_is_what_the_parser_gives(usual, odd, cuts, mapping):
    items = [usual] * 9 + [text for one, often in odd for text in [one] + [usual] * often]
    data = file(items)
    parsed, _ = read(data, [], mapping)
    found, blocks = read(data, cuts, mapping)
    event("found by pattern" if blocks else "parsed")
    assert found == parsed


@pytest.mark.sweep
@pytest.mark.parametrize("odd", ODDLY)
@pytest.mark.parametrize("usual", PLAINLY)
def test_one_odd_record_among_many_is_read_as_it_is(usual, odd):
    data = file([usual] * 40 + [odd] + [usual] * 40)
    for size in (300, 700):
        for mapping in MAPPINGS[:4]:
            assert read(data, range(0, len(data), size), mapping)[0] == read(data, [], mapping)[0]


@LAW
@given(st.lists(BELOW, max_size=20), CUTS)
def test_lists_of_records_below_others_are_found_where_they_stand(items, cuts):
    data = file(items, "<Items>{}</Items>")
    mapping = stock(record=DEEP)
    assert read(data, cuts, mapping)[0] == read(data, [], mapping)[0]


@pytest.mark.parametrize("text", PLAINLY)
def test_most_records_of_a_usual_file_need_no_parser(text):
    data = file([text] * 300)
    cuts = range(0, len(data), 2_000)
    found, blocks = read(data, cuts, stock())
    assert found == read(data, [], stock())[0]
    assert blocks > 150


def test_names_in_namespaces_are_found_too():
    fields = (field("sku", at="s:Sku"),)
    mapping = layout(
        "xml",
        Record("s:Stock", RULE, records=(Record("s:Item", RULE, fields=fields, times=MANY),)),
        options={"namespaces": "s=urn:s"},
    )
    data = f'<s:Stock xmlns:s="urn:s">{"<s:Item><s:Sku>S</s:Sku></s:Item>" * 300}</s:Stock>'.encode()
    found, blocks = read(data, range(0, len(data), 1_000), mapping)
    assert found == read(data, [], mapping)[0]
    assert blocks > 200


def test_a_comment_anywhere_lets_the_parser_read_all_of_it():
    data = file([PLAINLY[0]] * 20 + ["<!-- x -->"] + [PLAINLY[0]] * 100)
    found, blocks = read(data, range(0, len(data), 500), stock())
    assert found == read(data, [], stock())[0]
    assert blocks < 40
