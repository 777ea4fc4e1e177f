"""Places of many records are made when somebody asks."""

from translator.core.finding import Place, Places, joined

SOME = Places("ship.txt", "row", range(3, 6))


def test_they_are_like_a_tuple_of_places():
    made = tuple(Place("ship.txt", line, record="row") for line in (3, 4, 5))
    assert (len(SOME), SOME[0], SOME[-1], repr(SOME), hash(SOME)) == (3, made[0], made[2], repr(made), hash(made))
    assert made == SOME
    assert made == SOME
    assert SOME[1:] == made[1:]
    assert made[1:] != SOME
    assert SOME != "ship.txt"


def test_places_of_one_record_in_one_file_are_joined_without_being_made():
    found = joined([SOME, [Place("ship.txt", 9, record="row")], Places("ship.txt", "row", [11])])
    assert isinstance(found, Places)
    assert [place.line for place in found] == [3, 4, 5, 9, 11]


def test_others_are_joined_one_by_one():
    for other in (Places("other.txt", "row", [1]), [Place("ship.txt", 9, 2, "row")], [Place("ship.txt", 9)]):
        assert joined([SOME, other]) == (*SOME, *other)
    assert joined([[Place("a")], [Place("b")]]) == (Place("a"), Place("b"))
