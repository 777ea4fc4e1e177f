"""What happened is told to the journal whole, however much of it there is, and by a service that ends at once."""

from structlog.testing import capture_logs

from translator.service import journal
from translator.service.life import Life
from translator.service.notify import Supervisor
from translator.service.reload import Edits
from translator.service.signals import Asked


def test_more_than_one_look_takes_is_told_before_the_service_goes_on(opened):
    world, road = opened(orders=[])
    road.go(1)
    life = Life(world.site, road.ledger, road.pump, Asked(), Supervisor(), Edits(world.site))
    with road.ledger.commit() as book:
        life.told = book.events.last()
        for number in range(2 * journal.MOST + 1):
            book.events.note("service", f"happened {number}", {})
    with capture_logs() as told:
        life._beat()
    numbers = [int(one["event"].split()[1]) for one in told if one["event"].startswith("happened")]
    assert numbers == list(range(2 * journal.MOST + 1))
