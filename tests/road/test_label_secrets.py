"""What Amazon's papers hold is a person's: neither events nor reasons, findings, names nor logs have any of it."""

import json
import logging

from tests.road.test_decisions import ask
from tests.road.test_labels import labelled, printed
from tests.road.test_newest_label import spoil

assert labelled  # a fixture


def parts(text):
    return {text[place : place + 40] for place in range(0, len(text) - 40, 40)}


def test_nothing_of_a_label_a_slip_or_a_person_is_told(labelled, caplog):
    caplog.set_level(logging.DEBUG)
    world, road, number = labelled(order={"isPslipRequired": True})
    seen = []
    for _ in range(2):
        world.amazon.spoilt.append(("shippingLabels/", lambda content: seen.append(content) or content))
    world.amazon.spoilt.append(("packingSlips/", lambda content: seen.append(content) or content))
    road.until(lambda: len(printed(world)) == 2)
    assert ask(road, "relabel", number)[0]
    road.until(lambda: len(printed(world)) == 3)
    world.amazon.spoilt.append(("shippingLabels/", spoil))
    assert ask(road, "relabel", number)[0]
    road.until(lambda: "shipping_label rejected" in road.events(number))
    body = world.amazon.state()["orders"][number]["body"]
    secrets = {str(body["orderDetails"]["shipToParty"][name]) for name in ("name", "addressLine1", "phone")}
    for content in seen:
        tree = json.loads(content)
        for one in tree.get("labelData", [tree]):
            secrets |= parts(one["content"])
    with road.look() as book:
        told = [repr(event) for event in book.events.of(f"us {number}")]
        told += [repr((work.subject, work.reason, work.awaits)) for work in book.work.find()]
        query = "SELECT receipt FROM attempt UNION ALL SELECT name FROM interchange"
        told += [repr(one) for one in book._connection.exec_driver_sql(query, ()).scalars()]
        told += [repr(one.findings) for one in book.documents.about("us", number)]
    told += [record.getMessage() for record in caplog.records]
    text = "\n".join(told)
    assert len(secrets) > 10
    assert [one for one in secrets if one in text] == []
