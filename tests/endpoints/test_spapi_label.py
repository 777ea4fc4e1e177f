"""Labels that come in the answer, or by a transaction where Amazon refuses that; and what became of them."""

import json

import pytest

from tests.endpoints.spapi_bodies import SHIPPING, ZPL, label
from tests.endpoints.spapi_scripted import QUICK, account, cut, errors, hang_up, leaked, reply, reset, silent, told
from translator.core.finding import Rejected, Unavailable, Unknown
from translator.endpoints.endpoint import Outgoing, Put, Receipt, Seen, Verdict
from translator.endpoints.spapi import Bringing, Labels
from translator.endpoints.spapi import label as module
from translator.endpoints.spapi.wire import Limits

ONE = f"{SHIPPING}/shippingLabels/A1"
ASYNC = f"{SHIPPING}/shippingLabels"
TRANSACTION = "/vendor/directFulfillment/transactions/2021-12-28/transactions/1-2"
BODY = {"sellingParty": {"partyId": "ACMEG"}, "shipFromParty": {"partyId": "EWR1"}}
ID = reply(202, {"transactionId": "1-2"})
DENIED = reply(403, errors("Unauthorized"))


def turned(data, number):
    return json.dumps({"shippingLabelRequests": [{"purchaseOrderNumber": number, **json.loads(data)}]}).encode()


@pytest.fixture
def labels(server, clock):
    return Labels(account(server.url, clock), clock, ASYNC, turned)


def outgoing(number="A1"):
    return Outgoing("label", json.dumps(BODY).encode(), 1, "token", path=f"{ASYNC}/{number}", about=number)


def never(_):
    raise AssertionError("a POST is not staged")


def put(server, labels, *steps, number="A1"):
    server.steps += steps
    return labels.put(outgoing(number), never)


def looked(server, labels, receipt, *steps, about="A1"):
    server.steps = list(steps)
    (answer,) = labels.look([Put("label", receipt, about=about)])
    assert leaked(repr(answer)) == []
    return answer.verdict


def posts(server):
    return [asked.path for asked in server.posts()]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_label_comes_with_the_answer_as_it_came(server, labels, wrapped):
    body = label("A1", ZPL, ZPL, novelty=1)
    data = json.dumps({"payload": body} if wrapped else body, indent=2).encode()
    assert put(server, labels, reply(200, data)) == Receipt(data=data)
    (asked,) = server.posts()
    assert (asked.path, json.loads(asked.body)) == (ONE, BODY)
    assert asked.headers["x-amz-access-token"].startswith("Atz.sprdt|")
    assert looked(server, labels, Receipt()) is Verdict.ACCEPTED  # nothing more is asked


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, {}),
        reply(200, {"payload": {}}),
        reply(200, {**label(), "labelData": []}),
        reply(200, label("A1", "")),
        reply(200, label("A1", ZPL, "")),
        reply(200, label("B2")),
        reply(200, {"transactionId": "1-2"}),
        reply(200, b"<html>"),
        reply(200, [1]),
        reply(200, {"errors": [{"code": "InternalFailure", "message": "x"}]}),
        reply(202),
        cut(200, label()),
        reply(500),
        reply(503),
        reply(504),
        reset,
        hang_up,
        reply(409, errors("Conflict")),
    ],
)
def test_where_no_label_came_it_may_have_been_made_and_nothing_is_asked_twice(server, labels, answer):
    with pytest.raises(Unknown) as trouble:
        put(server, labels, answer)
    assert leaked(told(trouble.value)) == []
    assert posts(server) == [ONE]


def test_where_no_answer_came_in_time_it_may_have_been_made(server, clock):
    labels = Labels(account(server.url, clock, QUICK), clock, ASYNC, turned)
    with pytest.raises(Unknown):
        put(server, labels, silent)
    assert posts(server) == [ONE]


@pytest.mark.parametrize("answer", [reply(400, errors()), reply(404, errors("NotFound")), reply(413, errors())])
def test_what_amazon_has_against_the_data_is_a_refusal_and_goes_no_other_way(server, labels, answer):
    with pytest.raises(Rejected) as trouble:
        put(server, labels, answer)
    assert leaked(told(trouble.value)) == []
    assert posts(server) == [ONE]


@pytest.mark.parametrize("answer", [reply(429, Retry_After="9"), reply(302)])
def test_what_was_not_applied_is_unavailable(server, labels, answer):
    with pytest.raises(Unavailable):
        put(server, labels, answer)
    assert posts(server) == [ONE]


@pytest.mark.parametrize(
    "refusals",
    [
        [DENIED, DENIED],
        [reply(401), reply(403)],
        [reply(404)],
        [reply(404, b"<html>")],
        [reply(404, errors("UnknownOperationException"))],
        [reply(404, b"", x_amzn_ErrorType="UnknownOperationException:http://internal")],
        [reply(400, errors("UnsupportedOperation"))],
        [reply(405)],
        [reply(501)],
    ],
)
def test_where_the_operation_is_refused_the_same_request_goes_to_the_other_one(server, labels, refusals):
    assert put(server, labels, *refusals, ID) == Receipt("1-2")
    assert posts(server) == [ONE] * len(refusals) + [ASYNC]
    assert json.loads(server.posts()[-1].body) == {"shippingLabelRequests": [{"purchaseOrderNumber": "A1", **BODY}]}
    assert server.posts()[-1].headers["x-amz-access-token"].startswith("Atza|")


def test_where_amazon_gives_no_token_for_it_the_other_operation_is_taken(server, labels):
    refused = reply(400, errors(message="Application do not have access to some or all requested resource"))
    server.restricts = [refused, refused]
    assert put(server, labels, ID) == Receipt("1-2")
    assert posts(server) == [ASYNC]


def test_a_refused_operation_is_left_alone_for_a_day(server, labels, clock):
    put(server, labels, DENIED, DENIED, ID)
    put(server, labels, ID)
    assert posts(server)[2:] == [ASYNC, ASYNC]
    clock.step(module.DAY)
    put(server, labels, reply(200, label()))
    assert posts(server)[-1] == ONE


def test_where_both_are_denied_nothing_is_remembered(server, labels):
    with pytest.raises(Unavailable, match="denies access"):
        put(server, labels, DENIED, DENIED, DENIED, DENIED)
    put(server, labels, reply(200, label()))
    assert posts(server)[-1] == ONE


def test_a_lost_answer_of_the_other_operation_is_unknown_too(server, labels):
    with pytest.raises(Unknown):
        put(server, labels, DENIED, DENIED, reset)
    assert posts(server) == [ONE, ONE, ASYNC]


@pytest.mark.parametrize(
    "answer, verdict",
    [
        (reply(200, label()), Verdict.ACCEPTED),
        (reply(200, {"payload": label()}), Verdict.ACCEPTED),
        (reply(200, {}), Verdict.NOT_THERE),
        (reply(200, {"payload": {}}), Verdict.NOT_THERE),
        (reply(200, {**label(), "labelData": []}), Verdict.NOT_THERE),
        (reply(200, label("A1", "")), Verdict.NOT_THERE),
        (reply(404, errors("NotFound")), Verdict.NOT_THERE),
        (reply(200, label("a1")), Verdict.CANNOT_TELL),
        (reply(400, errors()), Verdict.CANNOT_TELL),
        (reply(500), Verdict.WAITING),
        (reply(200, b"<html>"), Verdict.WAITING),
    ],
)
def test_an_unknown_outcome_is_read_off_the_label(server, labels, answer, verdict):
    assert looked(server, labels, None, answer) is verdict
    assert server.asked[-1].path == ONE
    assert server.asked[-1].method == "GET"


@pytest.mark.parametrize(
    "steps, verdict",
    [
        (["Processing"], Verdict.WAITING),
        (["Failure"], Verdict.REFUSED),
        (["Success", reply(200, label())], Verdict.ACCEPTED),
        (["Success", reply(200, {})], Verdict.WAITING),
        (["Success", reply(404, errors("NotFound"))], Verdict.WAITING),
        (["Success", reply(400, errors())], Verdict.WAITING),
        (["Success", reply(200, label("b2"))], Verdict.CANNOT_TELL),
    ],
)
def test_a_transaction_is_believed_when_its_label_is_there(server, labels, steps, verdict):
    status = reply(200, {"transactionStatus": {"transactionId": "1-2", "status": steps[0]}})
    assert looked(server, labels, Receipt("1-2"), status, *steps[1:]) is verdict
    assert [asked.path for asked in server.asked if asked.method == "GET"] == [TRANSACTION, ONE][: len(steps)]


def test_a_conflict_is_read_back_and_never_repeated(server, labels):
    with pytest.raises(Unknown):
        put(server, labels, reply(409, errors("Conflict")))
    assert looked(server, labels, None, reply(200, {})) is Verdict.CANNOT_TELL  # not "not there", which is repeated
    assert looked(server, labels, None, reply(200, label())) is Verdict.ACCEPTED
    with pytest.raises(Unknown):
        put(server, labels, reply(503), number="B2")
    assert looked(server, labels, None, reply(200, {}), about="B2") is Verdict.NOT_THERE


def test_conflicts_are_remembered_to_a_bound(server, labels, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    for number in ("A1", "B2", "C3"):
        with pytest.raises(Unknown):
            put(server, labels, reply(409), number=number)
    assert list(labels._conflicts) == ["B2", "C3"]


def test_trouble_of_all_is_unavailable_and_keeps_what_was_told(server, labels):
    puts = [Put("label", None, about="A1")] * 3
    server.steps = [reply(200, label()), reply(429)]
    assert [one.verdict for one in labels.look(puts)] == [Verdict.ACCEPTED, Verdict.WAITING, Verdict.WAITING]
    server.steps = [reply(503)]
    with pytest.raises(Unavailable):
        labels.look(puts)


def test_a_label_may_take_its_time():
    """Amazon says three to five seconds."""
    assert Limits().read >= 30
    assert Limits().total >= 60


def test_the_label_of_a_container_comes_with_the_answer_and_nothing_shows_it_later(server, clock):
    pallets = Bringing(account(server.url, clock))
    data = json.dumps({"containerLabel": {"containerTrackingNumber": "TBA1", "content": ZPL, "format": "ZPL"}}).encode()
    server.steps = [reply(200, data)]
    post = Outgoing("pallet", b"{}", 1, "token", path=f"{SHIPPING}/containerLabel", about="P1")
    assert pallets.put(post, never) == Receipt(data=data)
    assert [one.verdict for one in pallets.look([Put("p", Receipt()), Put("p", None)])] == [
        Verdict.ACCEPTED,
        Verdict.CANNOT_TELL,
    ]
    for answer in (reply(200, {"containerLabel": {"content": ""}}), reply(200, {}), reply(503), reset):
        server.steps = [answer]
        with pytest.raises(Unknown):
            pallets.put(post, never)
    server.steps = [reply(400, errors())]
    with pytest.raises(Rejected):
        pallets.put(post, never)


@pytest.mark.parametrize("make", [lambda labels: labels, lambda labels: Bringing(labels._account)])
def test_the_other_calls_of_an_endpoint_do_nothing(labels, make):
    endpoint = make(labels)
    assert endpoint.list("mark").bookmark == "mark"
    assert (list(endpoint.fetch(Seen("x", ""))), list(endpoint.look([]))) == ([], [])
    endpoint.close()
