"""What is given or known ahead: ids of rows that wait, what was looked up with others, trees that were just packed."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest

from translator.core.work import End
from translator.ledger import packed
from translator.ledger.packed import Leaves
from translator.ledger.trouble import NameTaken


def put(book, number, kind="order", about=""):
    return book.documents.add(kind, "us", number, {"purchaseOrderNumber": number, "n": Decimal("1.50")}, about=about)


def test_a_row_that_waits_is_named_by_its_id_and_lies_there_under_it(ledger):
    with ledger.commit() as book:
        made = [put(book, number) for number in "ABC"]
        files = [book.interchanges.add_out("to", number, number.encode()) for number in "ABC"]
        for one, file in zip(made, files, strict=True):
            book.contents.add(file.id, one.id, 0, "r")
    with ledger.look() as book:
        assert [book.documents.lying_in(file.id)[0].key for file in files] == list("ABC")
        assert [book.bodies.read(file.body) for file in files] == [b"A", b"B", b"C"]


def test_no_id_is_given_twice_by_a_later_commit_one_that_failed_or_after_a_deletion(ledger):
    with ledger.commit() as book:
        first = [book.bodies.add(b"1") for _ in range(3)]
        book.bodies.drop(first[-1])
    with suppress(ValueError), ledger.commit() as book:
        book.bodies.add(b"2")
        raise ValueError
    with ledger.commit() as book:
        with suppress(ValueError), book.apart():
            book.bodies.add(b"3")
            raise ValueError
        later = [book.bodies.add(b"4") for _ in range(3)]
    with ledger.look() as book:
        assert min(later) > max(first)
        assert [book.bodies.read(id) for id in (*first, *later)] == [b"1", b"1", b"", b"4", b"4", b"4"]


def test_of_several_that_are_written_together_the_one_whose_name_is_taken_alone_is_told(ledger):
    failed = []

    def act(names):
        return [book.interchanges.add_out("to", name, b"x").name for name in names]

    with ledger.commit() as book:
        book.interchanges.add_out("to", "b", b"before")
        made = book.together(["a", "b", "c", "c"], act, lambda name, error: failed.append((name, type(error))))
        assert made == ["a", "c"]
        with pytest.raises(NameTaken):
            book.interchanges.add_out("to", "a", b"x")
    assert failed == [("b", NameTaken), ("c", NameTaken)]


def test_what_comes_after_a_name_that_was_taken_is_none_of_its_fault(ledger):
    """The names of a group are looked at together: a part set apart in it must not be blamed for one before it."""

    def act(names):
        for name in names:
            try:
                with book.apart():
                    book.interchanges.add_out("to", name, b"x")
            except NameTaken:
                taken.append(name)
        return list(names)

    taken: list[str] = []
    with ledger.commit() as book:
        book.interchanges.add_out("to", "a", b"before")
        assert book.together(["a", "b"], act, lambda *_: None) == ["a", "b"]
    assert taken == ["a"]


CHANGES = {
    "nothing": lambda book, stored: None,
    "another revision": lambda book, stored: put(book, "A"),
    "one about it": lambda book, stored: put(book, "C1", "shipment_confirmation", "A"),
    "an end": lambda book, stored: book.documents.end(stored.id, End.CLOSED),
    "another tree": lambda book, stored: book.documents.retree(stored.id, {"purchaseOrderNumber": "A", "n": 2}),
    "one of another key": lambda book, stored: put(book, "Z"),
}


def view(book):
    """Say all that can be asked about what stands under three keys."""
    found = [book.documents.about("us", key, kind) for key in "ABZ" for kind in (None, "order")]
    newest = [book.documents.newest("order", "us", key) for key in "ABZ"]
    return [[(one.id, one.revision, one.end, one.tree) for one in some] for some in [*found, [n for n in newest if n]]]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_looked_up_with_others_is_told_as_the_book_tells_it_whatever_changes(ledger, order, change):
    stored = order("A")
    with ledger.commit() as book:
        book.documents.foresee("us", ["A", "B", "Z"])
        change(book, stored)
        remembered = view(book)
    with ledger.look() as book:
        assert view(book) == remembered


def test_what_was_looked_up_is_not_asked_again(ledger, order, monkeypatch):
    order("A")
    with ledger.commit() as book:
        put(book, "Y"), put(book, "Z")  # the ids of some more are known by now
        book.documents.foresee("us", ["A", "B"])
        monkeypatch.setattr(type(book.documents._connection), "_said", None)
        assert book.documents.newest("order", "us", "A").key == "A"
        assert book.documents.newest("order", "us", "B") is None
        put(book, "B")
        assert [one.revision for one in book.documents.about("us", "B")] == [1]
        monkeypatch.undo()


def test_what_was_added_in_a_part_that_is_taken_back_is_not_remembered(ledger):
    with ledger.commit() as book:
        book.documents.foresee("us", ["A"])
        with suppress(ValueError), book.apart():
            put(book, "A")
            raise ValueError
        assert book.documents.newest("order", "us", "A") is None
        assert put(book, "A").revision == 1


def test_a_tree_that_was_just_packed_is_not_unpacked_and_then_forgotten():
    tree = {"n": Decimal("1.50"), "of": "test_ahead"}
    lying = Leaves.of(tree).packed
    assert Leaves(bytes(lying)).tree is tree
    again = Leaves(bytes(lying)).tree
    assert again == tree
    assert again is not tree


def test_only_so_many_trees_are_remembered():
    fresh = packed._Fresh(10)
    for number in range(9):
        fresh.put(b"%d%d" % (number, number), number)
    assert [fresh.take(b"%d%d" % (number, number)) for number in range(9)] == [None, None, None, None, 4, 5, 6, 7, 8]
    fresh.put(b"x" * 11, "too large")
    assert fresh.take(b"x" * 11) is None
