"""No command shows a person out of the ledger: so there is no reading of personal data that the record would have to hold.

Every command stands in one of two lists here, so that a new one has to be thought about: what looks into the ledger, and
is run over orders with a mark in each personal field; and what does not look, or only at files that the person gives it.
"""

import click
import pytest
from click.testing import CliRunner

from tests.canaries import MARK, marked, seen_in
from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.world import orders_of
from translator.cli import program

LOOKS = {
    "show order": ["{number}"],
    "show held": [],
    "show alarms": [],
    "show audit": [],
    "show inventory": [],
    "show products": [],
    "show compared": [],
    "files": [],
    "reconcile": [],
    "explain": ["stock", "SKU1"],
    "audit verify": [],
    "hold": ["{number}", "--wait", "0"],
    "release": ["{number}", "--wait", "0"],
    "retry": ["{number}", "--wait", "0"],
    "resend": ["{file}", "--wait", "0"],
    "reoffer": ["SHIP.csv", "--wait", "0"],
    "deny": ["{number}", "--wait", "0"],
    "relabel": ["{number}", "--wait", "0"],
    "refuse": ["{number}", "--code", "03", "--wait", "0"],
    "reject": ["{number}", "--wait", "0"],
    "approve": ["SHIP.csv", "--wait", "0"],
    "compare": [],
    "arrived": ["{file}", "--wait", "0"],
}
# Asks no ledger; or makes, copies and changes one and tells counts; or shows what the person brought along.
ELSEWHERE = """
    backup check convert demo doctor init keys|backup keys|new keys|restore keys|rotate lookup|drop lookup|export lookup|set
    mark preview purge restore run sandbox|orders scaffold show|layout show|life show|lookup show|mapping show|routes
    show|schema simulate|amazon simulate|sftp simulate|warehouse test
"""


def commands(found, names=()):
    if not isinstance(found, click.Group):
        return [" ".join(names)]
    below = ((name, found.get_command(None, name)) for name in found.list_commands(None))
    return [name for one, command in below for name in commands(command, (*names, one))]


def test_every_command_was_thought_about():
    assert sorted(commands(program())) == sorted([*LOOKS, *(one.replace("|", " ") for one in ELSEWHERE.split())])


@pytest.fixture
def numbers(opened):
    """Give orders in all states: confirmed, told of wrongly by the warehouse, held, not taken; a label came for one."""
    given = [marked(order) for order in orders_of((LOCAL,), 3)]
    world, road = opened(orders=given)
    road.until(lambda: len(world.visible(LOCAL)) == 3)
    wrong = ship_csv(road.clock, shipment(given[1], carton=MARK, quantity="many"))
    world.place(LOCAL, "out/ship", "SHIP.csv", ship_csv(road.clock, shipment(given[0])))
    world.place(LOCAL, "out/ship", "WRONG.csv", wrong)
    first, second, last = (order["purchaseOrderNumber"] for order in given)
    road.until(lambda: road.ends("shipment_confirmation", first) == ["accepted"])
    with road.ledger.commit() as book:
        label = {"purchaseOrderNumber": last, "labelData": [{"trackingNumber": MARK, "content": MARK}]}
        book.documents.add("shipping_label", "us", last, label, about=last)
    return world, [first, second, last]


def test_what_is_shown_of_orders_tells_of_nobody(numbers):
    world, known = numbers
    said = []
    for command, words in LOOKS.items():
        for number in known:
            filled = [word.format(number=number, file=f"ORD-{number}.csv") for word in words]
            told = [*command.split(), *filled, "-C", world.site]
            said += [anyhow(*told), anyhow(*told, "--json")]
    assert any(known[0] in one for one in said)
    assert [one for one in said if seen_in(one.encode())] == []


def anyhow(*words):
    """Run a command, however it ends; give all it said."""
    result = CliRunner().invoke(program(), [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stdout + result.stderr
