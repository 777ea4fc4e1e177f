"""A mapping file is read whole, and everything that is wrong with it is said, with its place."""

from __future__ import annotations

import pytest

from tests.mapping.made import ENVIRONMENT, LIMITS, ORDERS, SHIP, TABLES, frozen, made
from translator.core.finding import Misconfigured
from translator.mapping.layout import Limits, Picture, Times
from translator.mapping.writer import compile_writer


def refused(text: str, **files: bytes) -> list:
    with pytest.raises(Misconfigured) as caught:
        made(text, **files)
    return list(caught.value.findings)


def test_the_order_file_of_the_design_is_read():
    mapping = made(ORDERS)
    assert (mapping.direction, mapping.kinds, mapping.format) == ("writes", ("order",), "fixed")
    assert [record.name for record in mapping.records] == ["H", "D", "T"]
    detail = mapping.records[1]
    assert (detail.each[0].name, detail.each[0].source.text, detail.times) == ("item", "d.items", Times(0, None))
    assert mapping.records[0].fields[3].lookup.miss == "hold"
    assert mapping.records[0].fields[4].redacted == "AMAZON LABEL ONLY"


def test_the_ship_file_of_the_design_is_read():
    mapping = made(SHIP)
    picture = mapping.documents["shipment_confirmation"]
    assert (picture.about[0].what, picture.about[0].value.text) == ("order", "ORDER")
    containers = dict(picture.entries)["containers"]
    assert isinstance(containers, Picture)
    assert [one.text for one in containers.group] == ["CARTON"]
    assert mapping.records[0].fields[5].lookup.miss == "error"


@pytest.mark.parametrize(
    "words, side", [("pad: 0", "right"), ("pad: 0, justify: left", "left"), ("pad: '*'", ""), ("", "")]
)
def test_zeros_fill_on_the_left_whatever_the_type(words, side):
    text = f"writes: order\nformat: csv\nfields: {{A: {{from: order.purchaseOrderNumber, len: 6, {words}}}}}\n"
    assert made(text).records[0].fields[0].justify == side


def test_a_short_name_of_a_group_is_known_to_the_picture():
    text = """\
reads: shipment_confirmation
format: xml
records:
  Ship:
    fields:
      Box: {times: 0.., let: {heavy: Lbs * 2}, fields: {Id: {}, Lbs: {type: decimal}}}
documents:
  containers: {each: Ship.Box, group: Id, weight: {value: sum(heavy)}}
"""
    assert made(text).records[0].fields[0].let[0][0] == "heavy"


@pytest.mark.parametrize(
    "right, wrong, line", [("in d.items", "in d.itms", 4), ("d: order.orderDetails", "d: order.orderDetials", 3)]
)
def test_a_wrong_path_is_told_where_it_stands_and_not_by_all_that_goes_on_from_it(right, wrong, line):
    text = """writes: order
format: csv
let: {d: order.orderDetails}
each: item in d.items
fields: {A: item.vendorProductIdentifier, B: item.orderedQuantity.amount, C: d.orderDate}
"""
    assert [one.code for one in refused(text.replace("d.orderDate}", "d.orderDte}"))] == ["mapping-unknown-path"]
    assert [(one.code, one.rule.line) for one in refused(text.replace(right, wrong))] == [
        ("mapping-unknown-path", line)
    ]


def test_a_file_with_several_errors_names_each_with_line_and_column():
    text = (
        ORDERS.replace("s.shipMethod", "s.shipMehtod")
        .replace("lookup: ship_methods", "lookup: ship_methosd")
        .replace("len: 35", "lenn: 35")
        .replace("newline: crlf", "newlin: crlf")
        .replace("count(D)", "cuont(D)")
        .replace("item.netPrice", "itm.netPrice")
    )
    assert [(one.code, one.rule.line, one.rule.column, one.hint) for one in refused(text)] == [
        ("yaml-unknown-key", 4, 1, "did you mean 'newline'?"),
        ("mapping-unknown-path", 13, 36, "did you mean 'shipMethod'?"),
        ("mapping-file-missing", 13, 58, "it is looked for as mappings/tables/ship_methosd.csv"),
        ("mapping-fixed-len", 14, 7, "len: 10"),
        ("yaml-unknown-key", 14, 21, "did you mean 'len'?"),
        ("mapping-unknown-name", 22, 30, "did you mean 'item'?"),
        ("expression-syntax", 26, 54, "did you mean 'count'?"),
    ]


HEAD = "writes: order\nformat: csv\nfields:\n"
READS = "reads: shipment_confirmation\nformat: csv\ndocuments: {about: {order: A}}\n"


@pytest.mark.parametrize(
    "text, code, line",
    [
        ("format: csv\nfields: {A: {}}\n", "mapping-direction", 1),
        ("writes: ordr\nformat: csv\nfields: {A: {text: x}}\n", "mapping-kind", 1),
        ("writes: order\nformat: cvs\nfields: {A: {text: x}}\n", "mapping-format", 2),
        ("writes: order\nformat: csv\n", "mapping-layout", 1),
        ("writes: []\nformat: csv\nfields: {A: {text: x}}\n", "mapping-kind", 1),
        ('writes: order\nformat: csv\ncharset: "\\0"\nsubstitute: plain_letters\nfields: {A: {text: x}}\n', "mapping-charset", 3),
        ("writes: order\nformat: csv\ncharset: klingon\nfields: {A: {text: x}}\n", "mapping-charset", 3),
        ("writes: order\nformat: csv\ntemplate: ../x\n", "mapping-file-name", 3),
        ("reads: shipment_confirmation\nformat: csv\nfields: {A: {}}\n", "mapping-layout", 1),
        (HEAD + "  A: {from: order.purchaseOrderNumber, text: x}\n", "mapping-value", 4),
        (HEAD + "  A: {}\n", "mapping-no-value", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, rest: B}\n", "mapping-rest", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, date: '%Q'}\n", "mapping-convert", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, date: '%Y', zone: America/Chicargo}\n", "mapping-convert", 4),
        (HEAD + "  A: {text: 12345, max: 3}\n", "mapping-convert", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, lookup: {a: 1, b: 1}, reverse: true}\n", "lookup-reverse", 4),
        (HEAD + "  A: '{{ order.purchaseOrderNumber }}'\n", "expression-syntax", 4),
        (HEAD + "  A: order.purchaseOrderNumber.x\n", "mapping-unknown-path", 4),
        ("writes: order\nformat: csv\neach: item in order.orderDetails.items\nfields: {A: loop.nope}\n", "mapping-unknown-path", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, times: 0..}\n", "mapping-times", 4),
        ("writes: order\nformat: csv\nextends: x\nfields: {A: {text: x}}\n", "mapping-file-missing", 3),
        ("reads: shipment_confirmation\nformat: csv\nfields: {A: {}}\ndocuments: {containers: {each: row, nope: A}}\n",
         "mapping-unknown-path", 4),
        ("reads: shipment_confirmation\nformat: csv\nfields: {A: {}}\ndocuments: {about: {ordr: A}}\n", "yaml-unknown-key", 4),
        ("writes: order\nformat: csv\nfile: '{{ order.nope }}'\nfields: {A: {text: x}}\n", "mapping-unknown-path", 3),
        (HEAD + "  A: {text: x, drop: true}\n", "yaml-unknown-key", 4),
        (HEAD + "  A: {text: x, split: ';'}\n", "mapping-times", 4),
        (HEAD + "  A: {text: x, cdata: true}\n", "mapping-format", 4),
        (HEAD + "  A: {text: x, charset: cp1250}\n", "mapping-format", 4),
        (HEAD + "  A: {text: x, tolerance: 1}\n", "mapping-value", 4),
        (HEAD + "  A: {equals: count(row), tolerance: few}\n", "yaml-value", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, type: decimal, sign: trailng}\n", "mapping-sign", 4),
        (HEAD + "  A: {from: order.purchaseOrderNumber, date: '%Y', zone: {from: order.purchaseOrderNumber}}\n",
         "mapping-direction", 4),
        (HEAD + "  A: {must: {so: 1 == 1}, fields: {B: {text: x}}}\n", "mapping-direction", 4),
        (HEAD + "  A: {text: x}\nrepair: [{find: a, put: b}]\n", "mapping-direction", 5),
        (HEAD + "  A: {text: x}\nlimits: {records: 5}\n", "mapping-direction", 5),
        (HEAD + "  A: {text: x}\nschema: a.xsd\n", "mapping-schema", 5),
        (HEAD + "  A: {text: x}\ntakes: order.nope\n", "mapping-unknown-path", 5),
        (HEAD + "  A: {text: x}\nsubstitute: {ab: c}\n", "mapping-substitute", 5),
        (HEAD + "  A: {text: x}\nsubstitute: letters\n", "mapping-file-missing", 5),
        (HEAD + "  A: {text: x}\nfiles: {a: {file: x, fields: {B: {text: y}}}}\n", "mapping-layout", 5),
        (READS + "fields: {A: {from: order.purchaseOrderNumber}}\n", "mapping-direction", 4),
        (READS + "takes: A\nfields: {A: {}}\n", "mapping-direction", 4),
        (READS + "substitute: {ß: ss}\nfields: {A: {}}\n", "mapping-direction", 4),
        (READS + "repair: {find: a, put: b}\nfields: {A: {}}\n", "yaml-type", 4),
        (READS + "repair: [{find: '(', put: b}]\nfields: {A: {}}\n", "pattern", 4),
        (READS + "repair: [{find: 'x*', put: b}]\nfields: {A: {}}\n", "mapping-repair", 4),
        (READS + "repair: [{find: x}]\nfields: {A: {}}\n", "yaml-missing", 4),
        (READS + "limits: {recrods: 5}\nfields: {A: {}}\n", "yaml-unknown-key", 4),
        (READS + "limits: {records: 0}\nfields: {A: {}}\n", "yaml-value", 4),
        (READS + "limits: {file: 5 TB}\nfields: {A: {}}\n", "yaml-value", 4),
        (READS + "limits: {file: 5 GB}\nfields: {A: {}}\n", "yaml-value", 4),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_where_it_stands(text, code, line):
    assert (code, line) in [(one.code, one.rule.line) for one in refused(text)]


@pytest.mark.parametrize(
    "form, field, hint",
    [
        ("xml", "{times: 0..}", "T: {times: 0.., fields: {value: {at: .}}}"),
        ("json", "{times: 1..3}", "T: {times: 1..3, fields: {value: {at: .}}}"),
        ("fixed", "{times: 8, len: 6}", "T: {times: 8, fields: {value: {len: 6}}}"),
        ("csv", "{times: 0..8}", "T: {times: 0..8, fields: {value: {}}}"),
    ],
)
def test_a_field_that_repeats_is_told_how_its_format_says_it(form, field, hint):
    picture = "documents: {warehouseId: {text: EWR1}, items: {each: R.T, vendorProductIdentifier: value}}\n"
    text = f"reads: inventory_update\nformat: {form}\nrecords: {{R: {{fields: {{T: {field}}}}}}}\n{picture}"
    assert hint in [one.hint for one in refused(text)]
    made(text.replace(f"T: {field}", hint))


def test_a_field_that_repeats_where_it_is_written_wants_a_loop():
    text = "writes: order\nformat: json\nfields: {T: {from: order.orderDetails.items.title, times: 0..}}\n"
    hint = "T: {each: one in order.orderDetails.items.title, fields: {value: {at: ., from: one}}}"
    assert hint in [one.hint for one in refused(text)]
    made(text.replace("T: {from: order.orderDetails.items.title, times: 0..}", hint))


def test_a_template_is_checked_for_names_and_tables():
    text = "writes: order\nformat: xml\ntemplate: acme/order.xml.j2\n"
    template = (
        b"<o>\n{{ order.purchaseOrderNumber }}{{ ordr }}\n"
        b"{% for i in order.orderDetails.items %}{{ i.titel }}{% endfor %}\n{{ 1 | lookup('carriers') }}</o>"
    )
    found = refused(text, **{"acme/order.xml.j2": template})
    assert [(one.code, one.rule.file, one.rule.line) for one in found] == [
        ("mapping-unknown-name", "acme/order.xml.j2", 2),
        ("mapping-unknown-path", "acme/order.xml.j2", 3),
        ("mapping-file-missing", "acme/order.xml.j2", 4),
    ]


def test_the_hash_is_of_the_file_and_its_companions():
    changed = {"tables/ship_methods.csv": TABLES["tables/ship_methods.csv"] + b"X,Y\n"}
    assert made(ORDERS).hash == made(ORDERS).hash
    assert made(ORDERS).hash != made(ORDERS, **changed).hash
    assert made(ORDERS).hash != made(ORDERS + "\n").hash


def test_an_ambiguous_table_is_refused_with_both_lines():
    table = {"tables/ship_methods.csv": b"amazon,wms\nA,1\nB,2\nA,3\n"}
    found = refused(ORDERS, **table)
    assert [one.code for one in found] == ["lookup-ambiguous"]
    assert "tables/ship_methods.csv:2 and tables/ship_methods.csv:4" in found[0].text


def test_a_layout_alone_says_that_it_is_there_for_others():
    (found,) = refused("format: csv\nfields: {A: {text: x}}\n")
    assert found.code == "mapping-direction"
    assert "extend" in found.hint


# --- how much is read --------------------------------------------------------------------------------------------

STOCK = """reads: inventory_update
format: csv
fields: {WHS: {}, SKU: {}, QTY: {type: integer}}
documents: {warehouseId: WHS, items: {each: row, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}}
"""


def test_the_limits_are_those_of_the_kind():
    assert made(STOCK).limits == LIMITS["inventory_update"]
    assert made(STOCK).limits.records == 5_000_000
    assert made(SHIP).limits == Limits()


def test_a_mapping_raises_and_lowers_its_limits():
    found = made(STOCK + "limits: {file: 2 GB, record: 64 kB, records: 10}\n").limits
    assert (found.file, found.record, found.records) == (2_000_000_000, 64_000, 10)
    assert found.columns == Limits().columns


# --- what is put right -------------------------------------------------------------------------------------------


def test_a_substitute_is_written_out_or_a_table():
    table = {"tables/letters.csv": "letter,for\nß,ss\né,e\n".encode()}
    assert made(HEAD + "  A: {text: x}\nsubstitute: {'*': ' ', ß: ss}\n").substitute == {"*": " ", "ß": "ss"}
    assert made(HEAD + "  A: {text: x}\nsubstitute: letters\n", **table).substitute == {"ß": "ss", "é": "e"}


def test_repairs_are_taken_as_they_stand_with_their_places():
    text = SHIP.replace(
        "header: true\n", "header: true\nrepair:\n  - {find: '\"(?=[A-Z])', put: '\" '}\n  - {find: x+, put: ''}\n"
    )
    assert [(one.find, one.put, one.rule.line) for one in made(text).repair] == [('"(?=[A-Z])', '" ', 5), ("x+", "", 6)]


def test_a_schema_is_read_and_part_of_the_hash():
    text = "reads: shipment_confirmation\nformat: xml\nschema: acme/ship.xsd\nfields: {A: {}}\ndocuments: {about: {order: A}}\n"
    one, other = (made(text, **{"acme/ship.xsd": data}) for data in (b"<a/>", b"<b/>"))
    assert (one.schema, one.schema_name) == (b"<a/>", "acme/ship.xsd")
    assert one.hash != other.hash


# --- several files -----------------------------------------------------------------------------------------------

FILES = """writes: order
format: csv
header: true
let: {d: order.orderDetails}
files:
  head:
    file: "H{{ order.purchaseOrderNumber }}.csv"
    fields: {ORDER: order.purchaseOrderNumber}
  lines:
    file: "L{{ order.purchaseOrderNumber }}.txt"
    format: fixed
    let: {items: d.items}
    records:
      D: {each: item in items, fields: {SKU: {len: 10, from: item.vendorProductIdentifier}}}
  done:
    file: "{{ order.purchaseOrderNumber }}.done"
"""


def test_several_files_are_layouts_of_their_own():
    files = made(FILES).files
    assert list(files) == ["head", "lines", "done"]
    assert [(one.format, one.options.get("header"), len(one.records)) for one in files.values()] == [
        ("csv", "true", 1),
        ("fixed", None, 1),
        ("csv", "true", 0),
    ]
    assert [name for name, _ in files["lines"].let] == ["d", "items"]
    assert files["lines"].kinds == ("order",)


@pytest.mark.parametrize(
    "old, new, code, line",
    [
        ("item.vendorProductIdentifier", "item.vendorProductId", "mapping-unknown-path", 14),
        ("order.purchaseOrderNumber }}.done", "order.nope }}.done", "mapping-unknown-path", 16),
        ("    format: fixed\n", "    format: fixed\n    header: true\n", "yaml-unknown-key", 12),
        ("    format: fixed\n", "    format: fixed\n    batch: {most: 3}\n", "yaml-unknown-key", 12),
        ("    format: fixed\n", "    format: fixed\n    limits: {records: 3}\n", "mapping-direction", 12),
        ('    file: "{{ order.purchaseOrderNumber }}.done"', "    check: error", "yaml-missing", 15),
    ],
)
def test_what_is_wrong_in_one_of_several_files_is_said(old, new, code, line):
    assert (code, line) in [(one.code, one.rule.line) for one in refused(FILES.replace(old, new))]


def test_a_set_of_files_is_read_into_one_picture():
    text = """reads: shipment_confirmation
format: csv
header: true
files:
  heads: {file: "H{number}.csv", fields: {ORDER: {}}}
  lines: {file: "L{number}.csv", records: {L: {times: 0.., fields: {SKU: {}, QTY: {type: integer}}}}}
documents:
  about: {order: heads.ORDER}
  containers: {each: lines.L, containerIdentifier: SKU}
"""
    assert made(text).documents["shipment_confirmation"].about[0].value.text == "heads.ORDER"


@pytest.mark.parametrize("name", ["warehouse_zone", "take_number", "ask_tables"])
def test_a_name_by_which_functions_are_served_cannot_be_given(name):
    (fault,) = refused(
        f"writes: order\nformat: csv\nlet: {{{name}: order.purchaseOrderNumber}}\nfields: {{A: {name}}}\n"
    )
    assert (fault.code, fault.rule.line) == ("mapping-name", 3)


def test_any_other_name_may_be_given_beside_a_counter():
    head = "writes: order\nformat: csv\nlet: {number: order.purchaseOrderNumber, tables: number}\n"
    writer = compile_writer(made(head + "fields: {A: tables ~ counter('a')}\n"), ENVIRONMENT)
    rows, findings = writer.rows({"order": {"purchaseOrderNumber": "P1"}}, frozen())
    assert ([row.cells for row in rows], list(findings)) == ([["P11"]], [])


def test_words_that_do_not_make_an_expression_are_told_what_to_do():
    with pytest.raises(Misconfigured) as caught:
        made(HEAD + "  A: {from: number of lines}\n")
    (finding,) = caught.value.findings
    assert (finding.code, finding.text) == ("expression-syntax", "not an expression: 'of' cannot stand there")
    assert "fixed text stands in quotes" in finding.hint


def test_an_option_of_another_format_is_told_as_that():
    (found,) = refused("writes: order\nformat: fixed\ndelimiter: ';'\nfields: {A: {len: 1, text: x}}\n")
    assert (found.code, found.hint) == ("yaml-unknown-key", "it is for format: csv")


RECORD = "records: {R: {LET, each: item in plain, fields: {A: item.itemSequenceNumber}}}"
GROUP = "fields: {N: {text: x}, G: {LET, each: item in plain, fields: {A: item.itemSequenceNumber}}}"


@pytest.mark.parametrize("format, layout", [("csv", RECORD), ("json", GROUP)])
def test_a_short_name_in_the_each_beside_it_is_told_to_stand_further_up(format, layout):
    head, name = f"writes: order\nformat: {format}\nfile: x\n", "let: {plain: order.orderDetails.items}"
    (found,) = refused(f"{head}{layout.replace('LET', name)}\n")
    assert found.text == "the name 'plain' is not known here"
    assert found.hint.startswith("a `let` beside `each` is worked out below it, for each of its turns")
    assert found.hint.endswith("is named by a `let` at the top, or of the record around")
    made(f"{head}{name}\n{layout.replace('LET, ', '')}\n")


def test_names_that_are_no_author_s_are_not_offered():
    (found,) = refused(HEAD + "  A: zzz\n")
    assert found.hint == "known here: batch, file, now, order, partner"


@pytest.mark.parametrize(
    "field, text, hint",
    [
        ("", "'from' is empty", "fixed text is {text: …}"),
        ("EA", "the name 'EA' is not known here", "fixed text is {text: EA}; known here: "),
        ("\"'x' if now == EA else ''\"", "the name 'EA' is not known here", "known here: "),
        (
            "item.title",
            "the name 'item' is not known here",
            "a line is named by each: item in order.orderDetails.items",
        ),
        ("'{{ now }}'", "{{ }} stands in texts and templates only", "write what is in it, without them"),
        ("'now |'", "not an expression: it ends too soon", ""),
    ],
)
def test_what_a_new_author_writes_as_a_value_is_told_once_and_how_it_is_meant(field, text, hint):
    (found,) = refused(HEAD + f"  A: {field}\n")
    assert (found.text, found.hint[: len(hint)]) == (text, hint)
