"""Documents become rows: the fast path and the careful path agree, and all that is wrong is said with both places."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.made import ENVIRONMENT, ORDERS, frozen, item, made, order
from translator.core.finding import Misconfigured, Rejected
from translator.mapping.names import file_name, named, unsafe
from translator.mapping.writer import compile_writer


def writer(text: str, *, typed: bool = False, careful: bool = False, **files: bytes):
    return compile_writer(made(text, **files), ENVIRONMENT, typed=typed, careful=careful)


def cells(text: str, tree=None, *, context=None, typed: bool = False, **files: bytes):
    names = {"order": tree or order()} if not isinstance(tree, list) else {"batch": tree}
    rows, findings = writer(text, typed=typed, **files).rows(names, context or frozen())
    assert findings == []
    return [(row.record.name, row.cells) for row in rows]


def faults(text: str, tree):
    _, findings = writer(text).rows({"order": tree}, frozen())
    return [(one.code, one.data.path if one.data else "", one.rule.line) for one in findings]


def csv(fields: str, head: str = "") -> str:
    return f"writes: order\nformat: csv\n{head}fields:\n{fields}"


def test_the_order_file_of_the_design_is_written():
    assert cells(ORDERS) == [
        ("H", ["H", "D3rC        ", "20261201", "U2        ", "Jo Müller                          "]),
        ("D", ["D", "0001", "SKU-1               ", "0000001", "000001250"]),
        ("D", ["D", "0002", "SKU-2               ", "0000002", "000001250"]),
        ("T", ["T", "000002"]),
    ]


def test_all_that_is_wrong_is_found_with_place_in_data_and_in_mapping():
    tree = order(item(1), item(2, orderedQuantity={"amount": 123456789}), item(3, netPrice={}))
    tree["orderDetails"]["shipmentDetails"]["shipMethod"] = "NOPE"
    assert faults(ORDERS, tree) == [
        ("lookup-miss-hold", "/orderDetails/shipmentDetails/shipMethod", 13),
        ("value-too-long", "/orderDetails/items/1/orderedQuantity/amount", 21),
        ("value-missing", "/orderDetails/items/2/netPrice/amount", 22),
    ]


def test_the_code_is_readable_and_has_no_jinja_for_plain_fields():
    code = writer(ORDERS).code
    assert "order['purchaseOrderNumber']" in code
    assert ".ljust(12)" in code
    assert "run.asked(" not in code


HOSTILE = """\
writes: order
format: csv
let: {run: order, v: run.orderDetails, t1: v.items, class: v, 'type': v}
each: zone in t1
fields: {"a\\n    raise SystemExit\\n#": zone.title, B: "zone.title if\\n  true else 'x'"}
"""


def test_names_and_texts_of_a_mapping_cannot_change_the_code():
    assert cells(HOSTILE) == [("row", ["A thing", "A thing"])] * 2


def test_four_kinds_of_nothing():
    tree = order(addressOne=None)
    fields = (
        "  A: {maybe: order.orderDetails.shipToParty.addressLine2}\n"
        "  B: {from: order.orderDetails.shipToParty.addressLine2, default: N}\n"
        "  C: [order.orderDetails.shipToParty.addressLine2, order.orderDetails.shipToParty.addressLine1]\n"
        "  D: {maybe: order.orderDetails.shipToParty.addressLine2, empty: '-'}\n"
        "  E: {from: order.orderDetails.shipToParty.name, redacted: X}\n"
        "  F: {text: ''}\n"
    )
    assert cells(csv(fields), tree)[0][1] == ["", "N", "1 Main Street", "-", "Jo Müller", ""]
    tree["orderDetails"]["shipToParty"] = {"name": "xxxxx", "addressLine2": "", "addressLine1": "  "}
    assert cells(csv(fields.replace("C: [", "C: ['z', ").replace("'z'", "order.purchaseOrderNumber")), tree)[0][1] == [
        "", "N", "D3rC", "-", "X", "",
    ]  # fmt: skip


def test_a_missing_or_null_path_is_an_error_unless_said_otherwise():
    tree = order()
    tree["orderDetails"]["orderStatus"] = None
    text = csv("  A: order.orderDetails.orderStatus\n  B: order.orderDetails.customerOrderNumber\n")
    assert faults(text, tree) == [
        ("value-missing", "/orderDetails/orderStatus", 4),
        ("value-missing", "/orderDetails/customerOrderNumber", 5),
    ]
    assert faults(csv("  A: {maybe: order.orderDetails.orderStatus, required: true}\n"), tree) == [
        ("value-missing", "/orderDetails/orderStatus", 4)
    ]


@pytest.mark.parametrize(
    "field",
    [
        "{maybe: to.name | zip5}",
        "{from: to.name | zip5, default: '-'}",
        "{maybe: [to.name | zip5, to.addressLine1]}",
        "{from: to.addressLine1, when: to.name | zip5}",
        "{lookup: {table: t, by: {a: to.name | zip5, b: to.addressLine1}, give: c}, default: '-'}",
    ],
)
def test_what_fails_is_told_once_with_its_place_also_where_nothing_may_stand(field):
    text = csv(
        f"  A: {field}\n  B: order.orderDetails.customerOrderNumber\n", "let: {to: order.orderDetails.shipToParty}\n"
    )
    _, findings = writer(text, **{"tables/t.csv": b"a,b,c\n1,2,3\n"}).rows({"order": order()}, frozen())
    told = [(one.code, one.data.path if one.data else "") for one in findings]
    assert told[0][0] == "zip-syntax"
    assert len(told) == 2
    assert told[0][1] or "when" in field


def test_what_would_fail_behind_what_holds_something_is_not_asked():
    assert cells(csv("  A: [p.name | upper, p.name | zip5]\n", "let: {p: order.orderDetails.shipToParty}\n")) == [
        ("row", ["JO MÜLLER"])
    ]


def test_one_of_a_list_that_holds_nothing_is_missing_like_any_path():
    gifts = "order.orderDetails.items.giftDetails.giftMessage"
    fields = f"  A: {{maybe: first({gifts}), default: '-'}}\n  B: [last({gifts}), order.purchaseOrderNumber]\n"
    assert cells(csv(fields))[0][1] == ["-", "D3rC"]
    assert [code for code, *_ in faults(csv(f"  A: first({gifts})\n"), order())] == ["value-missing"]


def test_what_is_too_long_goes_on_in_another_field_at_a_blank():
    text = csv(
        "  A: {from: order.orderDetails.shipToParty.name, max: 10, rest: B}\n  B: {max: 10, rest: C}\n  C: {max: 10}\n"
    )
    tree = order(shipToParty={"name": "Maria Anna von Hohenstein"})
    assert cells(text, tree)[0][1] == ["Maria Anna", "von", "Hohenstein"]
    assert cells(text)[0][1] == ["Jo Müller", "", ""]
    assert faults(text, order(shipToParty={"name": "x" * 31})) == [
        ("value-too-long", "/orderDetails/shipToParty/name", 6)
    ]


NESTED = """\
writes: order
format: csv
batch: {most: 10}
let: {lot: counter('lot')}
file: "B{{ lot }}.csv"
records:
  F: {fields: {code: {is: F}, lot: lot}}
  O:
    each: o in batch
    let: {d: o.orderDetails}
    fields: {code: {is: O}, po: o.purchaseOrderNumber, n: loop.index, lines: {equals: count(L)}}
    records:
      L:
        each: item in d.items if item.orderedQuantity.amount > 1
        fields:
          code: {is: L}
          po: {equals: O.po}
          n: loop.index
          last: "'Y' if loop.last else 'N'"
          qty: {from: item.orderedQuantity.amount, type: integer}
      G: {when: d.shipmentDetails.isGift, fields: {code: {is: G}}}
  T: {fields: {code: {is: T}, orders: {equals: count(O)}, qty: {equals: sum(O.L.qty)}}}
"""


def test_records_in_records_loops_counters_and_totals():
    gift = order(item(1), item(4), item(5), shipmentDetails={"isGift": True})
    assert cells(NESTED, [order(), gift], context=frozen(numbers={"lot": 7})) == [
        ("F", ["F", "7"]),
        ("O", ["O", "D3rC", "1", "1"]),
        ("L", ["L", "D3rC", "1", "Y", "2"]),
        ("O", ["O", "D3rC", "2", "2"]),
        ("L", ["L", "D3rC", "1", "N", "4"]),
        ("L", ["L", "D3rC", "2", "Y", "5"]),
        ("G", ["G"]),
        ("T", ["T", "2", "11"]),
    ]


def test_the_place_in_the_data_counts_entries_that_were_left_out():
    text = NESTED.replace("from: item.orderedQuantity.amount, type", "from: item.orderedQuantity.nope, type")
    mapping = made(text.replace("orderedQuantity.nope", "netPrice.amount"))
    tree = order(item(1), item(2, netPrice={"amount": "1.5"}))
    _, findings = compile_writer(mapping, ENVIRONMENT).rows({"batch": [order(), tree]}, frozen())
    assert [(one.code, one.data.path) for one in findings] == [
        ("number-lost-digits", "/0/orderDetails/items/1/netPrice/amount"),
        ("number-lost-digits", "/1/orderDetails/items/1/netPrice/amount"),
    ]


def test_a_name_and_the_rows_share_a_number():
    made_ = writer(NESTED)
    context = frozen(numbers={"lot": 7})
    names = made_.names({"batch": [order()]}, context)
    rows, _ = made_.rows(names, context)
    assert file_name(named(made_.mapping.file, ENVIRONMENT, made_.mapping.rule), names) == "B7.csv"
    assert rows[0].cells == ["F", "7"]
    assert context.numbers == {"lot": 8}


GROUPS = """\
writes: order
format: json
records:
  order:
    fields:
      po: order.purchaseOrderNumber
      gift: order.orderDetails.shipmentDetails.isGift
      to: {fields: {name: order.orderDetails.shipToParty.name, second: {maybe: order.orderDetails.shipToParty.addressLine2}}}
      empty: {fields: {kind: {text: x}, second: {maybe: order.orderDetails.shipToParty.addressLine2}}}
      lines:
        each: item in order.orderDetails.items
        fields:
          n: loop.index
          qty: {from: item.orderedQuantity.amount, type: integer}
          price: {from: item.netPrice.amount, type: decimal}
"""


def test_groups_are_rows_in_a_cell_numbers_stay_numbers_and_empty_groups_vanish():
    ((_, found),) = cells(GROUPS, typed=True)
    assert found[:2] == ["D3rC", False]
    assert [row.cells for row in found[2]] == [["Jo Müller", None]]
    assert found[3] == []
    assert [row.cells for row in found[4]] == [[1, 1, Decimal("12.50")], [2, 2, Decimal("12.50")]]


def test_a_broken_group_is_told_with_its_place():
    tree = order(item(1), item(2, netPrice={"amount": "x"}))
    assert faults(GROUPS, tree) == [("number-syntax", "/orderDetails/items/1/netPrice/amount", 15)]


def test_a_list_where_one_value_is_wanted_is_a_finding_and_a_function_makes_one_of_it():
    assert [one[0] for one in faults(csv("  A: (order.orderDetails.items.title)[0:]\n"), order())] == ["value-type"]
    assert cells(csv("  A: order.orderDetails.items.itemSequenceNumber | join('+')\n"))[0][1] == ["00001+00002"]


def test_must_is_a_sentence_that_has_to_be_true():
    text = csv(
        "  A: order.purchaseOrderNumber\n", "must: {a gift has a note: not order.orderDetails.shipmentDetails.isGift}\n"
    )
    assert cells(text)
    _, (finding,) = writer(text).rows({"order": order(shipmentDetails={"isGift": True})}, frozen())
    assert (finding.code, finding.text, finding.rule.line) == ("must", "a gift has a note", 3)


def test_a_lookup_by_several_columns_and_by_name():
    carriers = {"tables/carriers.csv": b"method,gift,scac\nUPS_2ND,true,GIFT\nUPS_2ND,*,UPSN\n"}
    text = csv(
        "  A: {lookup: {table: carriers, by: {method: s.shipMethod, gift: s.isGift}, give: scac}}\n"
        "  B: order.orderDetails.shipmentDetails.shipMethod | lookup('ship_methods')\n",
        "let: {s: order.orderDetails.shipmentDetails}\n",
    )
    assert cells(text, **carriers)[0][1] == ["UPSN", "U2"]


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 10**9), st.decimals(-99, 99, places=2), st.text(max_size=30),
    st.sampled_from(["xxxxx", "", " ", "UPS_2ND", "12.50", "00012", "2026-12-01T02:30:00Z", "2026-12-01"]),
    st.just([]), st.just({}), st.just([{"amount": 1}]), st.lists(st.text(max_size=3), max_size=2),
)  # fmt: skip
PLACES = [
    ("orderDetails", "shipmentDetails", "shipMethod"), ("orderDetails", "shipToParty", "name"), ("purchaseOrderNumber",),
    ("orderDetails", "shipmentDetails", "shipmentDates"), ("orderDetails", "shipToParty"), ("orderDetails", "items"),
    ("orderDetails", "shipmentDetails", "shipmentDates", "requiredShipDate"), ("orderDetails", "shipmentDetails"),
    ("orderDetails", "items", 1, "orderedQuantity", "amount"), ("orderDetails", "items", 0, "netPrice", "amount"),
    ("orderDetails", "items", 1, "netPrice"), ("orderDetails", "items", 0), ("orderDetails",),
    ("orderDetails", "items", 0, "vendorProductIdentifier"), ("orderDetails", "items", 0, "itemSequenceNumber"),
]  # fmt: skip


def changed(tree, path, value):
    tree = copy.deepcopy(tree)
    at = tree
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    return tree


WRITERS = {name: (writer(text), writer(text, careful=True)) for name, text in {"fixed": ORDERS, "json": GROUPS}.items()}


@pytest.mark.parametrize("name", WRITERS)
@given(path=st.sampled_from(PLACES), value=VALUES)
def test_the_fast_path_and_the_careful_path_write_the_same(name, path, value):
    fast, slow = WRITERS[name]
    tree = changed(order(), path, value)
    one, other = fast.rows({"order": tree}, frozen()), slow.rows({"order": tree}, frozen())
    assert other[1] == one[1]
    if not one[1]:
        assert plain(one[0]) == plain(other[0])


def plain(rows):
    return [(row.record.name, [plain(cell) if isinstance(cell, list) else cell for cell in row.cells]) for row in rows]


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "a/b",
        "a\\b",
        "",
        ".",
        "..",
        ".hidden",
        "a.",
        "a ",
        "con",
        "NUL.txt",
        "a\x00",
        "a\n",
        "a\u202eb",
        "x" * 201,
        "a:b",
    ],
)
def test_a_name_that_is_no_safe_segment_is_rejected_without_showing_it(name):
    assert unsafe(name)
    rendered = named("{{ order.purchaseOrderNumber }}", ENVIRONMENT, made(ORDERS).rule)
    with pytest.raises(Rejected) as caught:
        file_name(rendered, {"order": {"purchaseOrderNumber": name}})
    assert caught.value.findings[0].code == "name-unsafe"
    assert len(name) < 3 or name not in str(caught.value)


@pytest.mark.parametrize("name", ["ORD123.TXT", "Jo Müller.csv", "a-b_c.d", "console"])
def test_a_plain_name_is_safe(name):
    assert unsafe(name) == ""


TOTALLED = """\
writes: order
format: csv
batch: {{most: 10}}
file: x
records:
  H: {{fields: {{code: {{is: H}}}}}}
  O:
    each: o in batch
    fields: {{code: {{is: O}}, lines: {{equals: count(L)}}}}
    records:
      L:
        each: item in o.orderDetails.items if item.orderedQuantity.amount > 2
        fields: {{code: {{is: L}}, qty: {{from: item.orderedQuantity.amount, type: integer}}}}
  T: {{fields: {{code: {{is: T}}, total: {{equals: {total}}}}}}}
"""


@pytest.mark.parametrize(
    "total, found",
    [
        ("count(L)", "2"),
        ("count(O.L)", "2"),
        ("sum(L.qty)", "9"),
        ("sum(O.L.qty) + count(H)", "10"),
        ("count(H) + count(O) + count(L) + count(T)", "6"),
        ("count(batch)", "2"),
        ("count(batch) * 10 + sum(O.lines)", "22"),
    ],
)
def test_a_trailer_counts_records_wherever_they_stand_itself_too(total, found):
    rows = cells(TOTALLED.format(total=total), [order(item(1)), order(item(4), item(5))])
    assert rows[-1] == ("T", ["T", found])
    assert [row[1] for row in rows if row[0] == "O"] == [["O", "0"], ["O", "2"]]


@pytest.mark.parametrize("total, found", [("count(D)", "2"), ("count(D) + 1", "3"), ("sum(D.qty)", "3")])
@pytest.mark.parametrize("careful", [False, True])
def test_a_total_stands_only_when_its_field_does(total, found, careful):
    text = (
        "writes: order\nformat: csv\nrecords:\n"
        "  D: {each: item in order.orderDetails.items, fields: {qty: {from: item.orderedQuantity.amount, type: integer}}}\n"
        f"  T: {{fields: {{code: {{text: T}}, total: {{type: integer, equals: {total}, when: gift}}}}}}\n"
        "let: {gift: order.orderDetails.shipmentDetails.isGift}\n"
    )
    for gift, written in ((True, found), (False, "")):
        tree = order()
        tree["orderDetails"]["shipmentDetails"]["isGift"] = gift
        rows, findings = writer(text, careful=careful).rows({"order": tree}, frozen())
        assert (rows[-1].cells, findings) == (["T", written], [])


@pytest.mark.parametrize(
    "total, hint",
    [
        ("count(O.M)", "it has: L, code, lines"),
        ("sum(O.L.qtty)", "did you mean 'qty'?"),
        ("sum(L.qtty) + 1", "did you mean 'qty'?"),
    ],
)
def test_a_total_of_what_the_file_does_not_have_is_refused(total, hint):
    with pytest.raises(Misconfigured) as caught:
        made(TOTALLED.format(total=total))
    assert [(one.code, one.hint) for one in caught.value.findings] == [("mapping-unknown-path", hint)]


@pytest.mark.parametrize(
    "total, code", [("sum(L.worth)", "mapping-unknown-path"), ("sum(worth)", "mapping-unknown-name")]
)
def test_a_total_of_a_short_name_of_another_record_is_refused(total, code):
    line = "        fields: {code: {is: L}"
    text = TOTALLED.format(total=total).replace(line, f"        let: {{worth: 2}}\n{line}")
    assert "worth: 2" in text
    with pytest.raises(Misconfigured) as caught:
        made(text)
    assert [one.code for one in caught.value.findings] == [code]


def test_what_is_required_and_lacks_is_told_so():
    text = "writes: order\nformat: csv\nfile: x\nfields: {A: {from: order.orderDetails.shipToParty.phone, required: true}}\n"
    _, (finding,) = writer(text).rows({"order": order()}, frozen())
    assert (finding.code, finding.hint) == (
        "value-missing",
        "required: true wants it; default: says what else may stand",
    )


def test_what_is_too_long_only_with_what_came_before_it_is_told_so():
    text = (
        "writes: order\nformat: csv\nfile: x\nlet: {to: order.orderDetails.shipToParty}\n"
        "fields: {A: {from: to.addressLine1, max: 10, rest: B}, B: {maybe: to.addressLine2, max: 10}}\n"
    )
    party = {"addressLine1": "12 Long Street", "addressLine2": "Flat 4"}
    _, (finding,) = writer(text).rows({"order": order(shipToParty=party)}, frozen())
    assert finding.text == "13 characters, the field has 10; 6 of them come from the field before"


ALIKE = """\
writes: order
format: csv
let: {items: order.orderDetails.items}
records:
  D:
    each: item in items
    fields:
      price: {from: item.netPrice.amount, type: decimal}
      rate: {from: item.netPrice.amount, lookup: {"1.5": a, "1.50": b}}
  T: {fields: {total: {type: decimal, equals: sum(D.price)}}}
"""


def test_numbers_are_written_as_they_come_whatever_was_written_before():
    made = writer(ALIKE)
    for price, rate in [("1.5", "a"), ("1.50", "b"), ("1.5", "a")]:
        for amount in (price, Decimal(price)):
            rows, _ = made.rows({"order": order(item(1, netPrice={"amount": amount}))}, frozen())
            assert [row.cells for row in rows] == [[price, rate], [price]]


@pytest.mark.parametrize("kind, found", [("places: 2", "12,5o"), ("implied: 2", "125o")])
def test_what_is_substituted_is_so_in_a_number_that_comes_as_it_is_to_be_written_too(kind, found):
    head = "substitute: {'.': ',', '0': o}\neach: item in order.orderDetails.items\n"
    text = csv(f"  A: {{from: item.netPrice.amount, type: decimal, {kind}}}\n", head)
    for price in ("12.50", "12.5"):
        rows, _ = writer(text).rows({"order": order(item(1, netPrice={"amount": price}))}, frozen())
        assert [row.cells for row in rows] == [[found]]


@pytest.mark.parametrize("careful", [False, True])
def test_a_text_without_characters_is_nothing_whatever_fills_its_field(careful):
    text = (
        "writes: order\nformat: {}\nfile: x\nlet: {{to: order.orderDetails.shipToParty}}\n"
        'records: {{A: {{fields: {{zeros: {{len: 3, maybe: to.phone, pad: "0"}}, stars: {{len: 3, from: to.phone, pad: "*"}},'
        ' blanks: {{len: 3, maybe: to.phone, pad: " "}}}}}}}}\n'
    )
    for format, nothing in (("fixed", "   "), ("csv", "")):
        made_of = writer(text.format(format), careful=careful)
        for phone, want in (("", [nothing] * 3), ("1", ["001", "1**", "1  "])):
            (row,), findings = made_of.rows({"order": order(shipToParty={"phone": phone})}, frozen())
            assert (row.cells, findings) == (want, [])


AS_IT_STANDS = [
    '{text: "00", type: integer}',
    '{text: " ", type: decimal}',
    "{text: K, lookup: {US: USA}, miss: hold}",
    "{text: K, date: iso}",
]


@pytest.mark.parametrize("field", AS_IT_STANDS)
def test_a_fixed_text_is_written_as_it_stands_whatever_else_its_row_holds(field):
    text = csv(f"  A: {field}\n  B: {{from: order.orderDetails.shipToParty.name}}\n")
    want = field.removeprefix("{text: ").split(",")[0].strip('"')
    for careful in (False, True):
        (row,), findings = writer(text, careful=careful).rows({"order": order(shipToParty={"name": "Ann"})}, frozen())
        assert (row.cells, findings) == ([want, "Ann"], [])


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize("where", ["text: {}", "maybe: order.orderDetails.shipToParty.phone, default: {}"])
@pytest.mark.parametrize("kind, said, found", [
    ("integer", "0", 0), ("decimal", "12.50", Decimal("12.50")), ("integer", "NONE", "NONE"), ("text", "0", "0"),
])  # fmt: skip
def test_a_number_that_the_mapping_states_is_one_in_a_typed_format(careful, where, kind, said, found):
    text = f"writes: order\nformat: json\nfile: x\nfields: {{A: {{{where.format(repr(said))}, type: {kind}}}}}\n"
    (row,), _ = writer(text, typed=True, careful=careful).rows({"order": order()}, frozen())
    assert (row.cells, type(row.cells[0])) == ([found], type(found))


def test_a_fixed_text_that_is_too_long_is_told_and_not_brought_into_another_form():
    text = csv("  A: {text: '00', type: integer, max: 1, truncate: true}\n")
    for careful in (False, True):
        _, findings = writer(text, careful=careful).rows({"order": order()}, frozen())
        assert [one.code for one in findings] == ["value-too-long"]


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize("field", [
    "maybe: order.orderDetails.shipToParty.phone",
    "maybe: order.orderDetails.shipToParty.phone, pad: 0, justify: right",
    "maybe: order.orderDetails.shipToParty.phone, type: integer, pad: 0",
    "from: order.purchaseOrderNumber, when: order.orderDetails.shipToParty.phone",
])  # fmt: skip
def test_what_nothing_looks_like_fills_its_place_in_a_fixed_layout(careful, field):
    text = (
        f'writes: order\nformat: fixed\nfile: x\nrecords: {{A: {{fields: {{A: {{len: 6, {field}, empty: "-"}}}}}}}}\n'
    )
    (row,), findings = writer(text, careful=careful).rows({"order": order(shipToParty={})}, frozen())
    assert (row.cells, findings) == (["-     "], [])
