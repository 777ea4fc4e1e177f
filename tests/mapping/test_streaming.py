"""A long file is drawn window by window: the same documents come out, and what was drawn is let go."""

from __future__ import annotations

import gc
import tracemalloc
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mapping.reading import ENVIRONMENT, codes, context, mapping, order
from translator.core.finding import Findings, Rejected
from translator.formats.format import formats
from translator.mapping.compiled_pictures import pictures_of
from translator.mapping.entry import Entry
from translator.mapping.picture import WINDOW, documents
from translator.mapping.reader import Reader, compile_reader

WHOLE = 10**9
ORDERS = [order("A1"), order("A2"), order("A3")]


@cache
def reader_of(text: str) -> Reader:
    return compile_reader(mapping(text), ENVIRONMENT)


def drawn(reader: Reader, data: str, window: int):
    findings = Findings()
    layout = reader.mapping
    rows = formats()[layout.format].read([data.encode()], layout, findings, "x.csv")
    return documents(reader, rows, context(*ORDERS), "x.csv", findings, window=window)


def goes_by(text: str) -> bool:
    return bool(pictures_of(reader_of(text)).way.units)


ACK = """\
    reads: acknowledgement
    format: csv
    fields: {ORDER: {}, NO: {type: integer}}
    documents: {each: row if NO != 3, about: {order: ORDER}, vendorOrderNumber: loop.index ~ '-' ~ NO}
    """
SORTED = """\
    reads: acknowledgement
    format: csv
    fields: {ORDER: {}, NO: {type: integer}}
    documents: {group: ORDER, adjacent: true, about: {order: ORDER}, vendorOrderNumber: sum(NO) ~ ''}
    """
NESTED = """\
    reads: acknowledgement
    format: csv
    records:
      H:
        times: 0..
        fields: {code: {is: H}, lot: {}, lines: {type: integer, equals: count(D)}}
        records: {D: {times: 0.., fields: {code: {is: D}, ORDER: {}}}}
    documents: {each: H.D, about: {order: ORDER}, vendorOrderNumber: H.lot}
    """
LISTED = [ACK, SORTED, NESTED]
LINES = st.sampled_from(["A1,1", "A1,2", "A2,3", "A3,x", ",5", "A9,6", "A2", "A3,3", "H,7,1", "H,8,2", "D,A1", "D,A2"])


@pytest.mark.parametrize("text", LISTED)
@given(lines=st.lists(LINES, max_size=14), window=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_documents_are_the_same_in_windows_of_any_size(text, lines, window):
    reader = reader_of(text)
    data = "".join(f"{line}\n" for line in lines)
    assert list(drawn(reader, data, window)) == list(drawn(reader, data, WHOLE))


STOCK = """\
    reads: inventory_update
    format: csv
    fields: {SKU: {}, QTY: {type: integer}, FULL: {}, WHERE: {default: EWR1}}
    documents:
      warehouseId: WHERE
      isFullUpdate: {maybe: FULL}
      items: {each: row if QTY != 9, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}
    """
LEVELS = st.sampled_from(["A,1", "B,2", "C,x", "D,9", ",4", "E", "F,6,,EWR1", "G,-7"])


@given(lines=st.lists(LEVELS, max_size=14), window=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_parts_of_an_inventory_hold_together_what_the_whole_holds(lines, window):
    reader, data = reader_of(STOCK), "".join(f"{line},\n" if line.count(",") == 1 else f"{line}\n" for line in lines)
    whole = list(drawn(reader, data, WHOLE))
    parts = list(drawn(reader, data, window))
    assert items(parts) == items(whole)
    assert lost(parts) == lost(whole)
    assert all(len(part.tree.get("items", ())) <= window for part in parts)


def items(found):
    return [
        (one.tree.get("warehouseId"), item, place.line)
        for one in found
        if one.kind != "unread"
        for item, place in zip(one.tree.get("items", ()), one.records, strict=False)
    ]


def lost(found):
    return [(codes(one), one.records) for one in found if one.kind == "unread"]


def test_each_item_has_its_place_where_something_is_left_out():
    part, _ = drawn(reader_of(STOCK), "A,1,,\nB,x,,\nC,3,,\n", WHOLE)
    assert [place.line for place in part.records] == [1, 3]


def test_several_warehouses_in_one_file_come_in_parts():
    text = STOCK.replace("documents:", "documents:\n      group: WHERE")
    found = list(drawn(reader_of(text), "A,1,,X1\nB,2,,X2\nC,3,,X1\nD,4,,X2\nE,5,,X1\n", 2))
    assert [(one.tree["warehouseId"], len(one.tree["items"])) for one in found] == [
        ("X1", 1), ("X2", 1), ("X1", 1), ("X2", 1), ("X1", 1),
    ]  # fmt: skip


def test_warehouses_with_their_items_below_come_in_parts_and_an_empty_one_once():
    text = """\
        reads: inventory_update
        format: csv
        records:
          W:
            times: 0..
            fields: {code: {is: W}, site: {}}
            records: {I: {times: 0.., fields: {code: {is: I}, sku: {}, qty: {type: integer}}}}
        documents: {each: W, warehouseId: site, items: {each: I, vendorProductIdentifier: sku, availableQuantity: {amount: qty}}}
        """
    reader = reader_of(text)
    found = list(drawn(reader, "W,X1\nI,A,1\nI,B,2\nI,C,3\nW,X2\nW,X3\nI,D,4\nI,E,5\nI,F,6\nI,G,7\n", 2))
    assert [(one.tree["warehouseId"], len(one.tree.get("items", ()))) for one in found] == [
        ("X1", 2), ("X1", 1), ("X2", 0), ("X3", 2), ("X3", 2),
    ]  # fmt: skip


TRAILED = """\
    reads: inventory_update
    format: csv
    records:
      H: {fields: {code: {is: H}, site: {}, lines: {type: integer, equals: count(D)}}}
      D: {times: 0.., fields: {code: {is: D}, sku: {}, qty: {type: integer}}}
      T:
        fields:
          code: {is: T}
          sum: {type: integer, equals: sum(D.qty), tolerance: 1}
          most: {type: integer, equals: max(D.qty)}
          begin: {equals: first(D.sku)}
          end: {equals: last(D.sku)}
    documents:
      warehouseId: H.site
      items: {each: D, vendorProductIdentifier: sku, availableQuantity: {amount: qty}}
    """
BODY = "D,A,5\nD,B,2\nD,C,7\nD,D,1\nD,E,4\n"


@pytest.mark.parametrize("window", [1, 2, 3, 5, WHOLE])
@pytest.mark.parametrize("trailer", ["T,19,7,A,E", "T,20,7,A,E"])
def test_header_and_trailer_are_held_against_what_went_by(window, trailer):
    found = list(drawn(reader_of(TRAILED), f"H,X1,5\n{BODY}{trailer}\n", window))
    assert [codes(one) for one in found] == [[]] * len(found)
    assert sum(len(one.tree["items"]) for one in found) == 5


@pytest.mark.parametrize(
    "header, trailer, code",
    [("H,X1,6", "T,19,7,A,E", "equals"), ("H,X1,5", "T,21,7,A,E", "equals"), ("H,X1,5", "T,19,6,A,E", "equals"),
     ("H,X1,5", "T,19,7,B,E", "equals"), ("H,X1,5", "T,19,7,A,D", "equals"), ("H,X1,5", "", "record-missing"),
     ("H,X1,5", "what\nT,19,7,A,E", "record-unknown")],
)  # fmt: skip
def test_nothing_of_a_long_file_goes_on_when_its_header_or_trailer_disagrees(header, trailer, code):
    data = f"{header}\n{BODY}{trailer}\n"
    reader = reader_of(TRAILED)
    assert all(one.rejected for one in drawn(reader, data, WHOLE))
    out = []
    with pytest.raises(Rejected) as caught:
        out.extend(drawn(reader, data, 2))
    assert code in [one.code for one in caught.value.findings]


def test_a_sum_over_what_could_not_be_read_is_only_a_warning():
    found = list(drawn(reader_of(TRAILED), f"H,X1,5\n{BODY.replace('5', 'x')}T,19,7,A,E\n", 2))
    assert [one.kind for one in found] == ["inventory_update"] * (len(found) - 1) + ["unread"]
    assert "equals" in codes(found[-2])


@pytest.mark.parametrize("bad", ["S1,x,true,", "S1,1,true,RNO4", "S1,1,false,"])
def test_a_full_update_in_parts_is_all_or_nothing(bad):
    good = [f"S{number},1,true," for number in range(9)]
    reader = reader_of(STOCK)
    assert sum(len(one.tree["items"]) for one in drawn(reader, "\n".join(good), 2)) == 9
    with pytest.raises(Rejected):
        list(drawn(reader, "\n".join([*good, bad, *good]), 2))


def test_what_is_only_odd_and_found_late_stands_with_the_last_document():
    text = TRAILED.replace("equals: sum(D.qty), tolerance: 1", "equals: sum(D.qty), check: warn")
    found = list(drawn(reader_of(text), f"H,X1,5\n{BODY}T,99,7,A,E\n", 2))
    assert [codes(one) for one in found] == [[], [], ["equals"]]


WHOLES = {
    "a group whose rows stand anywhere": ACK.replace("each: row if NO != 3", "group: ORDER"),
    "a sum over the file in a document": STOCK.replace(
        "isFullUpdate: {maybe: FULL}", "isFullUpdate: {from: first(FULL)}"
    ),
    "items that are joined": STOCK.replace("each: row if QTY != 9", "each: row, group: SKU"),
    "a trailer that a document looks at": TRAILED.replace("warehouseId: H.site", "warehouseId: T.code"),
    "a record that may belong to an earlier one": NESTED.replace("ORDER: {}", "ORDER: {}, lot: {equals: H.lot}"),
    "a trailer that asks for more than a sum": TRAILED.replace("equals: max(D.qty)", "equals: sum(D.qty) - 12"),
    "a count over the file in a short name": STOCK.replace("documents:", "let: {n: count(row)}\n    documents:"),
}


@pytest.mark.parametrize("text", WHOLES.values(), ids=WHOLES)
def test_a_picture_that_looks_further_holds_the_whole_file(text):
    assert not goes_by(text)


@pytest.mark.parametrize("text", [ACK, SORTED, NESTED, STOCK, TRAILED])
def test_a_picture_that_looks_at_one_record_goes_by(text):
    assert goes_by(text)


def test_documents_come_before_the_file_ends():
    layout = mapping(STOCK)
    taken = []

    def lines():
        for number in range(4 * WINDOW):
            taken.append(number)
            yield f"S{number},1,,\n".encode()

    findings = Findings()
    rows = formats()["csv"].read(lines(), layout, findings, "x")
    first = next(documents(compile_reader(layout, ENVIRONMENT), rows, context(), "x", findings))
    assert len(first.tree["items"]) == WINDOW
    assert len(taken) < 4 * WINDOW


@pytest.mark.sweep
def test_what_was_drawn_is_let_go():
    reader, most = reader_of(STOCK), 0
    for _ in drawn(reader, "".join(f"S{number},1,,\n" for number in range(20)), 2):
        gc.collect()
        most = max(most, sum(type(one) is Entry for one in gc.get_objects()))
    assert most <= 5


@pytest.mark.sweep
def test_a_longer_file_takes_no_more_memory():
    reader = reader_of(STOCK)
    assert peak(reader, 12_000) < 1.2 * peak(reader, 3_000)


def peak(reader: Reader, many: int) -> int:
    lines = (f"{'S' * 40}{number},1,,\n".encode() for number in range(many))
    rows = formats()["csv"].read(lines, reader.mapping, Findings(), "x")
    gc.collect()
    tracemalloc.start()
    try:
        assert sum(len(one.tree["items"]) for one in documents(reader, rows, context(), "x")) == many
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


HOUSES = """\
    reads: inventory_update
    format: csv
    records:
      H:
        times: 0..
        fields: {code: {is: H}, site: {}, lines: {type: integer, equals: count(D)}}
        records: {D: {times: 0.., fields: {code: {is: D}, sku: {}, qty: {type: integer}}}}
    documents:
      each: H
      warehouseId: site
      items: {each: D, vendorProductIdentifier: sku, availableQuantity: {amount: qty}}
    """


@pytest.mark.parametrize("window", [1, 2, 3, WHOLE])
def test_each_header_of_a_long_file_counts_its_own_lines(window):
    data = "H,W1,2\nD,S1,1\nD,S2,1\nH,W2,3\nD,S1,1\nD,S2,1\nD,S3,1\n"
    found = list(drawn(reader_of(HOUSES), data, window))
    assert [(one.tree["warehouseId"], len(one.tree["items"]), codes(one)) for one in found] == [
        ("W1", 2, []),
        ("W2", 3, []),
    ]
    wrong = list(drawn(reader_of(HOUSES), data.replace("W1,2", "W1,3").replace("W2,3", "W2,2"), window))
    assert [codes(one) for one in wrong if one.kind == "unread"] == [["equals", "equals"]]


@pytest.mark.parametrize("window", [1, 2, 3, WHOLE])
def test_lines_below_headers_of_which_some_are_at_fault_are_read_in_windows_of_any_size(window):
    text = HOUSES.replace("each: H\n      warehouseId: site", "warehouseId: {text: W}").replace(
        ", equals: count(D)", ""
    )
    data = "H,W1,2\nD,S1,1\nD,S2,x\nH,W2,3\nD,S3,1\nD,S4,x\nD,S5,1\nH,W2,3\nD,S6,x\nD,S7,1\n"
    found = list(drawn(reader_of(text), data, window))
    items = [item["vendorProductIdentifier"] for one in found for item in one.tree.get("items", [])]
    assert items == ["S1", "S3", "S5", "S7"]


@pytest.mark.parametrize("window", [1, 2, WHOLE])
def test_rows_are_beside_each_other_although_one_between_them_is_left_out(window):
    text = SORTED.replace("group: ORDER, adjacent", "each: row if NO > 0, group: ORDER, adjacent")
    found = list(drawn(reader_of(text), "A1,1\nA2,0\nA1,2\n", window))
    assert [(one.about, one.tree["vendorOrderNumber"]) for one in found] == [("A1", "3")]


RUNS = """\
    reads: inventory_update
    format: csv
    records:
      H:
        times: 0..
        fields: {code: {is: H}, site: {}}
        records: {D: {times: 0.., fields: {code: {is: D}, sku: {}, qty: {type: integer}}}}
    documents:
      warehouseId: {text: W}
      items: {each: D, group: sku, adjacent: true, vendorProductIdentifier: sku, availableQuantity: {amount: sum(qty)}}
    """


@pytest.mark.parametrize("window", [1, 2, 3, WHOLE])
def test_a_run_that_stays_for_the_next_window_is_not_lost_with_the_header_it_stands_below(window):
    found = list(drawn(reader_of(RUNS), "H,1\nD,A,1\nD,B,1\nD,B,2\nD,C,4\nH,2\nD,D,5\nD,E,6\n", window))
    levels = [
        (item["vendorProductIdentifier"], item["availableQuantity"]["amount"])
        for one in found
        for item in one.tree["items"]
    ]
    assert levels == [("A", 1), ("B", 3), ("C", 4), ("D", 5), ("E", 6)]


@pytest.mark.parametrize("window", [1, 2, 3, WHOLE])
def test_what_stops_a_full_update_whose_first_window_held_one_run_is_told(window):
    text = RUNS.replace("{text: W}", "{text: W}\n      isFullUpdate: {text: 'true'}")
    assert said(reader_of(text), "H,1\nZ,?\nD,A,1\nD,A,2\nD,A,3\n", window) == ["record-unknown"]


@pytest.mark.parametrize("counted", ["count(H.D)", "count(H)", "count(D)"])
@pytest.mark.parametrize("window", [1, 2, 3, WHOLE])
def test_a_trailer_may_count_what_stands_below_headers_and_the_headers(counted, window):
    trailer = f"    T: {{fields: {{code: {{is: T}}, n: {{type: integer, equals: {counted}}}}}}}\n"
    text = RUNS.replace("    documents:", f"  {trailer}    documents:")
    right, data = 2 if counted == "count(H)" else 3, "H,1\nD,A,1\nD,B,1\nH,2\nD,C,4\n"
    assert said(reader_of(text), f"{data}T,{right}\n", window) == []
    assert said(reader_of(text), f"{data}T,{5 - right}\n", window) == ["equals"]


@pytest.mark.parametrize("window", [1, WHOLE])
def test_a_trailer_that_counts_lines_of_a_file_without_any_is_told(window):
    text = """\
    reads: acknowledgement
    format: csv
    records:
      D: {times: 0.., fields: {code: {is: D}, ORDER: {}}}
      T: {fields: {code: {is: T}, n: {type: integer, equals: count(D)}}}
    documents: {each: D, about: {order: ORDER}, vendorOrderNumber: ORDER}
    """
    assert said(reader_of(text), "T,2\n", window) == ["equals"]
    assert said(reader_of(text), "T,0\n", window) == []


def said(reader, data, window):
    """Give the codes of what is told of a file, be it by its documents or for the whole of it."""
    try:
        return [code for one in drawn(reader, data, window) for code in codes(one)]
    except Rejected as rejected:
        return [one.code for one in rejected.findings]
