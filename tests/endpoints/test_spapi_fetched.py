"""What Amazon has about one order, asked for by number, and in the list where it does not come alone."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.endpoints.spapi_bodies import SHIPPING, label, slip
from tests.endpoints.spapi_scripted import ORDERS, PERSON, Scripted, account, errors, leaked, page, reply, reset, told
from translator.core.finding import Rejected, Unavailable
from translator.documents.kind import Fetch
from translator.endpoints.endpoint import Outgoing, Seen
from translator.endpoints.spapi import Fetched
from translator.endpoints.spapi import listed as listing

SLIPS = f"{SHIPPING}/packingSlips"
SLIP = Fetch("getPackingSlip", "getPackingSlips", "shipping", "packingSlips", "packingSlips")
LABEL = Fetch("getShippingLabel", "getShippingLabels", "shipping", "shippingLabels", "shippingLabels")
INVOICE = Fetch("getCustomerInvoice", "getCustomerInvoices", "shipping", "customerInvoices", "customerInvoices")
ORDER = Fetch("getOrder", "", "orders", "purchaseOrders", "orders")
EMPTY = reply(200, {})


@dataclass
class Asking:
    endpoint: Fetched
    server: Scripted

    def __call__(self, number="A1", *steps):
        self.server.steps += steps
        return b"".join(self.endpoint.fetch(Seen(number, "")))


@pytest.fixture
def slips(server, clock):
    return Asking(Fetched(account(server.url, clock), clock, SLIP), server)


@pytest.fixture
def asking(server, clock):
    return lambda fetch, version="2021-12-28": Asking(
        Fetched(account(server.url, clock, version=version), clock, fetch), server
    )


def slips_page(*numbers, token=None):
    found = {"packingSlips": [slip(number) for number in numbers]}
    return reply(200, found | ({"pagination": {"nextToken": token}} if token else {}))


def queries(server, path=SLIPS):
    return [dict(parse_qsl(urlsplit(asked.target).query)) for asked in server.of(path)]


@pytest.mark.parametrize(
    "fetch, path, body",
    [
        (SLIP, f"{SLIPS}/A1", slip()),
        (LABEL, f"{SHIPPING}/shippingLabels/A1", label()),
        (INVOICE, f"{SHIPPING}/customerInvoices/A1", {"purchaseOrderNumber": "A1", "content": "JVBERi0x"}),
        (ORDER, f"{ORDERS}/A1", {"purchaseOrderNumber": "A1", "orderDetails": {"orderStatus": "CANCELLED"}}),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_body_is_given_as_it_came_asked_with_the_restricted_token(server, asking, fetch, path, body, wrapped):
    data = json.dumps({"payload": body} if wrapped else body, indent=3).encode()
    assert asking(fetch)("A1", reply(200, data)) == data
    assert server.asked[-1].target == path
    assert server.asked[-1].headers["x-amz-access-token"].startswith("Atz.sprdt|")


EMPTIES = [
    {},
    {"payload": {}},
    {"payload": {"purchaseOrderNumber": "A1"}},
    slip(content=""),
    slip(content=None),
    slip(content=" "),
    slip(content=17),
]


@pytest.mark.parametrize("body", EMPTIES)
def test_what_comes_empty_is_looked_for_in_the_list_of_seven_days(server, slips, body):
    assert json.loads(slips("A1", reply(200, body), slips_page("B2", "A1"))) == slip("A1")
    (query,) = queries(server)
    assert (query["createdAfter"], query["createdBefore"]) == ("2026-11-24T11:58:00Z", "2026-12-01T11:58:00Z")
    assert query["sortOrder"] == "DESC"


@pytest.mark.parametrize("answer", [reply(404, errors("NotFound")), reply(404), reply(404, b"<html>")])
def test_what_amazon_does_not_know_is_looked_for_in_the_list_too(slips, answer):
    assert json.loads(slips("A1", answer, slips_page("A1"))) == slip("A1")


@pytest.mark.parametrize("contents", [[""], ["XlhB", ""], [None]])
def test_a_label_is_there_when_each_package_has_its_content(asking, contents):
    labels = asking(LABEL)
    assert labels("A1", reply(200, label("A1", *contents)), reply(200, {"shippingLabels": []})) == b""
    assert labels("A1", reply(200, {**label(), "labelData": []})) == b""


def test_what_is_nowhere_yet_gives_no_bytes_and_is_no_trouble(slips):
    assert slips("A1", EMPTY, slips_page("B2")) == b""


def test_an_order_that_amazon_does_not_show_gives_no_bytes_and_no_list_is_asked(server, asking):
    assert asking(ORDER)("A1", reply(404, errors("NotFound"))) == b""
    assert server.of(ORDERS) == []


def test_an_element_of_the_list_is_given_whole_unknown_fields_too(slips):
    odd = slip("A1", novelty={"price": 1.10, "deep": [1, {"x": "ü"}]})
    assert json.loads(slips("A1", EMPTY, reply(200, {"packingSlips": [odd]}))) == odd


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_list_may_stand_in_a_payload_whatever_the_version(asking, wrapped):
    body = {"customerInvoices": [{"purchaseOrderNumber": "A1", "content": "JVBERi0x"}]}
    assert asking(INVOICE)("A1", EMPTY, reply(200, {"payload": body} if wrapped else body))


def test_the_list_is_read_once_in_five_minutes_for_all_that_is_missing(server, slips, clock):
    assert slips("A1", EMPTY, slips_page("C3")) == b""
    for number in ("B2", "C3"):
        assert slips(number, EMPTY) == b""
    assert len(queries(server)) == 1
    clock.step(listing.EVERY)
    assert slips("A1", EMPTY, slips_page("C3", "B2", "A1"))
    assert [bool(slips(number, EMPTY)) for number in ("B2", "C3")] == [True, True]
    assert len(queries(server)) == 2
    assert slips("C3", EMPTY) == b""  # it was given once


def test_the_list_is_read_page_by_page_until_all_is_found(server, slips):
    token = "+/= ü"
    steps = [slips_page("X1", token=token), slips_page("X2", "A1", token="more")]
    assert slips("A1", EMPTY, *steps)
    first, second = queries(server)
    assert second.pop("nextToken") == token
    assert first == second


def test_what_comes_alone_is_looked_for_no_more(server, slips, clock):
    assert slips("A1", EMPTY, slips_page()) == b""
    assert slips("A1", reply(200, slip())) != b""
    clock.step(listing.EVERY)
    assert slips("B2", EMPTY, slips_page("B2", token="more"))
    assert len(queries(server)) == 2


def test_what_nobody_asks_for_any_more_is_not_looked_for(server, slips, clock):
    assert slips("A1", EMPTY, slips_page()) == b""
    clock.step(listing.STALE + 1)
    assert slips("B2", EMPTY, slips_page("B2", token="more"))
    assert len(queries(server)) == 2


@pytest.mark.parametrize(
    "pages",
    [
        [slips_page("X1", token="t"), slips_page("X2", token="t")],
        [slips_page("X1", token="t1"), slips_page("X1", token="t2")],
        [slips_page(f"X{n}", token=f"t{n % 3}") for n in range(4)],
    ],
)
def test_pages_that_go_in_a_circle_come_to_an_end(server, slips, pages):
    assert slips("A1", EMPTY, *pages, slips_page("A1")) == b""
    assert len(queries(server)) == len(pages)


def test_empty_pages_are_no_circle(slips):
    assert slips("A1", EMPTY, slips_page(token="t1"), slips_page(token="t2"), slips_page("A1")) != b""


@pytest.mark.parametrize("token", [17, ["t"], {"t": 1}, True])
def test_a_token_that_is_no_text_is_the_end(server, slips, token):
    assert slips("A1", EMPTY, slips_page("X1", token=token), slips_page("A1")) == b""
    assert len(queries(server)) == 1


def test_a_list_without_end_is_read_to_a_bound(server, slips, monkeypatch):
    monkeypatch.setattr(listing, "PAGES", 5)
    assert slips("A1", EMPTY, *(slips_page(f"X{n}", token=f"t{n}") for n in range(9))) == b""
    assert len(queries(server)) == 5


def test_a_slow_list_is_left_after_a_minute(server, slips, clock):
    def slow(connection):
        clock.step(40)
        connection.sendall(slips_page(f"X{clock.ticks}", token=f"t{clock.ticks}"))
        return True

    assert slips("A1", EMPTY, slow, slow, slow) == b""
    assert len(queries(server)) == 2


def test_what_is_kept_for_others_is_bounded(server, slips, clock, monkeypatch):
    monkeypatch.setattr(listing, "BYTES", 150)
    assert [slips(number, EMPTY, *more) for number, more in (("A1", [slips_page()]), ("B2", []), ("C3", []))] == [
        b""
    ] * 3
    clock.step(listing.EVERY)
    assert slips("C3", EMPTY, slips_page("A1", "B2", "C3"))
    assert [bool(slips(number, EMPTY)) for number in ("A1", "B2")] == [True, False]


def test_numbers_that_are_missing_are_remembered_to_a_bound(slips, monkeypatch):
    monkeypatch.setattr(listing, "MISSING", 3)
    for number in range(9):
        slips(f"N{number}", EMPTY, *([slips_page()] if number == 0 else []))
    assert len(slips.endpoint._listed._missing) == 3


@pytest.mark.parametrize(
    "trouble", [reply(429), reply(503), reply(400, errors()), reset, reply(200, b"<html>"), reply(200, [1])]
)
def test_trouble_of_the_list_alone_is_none(slips, trouble):
    assert slips("A1", EMPTY, trouble) == b""


@pytest.mark.parametrize("body", [{"packingSlips": {"A1": slip()}}, {"packingSlips": [None, 1, "A1", []]}, {}])
def test_a_list_that_is_none_holds_nothing(slips, body):
    assert slips("A1", EMPTY, reply(200, body)) == b""


@pytest.mark.parametrize(
    "answer",
    [reply(429, Retry_After="9"), reply(500), reply(503), reply(302), reset, reply(200, b"<html>"), reply(200, [1])],
)
def test_trouble_is_unavailable(slips, answer):
    with pytest.raises(Unavailable):
        slips("A1", answer)


def test_a_refusal_is_for_a_person_and_quotes_nobody(slips):
    with pytest.raises(Unavailable, match="Amazon refuses getPackingSlip") as trouble:
        slips("A1", reply(400, errors()))
    assert trouble.value.wait >= 600
    assert leaked(told(trouble.value)) == []


def test_another_order_is_not_given(slips):
    with pytest.raises(Unavailable, match="amazon-other-order"):
        slips("A1", reply(200, slip("a1")))


def test_a_sandbox_has_one_slip_for_all_orders_and_that_is_nobodys(slips):
    slips.endpoint._account.sandbox = True
    assert slips("A1", reply(200, slip("UvgABdBjQ")), slips_page("UvgABdBjQ")) == b""
    assert slips("A1", reply(200, slip("A1"))) != b""


def test_a_number_is_one_part_of_the_path(server, slips):
    slips("A/b?c", EMPTY, slips_page())
    assert server.of(f"{SLIPS}/A%2Fb%3Fc")
    with pytest.raises(ValueError, match="plain parts"):
        slips("..")


def test_what_is_kept_is_not_shown(slips):
    slips("A1", EMPTY, slips_page())
    slips.endpoint._listed._due = 0.0
    slips("B2", EMPTY, reply(200, {"packingSlips": [slip("A1", x=PERSON), slip("B2", x=PERSON)]}))
    assert slips.endpoint._listed._kept
    assert leaked(repr(vars(slips.endpoint._listed))) == []


def test_the_other_calls_of_an_endpoint_do_nothing(slips):
    endpoint = slips.endpoint
    assert endpoint.list("mark").bookmark == "mark"
    assert (endpoint.list("").complete, list(endpoint.look([]))) == ((), [])
    with pytest.raises(Rejected):
        endpoint.put(Outgoing("x", b"", 1, "token"), lambda _: None)
    endpoint.close()


def test_orders_are_listed_elsewhere(server, asking):
    assert asking(ORDER)("A1", page()) == b""
    assert server.of(ORDERS) == []
