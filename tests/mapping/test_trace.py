"""Where things came from and went to: nothing written changes by being asked, and no source of a cell is left out.

The law is tried on every sample: what changes in the output when one value changes is among what the trace says.
"""

from copy import deepcopy
from datetime import UTC, datetime

import pytest

from tests.loaded import compiled, directed
from translator.cli.behind.given import given_for
from translator.cli.behind.translate import documents_in
from translator.core import jsontext
from translator.core.document import Document
from translator.core.finding import Findings, Rejected, errors
from translator.core.tree import leaves
from translator.documents.kind import kinds
from translator.mapping.context import Frozen
from translator.mapping.goes_to import goes_to
from translator.mapping.picture import documents as pictured
from translator.mapping.trace import sources
from translator.translation import load, trace_read, trace_written, write

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)
WRITTEN = directed("writes", "files", "template")
READ = directed("reads")


def documents_of(sample, translation):
    kind = kinds()[translation.file.kinds[0]]
    return [one for one in documents_in(kind, sample.sources()[0][1], "in.json") if not one.rejected]


def all_traced(translation, documents, context):
    """The files, and what is said."""
    findings = Findings()
    return trace_written(translation, documents, context, findings), tuple(findings.found)


def traced(translation, documents, context):
    """The one file, and what is said."""
    (made,), found = all_traced(translation, documents, context)
    return made, found


@pytest.mark.sweep
@pytest.mark.parametrize("sample", WRITTEN, ids=lambda sample: sample.name)
def test_what_is_traced_is_written_as_ever(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    for document in documents_of(sample, translation):
        files, found = all_traced(translation, [document], given.context())
        written = write(translation, [document], given.context())
        assert found == written.findings
        drafts = [(made.name, made.draft) for made in files]
        assert errors(found) or drafts == [(one.name, one.data) for one in written.files]


def changed(value):
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if not isinstance(value, str):
        return value + 1
    if value.isdigit():
        return value[:-1] + ("2" if value[-1] == "1" else "1")
    return value[:-1] + ("b" if value[-1] == "a" else "a") if value[-1].isalpha() else value[:-2] + "3" + value[-1]


def put(tree, pointer, value):
    *way, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    copy = deepcopy(tree)
    inner = copy
    for step in way:
        inner = inner[step]
    inner[last] = value
    return copy


def came(files):
    return [one for made in files for one in made.came]


def cells(files):
    return [(id(one.field), one.row.cells[one.number]) for one in came(files)]


@pytest.mark.sweep
@pytest.mark.parametrize("sample", WRITTEN, ids=lambda sample: sample.name)
def test_a_cell_that_changes_with_a_value_names_its_place(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    for document in documents_of(sample, translation):
        before, _ = all_traced(translation, [document], given.context())
        above = "/0" if translation.file.batch else ""
        for pointer, value in leaves(document.tree):
            other = Document(document.kind, put(document.tree, pointer, changed(value)), document.about)
            after, found = all_traced(translation, [other], given.context())
            if len(came(before)) != len(came(after)) or errors(found):
                continue  # a line more or less, or a value that cannot be: the cells have no counterpart
            for one, was, now in zip(came(before), cells(before), cells(after), strict=True):
                assert was == now or above + pointer in one.paths or one.field.equals, (pointer, one.field.name)


@pytest.mark.sweep
@pytest.mark.parametrize("sample", READ, ids=lambda sample: sample.name)
def test_a_leaf_that_changes_with_a_cell_names_it(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    made = read_with_care(sample, translation, given)
    if made is None:
        return
    before = [dict(leaves(document.tree)) for document in made.documents if not document.rejected]
    tried = 0
    for row in every(made.rows):
        for number, cell in enumerate(row.cells):
            if not isinstance(cell, str):
                continue
            row.cells[number] = changed(cell)
            after = drawn(translation, made.rows, given)
            row.cells[number] = cell
            if len(after) != len(before):
                continue
            known = {one.path for one in made.went if any(r is row and n == number for r, n in one.cells)}
            for old, new in zip(before, after, strict=True):
                if old.keys() == new.keys():
                    tried += 1
                    moved = {named(path) for path in old if old[path] != new[path]}
                    assert {path for path in moved if not covered(path, known)} == set(), row.record.fields[number].name
    assert tried or not any(before)


@pytest.mark.parametrize("sample", READ, ids=lambda sample: sample.name)
def test_what_is_known_without_a_file_holds_what_a_file_shows(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    made = read_with_care(sample, translation, given)
    if made is None:
        return
    known = {key: {(one.what, one.path) for one in some} for key, some in goes_to(translation.reader).items()}
    for one in made.went:
        for row, number in one.cells:
            assert (one.what, one.path) in known[id(row.record.fields[number])]


@pytest.mark.parametrize("sample", WRITTEN, ids=lambda sample: sample.name)
def test_the_paths_of_a_field_are_those_of_its_cells_without_their_turns(sample):
    translation = compiled(sample.mapping)
    given = given_for(sample.folder, sample.top, sample.system)
    for document in documents_of(sample, translation):
        known = sources(translation.writer.planned)
        for one in came(all_traced(translation, [document], given.context())[0]):
            paths = dict.fromkeys(named(path).replace("[]", "") for path in one.paths)
            assert list(paths) == [path.replace("[]", "") for path in known.get(id(one.field), ())]


def read_with_care(sample, translation, given):
    """What is traced of a sample; None of a file that is refused whole, as only a sample without documents may be."""
    try:
        return trace_read(translation, sample.sources(), given.context())
    except Rejected:
        assert [jsontext.decode(data, name) for name, data in sample.wanted().items()] == [[]]
        return None


def every(rows):
    """Rows, and those of the groups inside them."""
    for row in rows:
        yield row
        for cell in row.cells:
            yield from every(cell) if isinstance(cell, list) else ()


def drawn(translation, rows, given):
    made = pictured(translation.reader, rows, given.context(), "in", Findings())
    return [dict(leaves(document.tree)) for document in made if not document.rejected]


def named(pointer):
    """The path of a leaf, its lists marked: `containers[].trackingNumber`."""
    path = ""
    for step in pointer.split("/")[1:]:
        path += "[]" if step.isdigit() else f".{step}" if path else step
    return path


def covered(path, known):
    """A group, or a line of the order, decides about everything inside it."""
    return any(path == one or path.startswith(f"{one}.") or one == "" for one in known)


# --- what is hard to follow ------------------------------------------------------------------------------------------

ORDER = {
    "purchaseOrderNumber": "PO1",
    "orderDetails": {
        "shipmentDetails": {"messageToCustomer": "a long word or two for you"},
        "shipToParty": {"name": "A very long name of somebody", "city": "Newark"},
        "items": [
            {"title": "Kettle", "netPrice": {"amount": "2.00"}},
            {"title": "Mug", "netPrice": {"amount": "3.00"}},
        ],
    },
}


def paths(text, order=ORDER):
    translation = load("a/b.yaml", text.encode(), lambda name: None)
    made, _ = traced(translation, [Document("order", order)], Frozen(NOW))
    return {(one.row.record.name, one.field.name, one.number, index): one.paths for index, one in enumerate(made.came)}


def by_name(found, name):
    return [value for (_, field, _, _), value in found.items() if field == name]


def test_a_name_that_was_worked_out_leads_to_what_it_was_worked_out_from():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\nlet: {t: order.orderDetails.shipToParty, both: t.name ~ t.city}\n"
        "fields: {A: both | upper, B: \"'fixed'\"}\n"
    )
    assert by_name(found, "A") == [("/orderDetails/shipToParty/name", "/orderDetails/shipToParty/city")]
    assert by_name(found, "B") == [()]


def test_a_piece_of_a_text_leads_to_the_text_and_each_line_to_its_own_item():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\nrecords:\n"
        "  N: {each: piece in order.orderDetails.shipmentDetails.messageToCustomer | wrap(10), fields: {words: piece}}\n"
        "  I: {each: item in order.orderDetails.items, fields: {title: item.title}}\n"
    )
    assert set(by_name(found, "words")) == {("/orderDetails/shipmentDetails/messageToCustomer",)}
    assert by_name(found, "title") == [("/orderDetails/items/0/title",), ("/orderDetails/items/1/title",)]


def test_where_a_text_goes_on_the_second_field_leads_to_it_too():
    found = paths(
        "writes: order\nformat: fixed\nfile: a.txt\nfields:\n"
        "  n1: {len: 10, from: order.orderDetails.shipToParty.name, rest: n2}\n  n2: {len: 10, rest: n3}\n  n3: {len: 10}\n"
    )
    assert set(by_name(found, "n3")) == {("/orderDetails/shipToParty/name",)}


def test_a_condition_is_a_source_as_well():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\n"
        "fields: {A: {text: Y, when: order.orderDetails.shipToParty.city == 'Newark'}}\n"
    )
    assert by_name(found, "A") == [("/orderDetails/shipToParty/city",)]


def test_fields_of_a_group_inside_a_record_lead_to_the_turn_they_stand_in():
    found = paths(
        "writes: order\nformat: json\nfile: a.json\nfields:\n  po: order.purchaseOrderNumber\n"
        "  lines: {each: item in order.orderDetails.items, fields: {p: item.netPrice.amount}}\n"
    )
    assert by_name(found, "p") == [
        ("/orderDetails/items/0/netPrice/amount",),
        ("/orderDetails/items/1/netPrice/amount",),
    ]


def test_in_a_batch_the_way_begins_with_the_number_of_the_document():
    translation = load(
        "a/b.yaml",
        b"writes: order\nformat: csv\nfile: a.csv\nbatch: {most: 9}\n"
        b"each: order in batch\nfields: {A: order.purchaseOrderNumber}\n",
        lambda name: None,
    )
    made, _ = traced(translation, [Document("order", ORDER), Document("order", ORDER)], Frozen(NOW))
    assert [one.paths for one in made.came] == [("/0/purchaseOrderNumber",), ("/1/purchaseOrderNumber",)]


def test_what_cannot_be_written_is_left_out_of_the_draft_and_told():
    translation = load(
        "a/b.yaml",
        b"writes: order\nformat: csv\nfile: a.csv\n"
        b"fields: {A: order.purchaseOrderNumber, B: {from: order.orderDetails.shipToParty.name, max: 3}}\n",
        lambda name: None,
    )
    made, found = traced(translation, [Document("order", ORDER)], Frozen(NOW))
    assert made.draft == b"PO1,\n"
    assert [finding.code for finding in found] == ["value-too-long"]


def went(text, file):
    translation = load("a/b.yaml", text.encode(), lambda name: None)
    made = trace_read(translation, [("f", file)], Frozen(NOW))
    known = {key: {(one.what, one.path) for one in some} for key, some in goes_to(translation.reader).items()}
    assert all((one.what, one.path) in known[id(row.record.fields[n])] for one in made.went for row, n in one.cells)
    return {
        (one.what, one.path): [(row.place.line, row.record.fields[n].name) for row, n in one.cells] for one in made.went
    }


def test_a_name_of_a_record_around_is_followed_outwards_and_a_blank_cell_is_named():
    found = went(
        "reads: inventory_update\nformat: csv\nrecords:\n  H:\n    fields: {t: {is: H}, whs: {}}\n    records:\n"
        "      D: {times: 0.., fields: {t: {is: D}, sku: {}, qty: {type: integer}, note: {}}}\n"
        "documents:\n  warehouseId: H.whs\n  let: {twice: sum(D.qty)}\n"
        "  items: {each: D, vendorProductIdentifier: sku, buyerProductIdentifier: {maybe: note},\n"
        "          availableQuantity: {amount: qty, unitOfMeasure: {maybe: whs}}}\n",
        b"H,EWR1\nD,A,1,\nD,B,2,x\n",
    )
    assert found["value", "warehouseId"] == [(1, "whs")]
    assert found["value", "items[].vendorProductIdentifier"] == [(3, "sku")]  # the last of two turns
    assert found["value", "items[].availableQuantity.unitOfMeasure"] == [(1, "whs")]


def test_a_blank_cell_is_named_where_nothing_else_has_the_name():
    found = went(
        "reads: inventory_update\nformat: csv\nfields: {sku: {}, qty: {type: integer}, note: {}}\n"
        "documents: {warehouseId: {text: X}, items: {each: row, vendorProductIdentifier: sku, "
        "buyerProductIdentifier: {maybe: note}, availableQuantity: {amount: qty}}}\n",
        b"A,1,\n",
    )
    assert found["value", "items[].buyerProductIdentifier"] == [(1, "note")]


def test_a_name_worked_out_in_the_picture_leads_to_the_cells_it_was_worked_out_from():
    found = went(
        "reads: inventory_update\nformat: csv\nlet: {all: sum(qty)}\nfields: {sku: {}, qty: {type: integer}}\n"
        "documents: {warehouseId: {text: X}, items: {group: sku, let: {n: sum(qty) | whole}, "
        "vendorProductIdentifier: sku, availableQuantity: {amount: n}}}\n",
        b"A,1\nA,2\n",
    )
    assert found["value", "items[].availableQuantity.amount"] == [(1, "qty"), (2, "qty")]
    assert found["group", "items[]"] == [(1, "sku"), (2, "sku")]


def test_a_name_given_to_an_entry_is_followed():
    found = went(
        "reads: inventory_update\nformat: csv\nfields: {sku: {}, qty: {type: integer}}\n"
        "documents: {warehouseId: {text: X}, items: {each: line in row if line.qty > 0, vendorProductIdentifier: line.sku, "
        "availableQuantity: {amount: line.qty}}}\n",
        b"A,1\nB,0\n",
    )
    assert found["value", "items[].vendorProductIdentifier"] == [(1, "sku")]


def test_lists_inside_lists_are_followed_from_each_turn_outwards():
    found = went(
        "reads: inventory_update\nformat: csv\nrecords:\n"
        "  W: {times: 0.., fields: {t: {is: W}, whs: {}}, records: "
        "{S: {times: 0.., fields: {t: {is: S}, sku: {}}, records: {Q: {times: 0.., fields: {t: {is: Q}, n: {type: integer}}}}}}}\n"
        "documents:\n  each: W\n  warehouseId: whs\n  items: {each: W.S.Q, vendorProductIdentifier: S.sku, "
        "buyerProductIdentifier: sku, availableQuantity: {amount: n}}\n",
        b"W,EWR1\nS,A\nQ,1\nS,B\nQ,2\nQ,3\n",
    )
    assert found["value", "items[].vendorProductIdentifier"] == [(4, "sku")]
    assert found["value", "items[].availableQuantity.amount"] == [(6, "n")]


def test_a_path_through_a_list_leads_to_each_entry_and_a_loop_over_it_to_its_own():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\nrecords:\n"
        "  A: {fields: {first: first(order.orderDetails.items.title)}}\n"
        "  B: {each: t in order.orderDetails.items.title, fields: {title: t}}\n"
    )
    both = ("/orderDetails/items/0/title", "/orderDetails/items/1/title")
    assert by_name(found, "first") == [both]
    assert by_name(found, "title") == [both[:1], both[1:]]


def test_an_entry_picked_by_its_number_is_named_and_one_counted_from_the_end_may_be_any():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\nlet: {d: order.orderDetails}\n"
        "fields: {A: 'd.items[1].netPrice.amount', B: 'd.items[-1].title', C: '(d.items | default([]))[0].title',\n"
        "         D: {maybe: 'd.items[7].title'}, E: 'd.items.title[1]'}\n"
    )
    both = ("/orderDetails/items/0/title", "/orderDetails/items/1/title")
    assert by_name(found, "A") == [("/orderDetails/items/1/netPrice/amount",)]
    assert by_name(found, "B") == by_name(found, "E") == [both]
    assert by_name(found, "C") == [both[:1]]
    assert by_name(found, "D") == [("/orderDetails/items/7/title",)]


def test_a_loop_over_a_list_that_may_be_missing_leads_to_its_own_entry():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\n"
        "let: {lines: 'order.orderDetails.items | default([])', to: 'order.orderDetails.shipToParty | default({})'}\n"
        "each: item in lines\nfields: {title: item.title, city: to.city}\n"
    )
    assert by_name(found, "title") == [("/orderDetails/items/0/title",), ("/orderDetails/items/1/title",)]
    assert set(by_name(found, "city")) == {("/orderDetails/shipToParty/city",)}


def test_what_stands_in_for_a_missing_list_is_no_entry_of_it():
    found = paths(
        "writes: order\nformat: csv\nfile: a.csv\n"
        "each: \"item in order.orderDetails.items | default([{'title': 'X'}])\"\nfields: {title: item.title}\n",
        {"purchaseOrderNumber": "PO1", "orderDetails": {}},
    )
    assert by_name(found, "title") == [("/orderDetails/items",)]


def test_a_name_that_a_record_works_out_leads_to_its_own_cells():
    found = went(
        "reads: inventory_update\nformat: csv\nrecords:\n"
        "  S: {times: 0.., let: {free: qty - held}, fields: {sku: {}, qty: {type: integer}, held: {type: integer}}}\n"
        "documents: {warehouseId: {text: X}, items: {each: S if qty > 0, vendorProductIdentifier: sku, "
        "availableQuantity: {amount: free}}}\n",
        b"A,5,2\n",
    )
    assert found["value", "items[].availableQuantity.amount"] == [(1, "qty"), (1, "held")]
    assert found["when", "items[]"] == [(1, "qty")]
