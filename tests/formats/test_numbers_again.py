"""A control number that stood in its group, interchange or file before: what has it is refused, unless `check` bears it."""

import pytest

from tests.formats.interchanges import documents, made, order, rows, st, told, x12
from tests.formats.test_edifact import BODY, unb, unh
from tests.formats.test_edifact import SHIP as DESADV
from tests.formats.test_x12 import ONE, OTHER, SHIP

ORDERS = (order("PO1"), order("PO2"))
END = "IEA*1*000000007~"


@pytest.fixture(scope="module")
def ship():
    return made(SHIP)


@pytest.fixture(scope="module")
def desadv():
    return made(DESADV)


def groups(first="3", second="4", interchange="000000007"):
    """Give two groups of a transaction each, both of which are 0001."""
    one, other = (x12(st(*body)) for body in (ONE, OTHER))
    other = other[other.index("GS*") : other.index("IEA*")].replace("*3*X*", f"*{second}*X*")
    other = other.replace("GE*1*3~", f"GE*1*{second}~")
    return one.replace(END, f"{other}IEA*2*{interchange}~").replace("000000007", interchange)


@pytest.mark.parametrize("number, end", [("0001", "0001"), ("0001", "1"), ("00-1", "00-1"), ("A1", "A1")])
def test_a_transaction_whose_number_stood_in_its_group_is_refused_alone(ship, number, end):
    text = x12(st(*ONE, control=number), st(*OTHER, control=number))
    for count in (len(ONE) + 2, len(OTHER) + 2):
        text = text.replace(f"SE*{count}*{number}~", f"SE*{count}*{end}~")
    one, other = documents(ship, text, *ORDERS)
    assert (told(one.findings), told(other.findings)) == ([], ["envelope-repeated 10 ST"])
    assert (one.rejected, other.rejected) == (False, True)


def test_a_message_whose_reference_stood_in_its_interchange_is_refused_alone(desadv):
    one, other = documents(desadv, unb(unh(*BODY), unh(*BODY)), *ORDERS)
    assert (told(one.findings), told(other.findings)) == ([], ["envelope-repeated 13 UNH"])


def test_each_group_and_interchange_numbers_what_is_in_it_by_itself(ship, desadv):
    assert told(rows(ship, groups())[1]) == []
    assert told(rows(ship, groups() + groups(interchange="000000008"))[1]) == []
    other = unb(unh(*BODY), una="", control="43").replace("1805+42'", "1805+43'")
    assert told(rows(desadv, unb(unh(*BODY)) + other)[1]) == []


AGAIN = {
    "a group": (SHIP, groups(second="3"), "envelope-repeated 11 GS"),
    "an interchange": (SHIP, groups() + groups(), "envelope-repeated 19 ISA"),
    "an interchange of EDIFACT": (DESADV, unb(unh(*BODY)) + unb(unh(*BODY), una=""), "envelope-repeated 14 UNB"),
}


@pytest.mark.parametrize("what", AGAIN)
def test_what_is_around_transactions_and_comes_again_refuses_the_file(what):
    mapping, text, found = AGAIN[what]
    made_ = documents(made(mapping), text, *ORDERS)
    assert all(one.rejected for one in made_)
    assert found in told(made_[0].findings)


BORNE = {  # the trailer in which `check` says so, and a file in which the number of its header comes again
    "SE": (SHIP, x12(st(*ONE), st(*OTHER))),
    "GE": AGAIN["a group"][:2],
    "IEA": AGAIN["an interchange"][:2],
    "UNT": (DESADV, unb(unh(*BODY), unh(*BODY))),
    "UNZ": AGAIN["an interchange of EDIFACT"][:2],
}


@pytest.mark.parametrize("tag", BORNE)
@pytest.mark.parametrize("check, severities", [("warn", ["warning"]), ("'off'", [])])
def test_a_number_that_comes_again_is_borne_where_the_mapping_says_so(tag, check, severities):
    mapping, text = BORNE[tag]
    mild = made(mapping.replace("envelope: {", f"envelope: {{{tag}: {{control: {{check: {check}}}}}, "))
    found = [one for document in documents(mild, text, *ORDERS) for one in document.findings]
    assert [(one.code, str(one.severity)) for one in found] == [("envelope-repeated", one) for one in severities]
