"""A mapping starts from another: what it says is laid over it, name by name, and every line keeps its file."""

from __future__ import annotations

import pytest

from tests.mapping.made import ENVIRONMENT, LIMITS, OPTIONS, PATHS, TABLES, frozen, order, site
from translator.core.finding import Findings, Misconfigured
from translator.formats.format import formats
from translator.mapping.layout import MappingFile, Times
from translator.mapping.load import load
from translator.mapping.writer import compile_writer

BASE = """\
writes: order
format: fixed
charset: cp1252
newline: crlf
file: "ORD{{ order.purchaseOrderNumber }}.TXT"
let: {d: order.orderDetails, s: d.shipmentDetails}
partner: {site: their site code}
records:
  H:
    fields:
      code:     {len: 1, is: H}
      order_no: {len: 12, from: order.purchaseOrderNumber}
      ship_by:  {len: 8, from: s.shipmentDates.requiredShipDate, date: "%Y%m%d", zone: warehouse}
      method:   {len: 10, from: s.shipMethod, lookup: ship_methods, miss: pass}
      gift:     {len: 1, maybe: s.isGift, lookup: {true: Y, false: N}, default: N}
      place:    {len: 4, text: EWR1}
  note:
    when: s.messageToCustomer
    fields: {code: {len: 1, is: N}, words: {len: 80, from: s.messageToCustomer, truncate: true}}
  D:
    each: item in d.items
    fields:
      code: {len: 1, is: D}
      sku:  {len: 20, from: item.vendorProductIdentifier}
      qty:  {len: 7, from: item.orderedQuantity.amount, type: integer, pad: 0}
  T:
    fields: {code: {len: 1, is: T}, lines: {len: 6, type: integer, pad: 0, equals: count(D)}}
"""


def extending(text: str, name: str = "newark/orders.yaml", **files: str) -> MappingFile:
    there = {"plain/orders.yaml": BASE, **files}
    tables = {f"{wms}/{table}": data for wms in ("plain", "other") for table, data in TABLES.items()}
    known = {"options": OPTIONS, "environment": ENVIRONMENT, "paths": PATHS, "limits": LIMITS}
    fetch = site({**tables, **{name: other.encode() for name, other in there.items()}})
    return load(text.encode(), name, fetch=fetch, **known)


def refused(text: str, **files: str) -> list:
    with pytest.raises(Misconfigured) as caught:
        extending(text, **files)
    return [(one.code, one.rule.file, one.rule.line) for one in caught.value.findings]


def fields(mapping: MappingFile, record: str) -> dict:
    return {one.name: one for one in next(one for one in mapping.records if one.name == record).fields}


# --- one over the other ------------------------------------------------------------------------------------------


def test_a_mapping_that_says_nothing_is_its_base():
    found = extending("extends: plain/orders.yaml\n")
    assert (found.direction, found.kinds, found.format, found.options["charset"]) == (
        "writes", ("order",), "fixed", "cp1252"
    )  # fmt: skip
    assert [one.name for one in found.records] == ["H", "note", "D", "T"]


def test_the_suffix_may_be_left_out():
    assert extending("extends: plain/orders\n").records == extending("extends: plain/orders.yaml\n").records


def test_scalars_are_replaced_names_are_merged_and_new_ones_are_appended():
    found = extending("extends: plain/orders\ncharset: utf-8\nlet: {t: d.shipToParty}\npartner: {site: s, id: ours}\n"
                      "records: {H: {fields: {name: {len: 9, from: t.name}}}}\n")  # fmt: skip
    assert found.options["charset"] == "utf-8"
    assert found.options["newline"] == "crlf"
    assert [name for name, _ in found.let] == ["d", "s", "t"]
    assert found.partner == {"site": "s", "id": "ours"}
    assert list(fields(found, "H")) == ["code", "order_no", "ship_by", "method", "gift", "place", "name"]


def test_a_field_is_merged_key_by_key_and_a_bare_value_replaces_it_whole():
    found = extending("extends: plain/orders\nrecords: {H: {fields: {order_no: {len: 20}}}}\n")
    assert (fields(found, "H")["order_no"].len, fields(found, "H")["order_no"].source[0].text) == (
        20, "order.purchaseOrderNumber"
    )  # fmt: skip
    text = "extends: plain/orders\nformat: csv\ncharset: utf-8\nrecords: {D: {fields: {qty: item.orderedQuantity.amount}}}\n"
    qty = fields(extending(text), "D")["qty"]
    assert (qty.len, qty.pad, qty.type) == (None, "", "text")


def test_a_bare_value_that_takes_the_length_of_the_base_away_is_told_so():
    with pytest.raises(Misconfigured) as caught:
        extending("extends: plain/orders\nrecords: {D: {fields: {sku: item.buyerProductIdentifier}}}\n")
    (finding,) = caught.value.findings
    assert (finding.code, finding.rule.line) == ("mapping-fixed-len", 2)
    assert finding.hint.startswith("{from: …} keeps what its base says of it, a bare value replaces that")


def test_another_value_takes_the_place_of_the_base_s_one():
    found = fields(extending("extends: plain/orders\nrecords: {H: {fields: {order_no: {text: NONE}}}}\n"), "H")
    assert (found["order_no"].text, found["order_no"].source, found["order_no"].len) == ("NONE", (), 12)


def test_an_inline_table_is_merged_and_a_named_one_replaces_it():
    found = fields(extending("extends: plain/orders\nrecords: {H: {fields: {gift: {lookup: {true: J}}}}}\n"), "H")
    assert found["gift"].lookup.table.rows == (("true", "J"), ("false", "N"))
    found = fields(
        extending("extends: plain/orders\nrecords: {H: {fields: {gift: {len: 9, lookup: ship_methods}}}}\n"), "H"
    )
    assert found["gift"].lookup.table.name == "ship_methods"


def test_lines_go_where_after_says_and_drop_takes_them_out():
    found = extending("""extends: plain/orders
records:
  note: {drop: true}
  E: {after: H, fields: {code: {len: 1, is: E}}}
  H: {fields: {gift: {drop: true}, place: {after: code}, site: {after: place, len: 3, from: partner.site}}}
""")
    assert [one.name for one in found.records] == ["H", "E", "D", "T"]
    assert list(fields(found, "H")) == ["code", "place", "site", "order_no", "ship_by", "method"]


def test_a_line_stands_behind_the_one_it_names_also_where_that_one_moves_later():
    found = extending("""extends: plain/orders
records:
  H: {after: F}
  D: {after: H}
  F: {after: E, fields: {code: {len: 1, is: F}}}
  E: {after: note, fields: {code: {len: 1, is: E}}}
""")
    names = [one.name for one in found.records]
    assert names == ["note", "E", "F", "H", "D", "T"]


def test_a_line_may_stand_before_another_and_so_be_the_first():
    found = extending("""extends: plain/orders
records:
  D: {before: E}
  E: {before: H, fields: {code: {len: 1, is: E}}}
""")
    assert [one.name for one in found.records] == ["D", "E", "H", "note", "T"]


def test_a_line_stands_after_one_or_before_one():
    text = "extends: plain/orders\nrecords: {H: {fields: {place: {after: code, before: gift}}}}\n"
    assert ("mapping-after", "newark/orders.yaml", 2) in refused(text)


def test_a_word_of_a_line_is_dropped_too():
    text = "extends: plain/orders\nrecords: {H: {fields: {method: {lookup: {drop: true}}, gift: {default: {drop: true}}}}}\n"
    h = fields(extending(text), "H")
    assert (h["method"].lookup, h["gift"].default, h["gift"].lookup is None) == (None, None, False)


def test_a_template_stands_in_the_place_of_records_that_are_dropped():
    text = "extends: plain/orders\nformat: template\nrecords: {drop: true}\ntemplate: t/o.j2\nwidth: {drop: true}\n"
    found = extending(
        text.replace("width: {drop: true}\n", ""), **{"t/o.j2": "{{ order.purchaseOrderNumber }} {{ d.orderDate }}"}
    )
    assert (found.records, found.template_name) == ((), "t/o.j2")


def test_a_part_of_the_base_is_overridden_for_all_who_use_it():
    base = """writes: order
format: json
let: {d: order.orderDetails}
parts: {party: {fields: {code: who.partyId, kind: {text: x}}}}
fields: {a: {use: party, let: {who: d.sellingParty}}, b: {use: party, let: {who: d.shipFromParty}}}
"""
    text = """extends: json
parts: {party: {fields: {kind: {text: y}}}}
fields: {b: {fields: {code: {max: 3}, kind: {drop: true}}}}
"""
    found = fields(extending(text, "newark/o.yaml", **{"newark/json.yaml": base}), "row")
    assert [one.text for one in found["a"].fields] == [None, "y"]
    assert [(one.name, one.max) for one in found["b"].fields] == [("code", 3)]


def test_a_chain_is_laid_over_one_after_the_other():
    files = {
        "plain/two.yaml": "extends: orders.yaml\nrecords: {H: {fields: {x: {after: code, len: 1, text: 2}}}}\n",
        "other/three.yaml": "extends: plain/two\nrecords: {H: {fields: {x: {text: 3}, y: {after: x, len: 1, text: y}}}}\n",
    }
    found = extending("extends: other/three\n", **files)
    assert list(fields(found, "H"))[:3] == ["code", "x", "y"]
    assert fields(found, "H")["x"].text == "3"


# --- files and places --------------------------------------------------------------------------------------------


def test_a_base_lies_beside_the_mapping_or_in_another_folder():
    beside = BASE.replace("charset: cp1252", "charset: utf-8").replace(", lookup: ship_methods, miss: pass", "")
    assert extending("extends: orders.yaml\n", "plain/two.yaml").options["charset"] == "cp1252"
    found = extending("extends: plain/orders.yaml\n", "newark/o.yaml", **{"newark/plain/orders.yaml": beside})
    assert found.options["charset"] == "utf-8"


def test_a_table_of_one_s_own_stands_before_that_of_the_base():
    found = extending("extends: plain/orders\n")
    assert fields(found, "H")["method"].lookup.table.rule.file == "plain/tables/ship_methods.csv"
    own = {"newark/tables/ship_methods.csv": "amazon,wms\nUPS_2ND,MINE\n"}
    found = extending("extends: plain/orders\n", **own)
    assert fields(found, "H")["method"].lookup.table.rows == (("UPS_2ND", "MINE"),)


def test_the_hash_covers_every_file_that_was_used():
    text = "extends: plain/orders\n"
    changed = {"plain/orders.yaml": BASE + "\n"}
    assert extending(text).hash == extending(text).hash
    assert extending(text).hash != extending(text, **changed).hash
    assert extending(text).companions == ("plain/orders.yaml", "plain/tables/ship_methods.csv")


def test_each_line_names_the_file_in_which_it_stands():
    found = extending("extends: plain/orders\nrecords:\n  H:\n    fields:\n      place: {text: RNO4}\n")
    h = fields(found, "H")
    assert (h["order_no"].rule.file, h["order_no"].rule.line) == ("plain/orders.yaml", 12)
    assert (h["place"].rule.file, h["place"].rule.line) == ("newark/orders.yaml", 5)


@pytest.mark.parametrize(
    "text, base, found",
    [
        ("extends: plain/ordres\n", BASE, ("mapping-file-missing", "newark/orders.yaml", 1)),
        ("extends: ../orders\n", BASE, ("mapping-file-name", "newark/orders.yaml", 1)),
        ("extends: [plain/orders]\n", BASE, ("yaml-type", "newark/orders.yaml", 1)),
        ("extends: plain/orders\n", BASE.replace("len: 20", "lenn: 20"), ("yaml-unknown-key", "plain/orders.yaml", 24)),
        ("extends: plain/orders\n", "a: b: c\n", ("yaml-syntax", "plain/orders.yaml", 1)),
        ("extends: plain/orders\n", "extends: newark/orders\n", ("mapping-extends-cycle", "plain/orders.yaml", 1)),
        ("extends: newark/orders\n", BASE, ("mapping-extends-cycle", "newark/orders.yaml", 1)),
        ("extends: plain/orders\nrecords: {X: {drop: true}}\n", BASE, ("mapping-drop", "newark/orders.yaml", 2)),
        ("extends: plain/orders\nrecords: {X: {after: nte, fields: {a: {len: 1, is: X}}}}\n", BASE,
         ("mapping-after", "newark/orders.yaml", 2)),
        ("extends: plain/orders\nrecords: {H: {fields: {place: {lne: 3}}}}\n", BASE,
         ("yaml-unknown-key", "newark/orders.yaml", 2)),
        ("extends: plain/orders\nrecords: {H: {fields: {method: {lookup: crriers}}}}\n", BASE,
         ("mapping-file-missing", "newark/orders.yaml", 2)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_file_where_it_stands(text, base, found):
    assert found in refused(text, **{"plain/orders.yaml": base, "newark/orders.yaml": text})


def test_a_name_that_is_not_there_is_suggested():
    with pytest.raises(Misconfigured) as caught:
        extending(
            "extends: plain/orders\nrecords: {nte: {drop: true}, E: {after: ntoe, fields: {a: {len: 1, is: E}}}}\n"
        )
    assert [one.hint for one in caught.value.findings] == ["did you mean 'note'?", "did you mean 'note'?"]


def test_a_chain_has_an_end():
    files = {f"plain/m{n}.yaml": f"extends: m{n + 1}\n" for n in range(1, 12)}
    assert [code for code, *_ in refused("extends: plain/m1\n", **files)][:1] == ["mapping-extends-depth"]
    files = {f"plain/m{n}.yaml": f"extends: {'orders' if n == 6 else f'm{n + 1}'}\n" for n in range(1, 7)}
    assert extending("extends: plain/m1\n", **files).kinds == ("order",)


# --- the other direction -----------------------------------------------------------------------------------------

READ = """extends: plain/orders
reads: order
file: "ORD{number}.TXT"
documents:
  purchaseOrderNumber: H.order_no
  orderDetails: {items: {each: D, vendorProductIdentifier: sku, orderedQuantity: {amount: qty}}}
"""


def test_what_a_mapping_writes_another_reads_from_the_same_layout():
    found = extending(READ)
    assert (found.direction, found.kinds, found.file, found.let) == ("reads", ("order",), "ORD{number}.TXT", ())
    assert [(one.name, one.times) for one in found.records] == [
        ("H", Times()),
        ("note", Times(0, 1)),
        ("D", Times(0, None)),
        ("T", Times()),
    ]
    h = fields(found, "H")
    assert (h["order_no"].source, h["order_no"].len, h["ship_by"].date, h["place"].text) == (
        (),
        12,
        ("%Y%m%d",),
        "EWR1",
    )
    assert fields(found, "T")["lines"].equals.text == "count(D)"


def test_tables_are_asked_the_other_way_round():
    h = fields(extending(READ), "H")
    assert (h["method"].lookup.reverse, h["method"].lookup.miss) == (True, "error")
    assert (h["gift"].lookup.reverse, h["gift"].default) == (True, None)


def test_a_table_that_cannot_be_turned_is_said_where_it_stands():
    base = BASE.replace("{true: Y, false: N}", "{true: Y, false: Y}")
    assert ("lookup-reverse", "plain/orders.yaml", 15) in refused(READ, **{"plain/orders.yaml": base})
    mended = READ + "records: {H: {fields: {gift: {lookup: {drop: true}}}}}\n"
    assert fields(extending(mended, **{"plain/orders.yaml": base}), "H")["gift"].lookup is None


def test_a_writing_mapping_starts_from_a_reading_one():
    base = """reads: shipment_confirmation
format: csv
header: true
file: "SHIP{word}.csv"
repair: [{find: x, put: y}]
limits: {records: 5}
unknown: skip
fields:
  ORDER: {required: true, keep: wms}
  METHOD: {lookup: ship_methods, reverse: true}
  TZ: {}
  WHEN: {date: "%Y%m%d", zone: {from: TZ}}
documents: {about: {order: ORDER}}
"""
    text = """extends: plain/ship
writes: order
file: "{{ order.purchaseOrderNumber }}.csv"
fields:
  ORDER: {from: order.purchaseOrderNumber}
  METHOD: {from: order.orderDetails.shipmentDetails.shipMethod}
  TZ: {drop: true}
  WHEN: {from: order.orderDetails.orderDate}
"""
    found = extending(text, **{"plain/ship.yaml": base})
    row = fields(found, "row")
    assert (found.direction, found.documents, found.repair, found.unknown) == ("writes", {}, (), "error")
    assert (row["ORDER"].required, row["ORDER"].keep, row["METHOD"].lookup.reverse) == (True, "", False)
    assert row["WHEN"].zone_from is None


LAYOUT = """format: fixed
parts: {head: {fields: {code: {len: 1, is: H}}}}
records:
  H: {use: head, fields: {order_no: {len: 12}, method: {len: 10, lookup: ship_methods}}}
  D: {times: 0.., fields: {code: {len: 1, is: D}, sku: {len: 20}}}
"""


def test_a_layout_in_a_file_of_its_own_serves_both():
    writes = """extends: plain/layout
writes: order
records:
  H: {fields: {order_no: {from: order.purchaseOrderNumber}, method: {from: order.orderDetails.shipmentDetails.shipMethod}}}
  D: {each: item in order.orderDetails.items, fields: {sku: {from: item.vendorProductIdentifier}}}
"""
    reads = "extends: plain/layout\nreads: shipment_confirmation\ndocuments: {about: {order: H.order_no}}\n"
    out, back = (extending(text, **{"plain/layout.yaml": LAYOUT}) for text in (writes, reads))
    assert [one.name for one in out.records] == [one.name for one in back.records] == ["H", "D"]
    assert not fields(out, "H")["method"].lookup.reverse
    assert fields(back, "H")["method"].lookup.reverse
    assert [one.len for one in back.records[0].fields] == [1, 12, 10]


@pytest.mark.parametrize(
    "form, written",
    [
        ("csv", b"D3rC,,\n"),
        ("json", b'{"order_no":"D3rC"}'),
        ("xml", b"<row>\n  <order_no>D3rC</order_no>\n</row>"),
    ],
)
def test_what_a_mapping_does_not_fill_of_a_large_layout_is_nothing(form, written):
    group = "place: {}" if form == "csv" else "place: {fields: {city: {}, zip: {}}}"
    layout = f"format: {form}\nfields: {{order_no: {{}}, note: {{}}, {group}}}\n"
    text = "extends: plain/layout\nwrites: order\nfields: {order_no: {from: order.purchaseOrderNumber}}\n"
    found = extending(text, **{"plain/layout.yaml": layout})
    assert found.notes == ()
    rows, findings = compile_writer(found, ENVIRONMENT, typed=form == "json").rows({"order": order()}, frozen())
    assert findings == []
    assert written in formats()[form].write(rows, found, Findings())


@pytest.mark.parametrize(
    "layout, fields",
    [("{A: {required: true}}", "{B: {text: x}}"), ("{A: {}}", "{A: {max: 3}}"), ("{A: {}}", "{B: {}}")],
)
def test_what_must_be_filled_is_said(layout, fields):
    text = f"extends: plain/layout\nwrites: order\nfields: {fields}\n"
    assert "mapping-no-value" in [
        code for code, *_ in refused(text, **{"plain/layout.yaml": f"format: csv\nfields: {layout}\n"})
    ]


def test_a_layout_without_a_direction_is_not_a_mapping():
    assert ("mapping-direction", "newark/orders.yaml", 1) in refused(
        "extends: plain/layout\n", **{"plain/layout.yaml": LAYOUT}
    )


def test_each_of_several_files_is_turned():
    base = """writes: order
files:
  head: {format: csv, file: "H{{ order.purchaseOrderNumber }}.csv", fields: {ORDER: order.purchaseOrderNumber}}
  lines:
    format: csv
    file: "L{{ order.purchaseOrderNumber }}.csv"
    each: item in order.orderDetails.items
    fields: {SKU: item.vendorProductIdentifier}
"""
    text = """extends: plain/set
reads: shipment_confirmation
files: {head: {file: "H{number}.csv"}, lines: {file: "L{number}.csv"}}
documents: {about: {order: ORDER}}
"""
    found = extending(text, **{"plain/set.yaml": base})
    assert [(one.file, one.records[0].each) for one in found.files.values()] == [
        ("H{number}.csv", ()),
        ("L{number}.csv", ()),
    ]


# --- what stands in the place of something else --------------------------------------------------------------------

SHIP = """reads: shipment_confirmation
format: csv
header: true
fields:
  ORDER: {}
  METHOD: {lookup: ship_methods, reverse: true, max: 9}
  SERVICE: {}
documents:
  about: {order: {customerOrderNumber: ORDER}}
  containers: {each: row, shipMethod: {from: METHOD, lookup: {table: ship_methods, by: {amazon: SERVICE}, give: wms}}}
"""


def over_ship(text: str) -> MappingFile:
    return extending(f"extends: plain/ship\n{text}", **{"plain/ship.yaml": SHIP})


def test_another_table_does_not_take_over_which_way_round_the_base_asked_its_own():
    assert fields(over_ship(""), "row")["METHOD"].lookup.reverse
    assert not fields(over_ship("fields: {METHOD: {lookup: {A: B}}}\n"), "row")["METHOD"].lookup.reverse


def test_another_table_does_not_take_over_by_which_columns_the_base_asked_its_own():
    def asked(text: str):
        containers = dict(over_ship(text).documents["shipment_confirmation"].entries)["containers"]
        return [name for name, _ in dict(containers.entries)["shipMethod"].lookup.by]

    assert asked("") == ["amazon"]
    assert asked("documents: {containers: {shipMethod: {lookup: {table: ship_methods}}}}\n") == []


def test_an_exact_length_and_a_largest_one_take_each_other_s_place():
    found = fields(over_ship("fields: {METHOD: {len: 3}}\n"), "row")["METHOD"]
    assert (found.len, found.max) == (3, None)


def test_another_way_to_find_the_order_takes_the_place_of_the_base_s_one():
    about = over_ship("documents: {about: {order: {wms_order: SERVICE}}}\n").documents["shipment_confirmation"].about
    assert [(one.by, one.value.text) for one in about] == [("wms_order", "SERVICE")]


def test_a_line_cannot_come_after_itself():
    text = "extends: plain/orders\nrecords: {H: {fields: {place: {after: place}}}}\n"
    assert ("mapping-after", "newark/orders.yaml", 2) in refused(text)


def test_lines_cannot_come_after_each_other():
    text = (
        "extends: plain/orders\nrecords: {H: {fields: {place: {after: gift}, gift: {after: method}, method: {after: place}, \
ship_by: {after: gift}}}}\n"
    )
    told = [(code, place) for code, place, _ in refused(text)]
    assert told == [("mapping-after", "newark/orders.yaml")] * 3


def test_eight_mappings_may_lie_over_each_other_and_no_ninth():
    for number, fits in ((6, True), (7, False)):
        files = {
            f"plain/m{n}.yaml": f"extends: {'orders' if n == number else f'm{n + 1}'}\n" for n in range(1, number + 1)
        }
        if fits:
            assert extending("extends: plain/m1\n", **files).kinds == ("order",)
        else:
            assert [code for code, *_ in refused("extends: plain/m1\n", **files)] == ["mapping-extends-depth"]


def test_a_table_asked_by_several_columns_is_not_asked_when_the_layout_is_read():
    base = BASE.replace(
        "lookup: ship_methods, miss: pass", "lookup: {table: ship_methods, by: {amazon: s.shipMethod}, give: wms}"
    )
    base = base.replace("from: s.shipMethod, lookup", "lookup")
    assert fields(extending("extends: plain/orders\n", **{"plain/orders.yaml": base}), "H")["method"].lookup.by
    assert fields(extending(READ, **{"plain/orders.yaml": base}), "H")["method"].lookup is None


def test_what_only_writing_knows_is_left_out_of_each_of_several_files():
    base = """writes: order
files:
  head:
    format: csv
    file: "H{{ order.purchaseOrderNumber }}.csv"
    substitute: {ß: ss}
    when: order.orderDetails.shipmentDetails.isGift
    fields: {ORDER: order.purchaseOrderNumber}
"""
    text = "extends: plain/set\nreads: shipment_confirmation\nfiles: {head: {file: 'H{n}.csv'}}\n"
    text += "documents: {about: {order: ORDER}}\n"
    head = extending(text, **{"plain/set.yaml": base}).files["head"]
    assert (head.substitute, head.records[0].times, head.file) == ({}, Times(0, None), "H{n}.csv")


def test_a_part_of_a_base_that_others_use_is_no_part_too_many():
    base = BASE.replace("records:\n", "parts:\n  spare: {fields: {x: {len: 1, text: 1}}}\nrecords:\n", 1)
    own = "extends: plain/orders\nparts: {mine: {fields: {y: {len: 1, text: 2}}}}\n"
    told = [(one.code, one.rule.file) for one in extending(own, **{"plain/orders.yaml": base}).notes]
    assert [file for code, file in told if code == "mapping-part-unused"] == ["newark/orders.yaml"]
