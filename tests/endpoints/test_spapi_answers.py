"""The table of reliability-security.md §2.1, a row at a time, over a real socket."""

import gzip
import json

import pytest

from tests.endpoints.spapi_clock import Clock
from tests.endpoints.spapi_scripted import (
    ECHO,
    ORDERS,
    PATH,
    PATIENT,
    QUICK,
    Scripted,
    account,
    cut,
    drip,
    errors,
    hang_up,
    leaked,
    reply,
    reset,
    silent,
    told,
)
from translator.core.finding import Rejected, Unavailable, Unknown

ID = {"transactionId": "20190904190535-eef8cad8-418e-4ed3-ac72-789e2ee6214a"}
BODY = b'{"orderAcknowledgements":[]}'
BOMB = gzip.compress(b" " * 50_000_000)


@pytest.fixture
def limits():
    return PATIENT


@pytest.fixture
def amazon(server, caplog, limits):
    caplog.set_level("DEBUG")
    opened = account(server.url, Clock(), limits)
    yield opened
    opened.close()
    assert leaked(caplog.text + repr(opened) + repr(vars(opened))) == []


def submit(amazon):
    """What a POST raised, or the transaction id; whatever was raised tells no secret."""
    return told_safely(lambda: amazon.submit(PATH, BODY))


def ask(amazon):
    return told_safely(lambda: amazon.ask(ORDERS))


def told_safely(call):
    try:
        return call()
    except (Unavailable, Unknown, Rejected) as raised:
        trouble = raised
    assert leaked(told(trouble)) == []
    return trouble


@pytest.mark.parametrize("body", [ID, {"payload": ID}])
def test_202_with_a_transaction_id_is_accepted(server, amazon, body):
    server.steps = [reply(202, body)]
    assert submit(amazon) == ID["transactionId"]
    (asked,) = server.posts()
    assert (asked.path, asked.body, asked.headers["content-type"]) == (PATH, BODY, "application/json")
    assert asked.headers["x-amz-access-token"].startswith("Atza|CanaryAccess")


UNUSABLE = {
    "truncated": cut(202, ID),
    "empty": reply(202),
    "html": reply(200, f"<html>{ECHO}</html>".encode()),
    "no id": reply(202, {"payload": {}}),
    "an id that is a number": reply(202, {"transactionId": 17}),
    "an id that is no path": reply(202, {"transactionId": "../../x"}),
    "an empty id": reply(202, {"transactionId": ""}),
    "a list": reply(202, [ID]),
    "NaN": reply(202, b'{"transactionId": "1", "x": NaN}'),
    "duplicate keys": reply(202, b'{"transactionId": "1", "transactionId": "2"}'),
    "endless digits": reply(202, b'{"transactionId": "1", "x": ' + b"9" * 5000 + b"}"),
    "deep": reply(202, b'{"transactionId": "1", "x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "too large": reply(202, b'{"transactionId": "1"}' + b" " * 200_000),
    "gzip bomb": reply(202, BOMB, Content_Encoding="gzip"),
    "broken gzip": reply(202, b"no gzip", Content_Encoding="gzip"),
    "half a gzip": reply(202, gzip.compress(json.dumps(ID).encode())[:-6], Content_Encoding="gzip"),
    "an encoding not asked for": reply(202, b"?", Content_Encoding="br"),
    "twice packed": reply(202, gzip.compress(gzip.compress(b"{}")), Content_Encoding="gzip, gzip"),
    "text in another charset": reply(202, '{"transactionId": "Ü"}'.encode("cp1252")),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_2xx_that_cannot_be_used_is_unknown_for_a_post_and_unavailable_for_a_get(server, amazon, case):
    server.steps = [UNUSABLE[case], UNUSABLE[case]]
    assert type(submit(amazon)) is Unknown
    if case not in ("an id that is a number", "an id that is no path", "an empty id", "no id"):
        assert type(ask(amazon)) is Unavailable
    assert len(server.posts()) == 1


def test_a_packed_answer_is_unpacked(server, amazon):
    server.steps = [reply(202, gzip.compress(json.dumps(ID).encode()), Content_Encoding="gzip")]
    assert submit(amazon) == ID["transactionId"]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 501, 599])
@pytest.mark.parametrize("body", [b"", b"<html>oops</html>", errors("InternalFailure")])
def test_a_5xx_is_unknown_for_a_post_and_unavailable_for_a_get(server, amazon, status, body):
    server.steps = [reply(status, body), reply(status, body)]
    assert type(submit(amazon)) is Unknown
    assert type(ask(amazon)) is Unavailable
    assert len(server.posts()) == 1


LOST = {
    "reset": reset,
    "hung up": hang_up,
    "half a status line": lambda c: c.sendall(b"HTTP/1.1 20"),
    "no HTTP": lambda c: c.sendall(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "endless headers": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000),
}
LATE = {
    "no answer in time": silent,
    "dripping headers": drip(b"HTTP/1.1 202 Accepted\r\n" + b"a: b\r\n" * 100),
    "dripping body": drip(b"HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\n\r\n" + b" " * 500),
    "interim answers without end": drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01),
}


@pytest.mark.parametrize(
    "step, limits",
    [*((step, PATIENT) for step in LOST.values()), *((step, QUICK) for step in LATE.values())],
    ids=[*LOST, *LATE],
)
def test_what_is_lost_after_the_first_byte_is_unknown_for_a_post_and_unavailable_for_a_get(server, amazon, step):
    server.steps = [step, step]
    assert type(submit(amazon)) is Unknown
    assert type(ask(amazon)) is Unavailable
    assert len(server.posts()) == 1  # the transport repeats nothing


@pytest.mark.parametrize("status", [400, 404, 413, 415])
def test_a_refusal_in_amazons_words_is_rejected_with_its_code_and_a_masked_text(server, amazon, status):
    server.steps = [
        reply(status, errors("InvalidInput"), x_amzn_RequestId="abc-123"),
        reply(status, errors("InvalidInput")),
    ]
    for trouble in (submit(amazon), ask(amazon)):
        assert type(trouble) is Rejected
        (finding,) = trouble.findings
        assert finding.code == "amazon-InvalidInput"
        assert "shipToParty.name" in finding.text


def test_a_refusal_names_the_request_for_amazons_support(server, amazon):
    server.steps = [reply(400, errors(), x_amzn_RequestId="abc-123")]
    assert submit(amazon).findings[0].hint == "request id abc-123"


def test_one_bare_error_is_a_list_of_one(server, amazon):
    server.steps = [reply(413, {"message": "Request Too Long"})]
    assert [finding.code for finding in submit(amazon).findings] == ["amazon-error"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", {}, {"errors": []}, {"errors": "x"}, {"errors": [1, None, {}]}, b"[1"]
)
def test_a_4xx_that_is_not_in_amazons_words_says_nothing_about_a_post(server, amazon, body):
    server.steps = [reply(400, body), reply(404, body), cut(400, errors())]
    assert type(submit(amazon)) is Unknown
    assert type(ask(amazon)) is Unavailable
    assert type(submit(amazon)) is Unknown


@pytest.mark.parametrize(
    "headers, wait",
    [
        ({}, 0),
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "99999999"}, 3600),
        ({"Retry_After": "-1"}, 0),
        ({"Retry_After": "soon"}, 0),
        ({"Retry_After": "Tue, 01 Dec 2026 12:00:30 GMT", "Date": "Tue, 01 Dec 2026 12:00:00 GMT"}, 30),
        ({"Retry_After": "Tue, 01 Dec 2026 12:00:30 GMT"}, 0),
        ({"x_amzn_RateLimit_Limit": "0.2"}, 5),
        ({"x_amzn_RateLimit_Limit": "10.0"}, 1),
        ({"x_amzn_RateLimit_Limit": "0"}, 0),
        ({"x_amzn_RateLimit_Limit": "NaN"}, 0),
    ],
)
def test_429_is_not_applied_and_says_how_long_to_wait(server, amazon, headers, wait):
    server.steps = [reply(429, errors("QuotaExceeded"), **headers)]
    trouble = submit(amazon)
    assert (type(trouble), trouble.wait) == (Unavailable, wait)


@pytest.mark.parametrize("status", [401, 403])
def test_a_denial_is_tried_once_more_with_fresh_tokens(server, amazon, status):
    server.steps = [reply(status, errors("Unauthorized")), reply(202, ID)]
    assert submit(amazon) == ID["transactionId"]
    first, second = (asked.headers["x-amz-access-token"] for asked in server.posts())
    assert first != second


@pytest.mark.parametrize("status", [401, 403])
def test_a_second_denial_is_a_matter_of_rights(server, amazon, status):
    server.steps = [reply(status, errors("Unauthorized"))] * 4
    for trouble in (submit(amazon), ask(amazon)):
        assert type(trouble) is Unavailable
        assert "Direct-to-Consumer Shipping" in trouble.reason
        assert trouble.wait >= 600
    assert server.steps == []


def test_409_is_read_back_and_never_repeated(server, amazon):
    server.steps = [reply(409, errors()), reply(409, errors())]
    assert type(submit(amazon)) is Unknown
    assert type(ask(amazon)) is Unavailable


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_a_redirect_is_never_followed(server, amazon, status):
    elsewhere = Scripted()
    server.steps = [reply(status, Location=f"{elsewhere.url}/take/it")] * 2
    for trouble in (submit(amazon), ask(amazon)):
        assert type(trouble) is Unavailable
        assert "redirect" in trouble.reason
    assert elsewhere.connections == 0
    elsewhere.close()


@pytest.mark.parametrize("status", [402, 405, 408, 418, 451])
def test_a_status_that_the_table_does_not_know_says_nothing_about_a_post(server, amazon, status):
    server.steps = [reply(status, errors()), reply(status, errors())]
    assert type(submit(amazon)) is Unknown
    assert type(ask(amazon)) is Unavailable


def test_nobody_at_home_is_not_sent(server, amazon):
    server.steps = [reply(202, ID)]
    submit(amazon)
    server.close()
    gone = account("http://127.0.0.1:9", Clock())
    trouble = submit(gone)
    assert type(trouble) is Unavailable
    assert "cannot connect" in trouble.reason


def test_a_name_that_does_not_resolve_is_not_sent():
    trouble = submit(account("https://amazon.invalid", Clock()))
    assert type(trouble) is Unavailable


def test_errors_beside_nothing_are_no_answer(server, amazon):
    server.steps = [reply(200, errors("InternalFailure"))]
    trouble = ask(amazon)
    assert (type(trouble), "amazon-InternalFailure" in trouble.reason) == (Unavailable, True)


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/a/../b", "/a?x=1", "/a b", "@evil.example", "/a\n", "/a/.", "", "/a#b"]
)
def test_a_path_that_leads_elsewhere_is_our_own_fault(server, amazon, path):
    with pytest.raises(ValueError, match="plain parts"):
        amazon.submit(path, BODY)
    assert server.asked == []
