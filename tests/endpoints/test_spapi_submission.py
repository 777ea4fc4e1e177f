"""Submitting, and what became of it: against the pretend Amazon, and against scripted answers."""

import json
from pathlib import Path

import pytest

from tests.endpoints.spapi_clock import NOW
from tests.endpoints.spapi_scripted import ORDERS, PATH, account, errors, leaked, reply, reset
from translator.core.finding import Severity, Unavailable, Unknown
from translator.core.private import Private
from translator.endpoints.endpoint import Outgoing, Put, Receipt, Verdict
from translator.endpoints.spapi import Submission
from translator.endpoints.spapi.submission import shown
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

TRANSACTION = "/vendor/directFulfillment/transactions/2021-12-28/transactions/1-2"
EXAMPLES = Path(__file__).parents[3] / "shared" / "spapi-models" / "examples"


@pytest.fixture
def acks(server, clock):
    return Submission(account(server.url, clock), "submitAcknowledgement")


def outgoing(body, path=PATH):
    return Outgoing("ack", json.dumps(body).encode(), 1, "token", path=path)


def followed(number="1-2"):
    return Put("ack", Receipt(number), evidence="ACCEPTED", about="A1")


def unknown(evidence="ACCEPTED", about="A1"):
    return Put("ack", None, evidence=evidence, about=about)


def never(_):
    raise AssertionError("a POST is not staged")


def state(status, **more):
    return reply(200, {"transactionStatus": {"transactionId": "1-2", "status": status} | more})


def order(status, number="A1"):
    return reply(200, {"purchaseOrderNumber": number, "orderDetails": {"orderStatus": status}})


def looked(server, submission, put, *steps):
    server.steps = list(steps)
    (answer,) = submission.look([put])
    assert leaked(repr(answer)) == []
    return answer


# --- against the pretend Amazon -------------------------------------------------------------------------------------


@pytest.fixture
def amazon(clock):
    pretend = Amazon(AmazonSettings(vendor="ACMEG"), sample_orders("ACMEG", ["EWR1"], 3, NOW), clock).start()
    yield pretend
    pretend.stop()
    assert pretend.state()["crashes"] == []


@pytest.fixture
def acknowledging(amazon, clock):
    ours = account(
        amazon.url,
        clock,
        client_id=amazon.settings.client_id,
        client_secret=lambda: Private(amazon.settings.client_secret),
        refresh_token=lambda: Private(amazon.settings.refresh_token),
    )
    yield Submission(ours, "submitAcknowledgement")
    ours.close()


def ack_of(order, code="00"):
    details = order["orderDetails"]
    acknowledged = {
        "purchaseOrderNumber": order["purchaseOrderNumber"],
        "vendorOrderNumber": order["purchaseOrderNumber"],
        "acknowledgementDate": "2026-12-01T12:00:00Z",
        "acknowledgementStatus": {"code": code, "description": "said so"},
        "sellingParty": {"partyId": details["sellingParty"]["partyId"]},
        "shipFromParty": {"partyId": details["shipFromParty"]["partyId"]},
        "itemAcknowledgements": [
            {
                "itemSequenceNumber": item["itemSequenceNumber"],
                "buyerProductIdentifier": item["buyerProductIdentifier"],
                "vendorProductIdentifier": item["vendorProductIdentifier"],
                "acknowledgedQuantity": {"amount": item["orderedQuantity"]["amount"], "unitOfMeasure": "Each"},
            }
            for item in details["items"]
        ],
    }
    return {"orderAcknowledgements": [acknowledged]}


@pytest.fixture
def ordered():
    return next(o for o in sample_orders("ACMEG", ["EWR1"], 3, NOW) if o["orderDetails"]["orderStatus"] == "NEW")


def test_an_acknowledgement_is_followed_to_success(acknowledging, ordered, clock):
    receipt = acknowledging.put(outgoing(ack_of(ordered)), never)
    put = Put("ack", receipt, about=ordered["purchaseOrderNumber"], evidence="ACCEPTED")
    assert acknowledging.look([put])[0].verdict is Verdict.WAITING
    clock.step(5)
    assert acknowledging.look([put])[0].verdict is Verdict.ACCEPTED


def test_a_refused_acknowledgement_has_amazons_reason(acknowledging, ordered, clock):
    body = ack_of(ordered)
    body["orderAcknowledgements"][0]["purchaseOrderNumber"] = "Unknown1"
    receipt = acknowledging.put(outgoing(body), never)
    clock.step(5)
    (answer,) = acknowledging.look([Put("ack", receipt)])
    assert answer.verdict is Verdict.REFUSED
    assert answer.findings[0].code == "amazon-INVALID_ORDER_ID"


@pytest.mark.parametrize(
    "fault, verdict, effects",
    [
        ("applied_then_503", Verdict.ACCEPTED, 1),
        ("applied_then_closed", Verdict.ACCEPTED, 1),
        ("closed", Verdict.NOT_THERE, 0),
    ],
)
def test_a_lost_answer_is_settled_by_reading_the_order_back(
    amazon, acknowledging, ordered, clock, fault, verdict, effects
):
    amazon.fail(fault, "submitAcknowledgement")
    with pytest.raises(Unknown):
        acknowledging.put(outgoing(ack_of(ordered)), never)
    clock.step(1200)
    (answer,) = acknowledging.look([unknown(about=ordered["purchaseOrderNumber"])])
    assert answer.verdict is verdict
    counted = amazon.state()["effects"].get("submitAcknowledgement", {})
    assert counted.get(ordered["purchaseOrderNumber"], 0) == effects


def test_the_other_way_is_for_a_person(amazon, acknowledging, ordered, clock):
    amazon.cancel(ordered["purchaseOrderNumber"])
    (answer,) = acknowledging.look([unknown(about=ordered["purchaseOrderNumber"])])
    assert answer.verdict is Verdict.CANNOT_TELL


# --- against scripted answers ---------------------------------------------------------------------------------------


def test_a_post_sends_the_bytes_as_they_are(server, acks):
    server.steps = [reply(202, {"transactionId": "1-2"})]
    sent = outgoing({"a": "ü"})
    assert acks.put(sent, never) == Receipt("1-2")
    assert [asked.body for asked in server.posts()] == [sent.data]


@pytest.mark.parametrize(
    "status, verdict",
    [
        ("Processing", Verdict.WAITING),
        ("Success", Verdict.ACCEPTED),
        ("Failure", Verdict.REFUSED),
        ("SUCCESS", Verdict.ACCEPTED),
        ("Odd", Verdict.WAITING),
        (None, Verdict.WAITING),
        (17, Verdict.WAITING),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_transaction_is_followed_to_its_end(server, acks, status, verdict, wrapped):
    body = {"transactionStatus": {"transactionId": "1-2", "status": status}}
    assert looked(server, acks, followed(), reply(200, {"payload": body} if wrapped else body)).verdict is verdict
    assert [asked.path for asked in server.asked][-1] == TRANSACTION


ERROR = {"code": "INVALID_ITEM_ID", "message": "AAA is not a valid product ID", "details": ""}


@pytest.mark.parametrize("shape", [[ERROR], {"errors": [ERROR]}, ERROR, {"errors": {"errors": [ERROR]}}])
def test_the_reasons_of_a_failure_are_read_in_every_shape(server, acks, shape):
    answer = looked(server, acks, followed(), state("Failure", errors=shape))
    assert [(finding.code, finding.text) for finding in answer.findings] == [
        ("amazon-INVALID_ITEM_ID", "AAA is not a valid product ID")
    ]


@pytest.mark.parametrize("inside", [{}, {"errors": []}, {"errors": None}, {"errors": {"errors": []}}])
def test_the_reasons_of_a_failure_may_stand_beside_it(server, acks, inside):
    status = {"transactionId": "1-2", "status": "Failure"} | inside
    body = {"payload": {"transactionStatus": status}, "errors": [ERROR]}
    assert looked(server, acks, followed(), reply(200, body)).findings[0].code == "amazon-INVALID_ITEM_ID"


@pytest.mark.parametrize("shape", [[], None, "x", {"errors": []}, [17]])
def test_a_failure_without_a_reason_has_a_finding_all_the_same(server, acks, shape):
    answer = looked(server, acks, followed(), state("Failure", errors=shape))
    assert [finding.code for finding in answer.findings] == ["amazon-failure"]


def test_a_failure_that_quotes_a_person_is_masked(server, acks):
    said = errors("X", "mail maria@canary.example, 'Maria Canary-M', Atzr|CanaryRefresh")  # and more of it in details
    answer = looked(server, acks, followed(), state("Failure", **said))
    assert answer.findings[0].text.startswith("mail …, '…', …; Value '…' at 'shipToParty.name'")


def test_errors_of_a_success_are_warnings(server, acks):
    answer = looked(server, acks, followed(), state("Success", errors=[ERROR]))
    assert (answer.verdict, answer.findings[0].severity) == (Verdict.ACCEPTED, Severity.WARNING)


@pytest.mark.parametrize(
    "answer", [reply(404, errors("NotFound")), reply(400, errors()), reply(500), reply(200), state("")]
)
def test_trouble_of_one_transaction_is_waiting(server, acks, answer):
    assert looked(server, acks, followed(), answer).verdict is Verdict.WAITING


@pytest.mark.parametrize("answer", [reply(503), reply(429, Retry_After="9"), reply(302), reset])
def test_trouble_of_all_is_unavailable(server, acks, answer):
    server.steps = [answer]
    with pytest.raises(Unavailable):
        acks.look([followed(), followed()])


def test_what_was_answered_before_the_trouble_is_kept(server, acks):
    server.steps = [state("Success"), state("Failure"), reply(429)]
    answers = acks.look([followed()] * 5)
    assert [answer.verdict for answer in answers] == [
        Verdict.ACCEPTED,
        Verdict.REFUSED,
        Verdict.WAITING,
        Verdict.WAITING,
        Verdict.WAITING,
    ]


def test_a_sick_transaction_does_not_stop_the_others(server, acks):
    server.steps = [reply(500), state("Success")]
    assert [answer.verdict for answer in acks.look([followed()] * 2)] == [Verdict.WAITING, Verdict.ACCEPTED]


def test_a_transaction_id_is_one_part_of_a_path(server, acks):
    looked(server, acks, followed("a/b?c=ü"), state("Success"))
    assert server.asked[-1].target == TRANSACTION.removesuffix("1-2") + "a%2Fb%3Fc%3D%C3%BC"


@pytest.mark.parametrize(
    "operation, status, evidence, verdict",
    [
        ("submitAcknowledgement", "NEW", "ACCEPTED", Verdict.NOT_THERE),
        ("submitAcknowledgement", "ACCEPTED", "ACCEPTED", Verdict.ACCEPTED),
        ("submitAcknowledgement", "SHIPPED", "ACCEPTED", Verdict.ACCEPTED),
        ("submitAcknowledgement", "CANCELLED", "ACCEPTED", Verdict.CANNOT_TELL),
        ("submitAcknowledgement", "NEW", "CANCELLED", Verdict.NOT_THERE),
        ("submitAcknowledgement", "ACCEPTED", "CANCELLED", Verdict.CANNOT_TELL),
        ("submitAcknowledgement", "SHIPPED", "CANCELLED", Verdict.CANNOT_TELL),
        ("submitAcknowledgement", "CANCELLED", "CANCELLED", Verdict.ACCEPTED),
        ("submitShipmentConfirmations", "NEW", "SHIPPED", Verdict.NOT_THERE),
        ("submitShipmentConfirmations", "ACCEPTED", "SHIPPED", Verdict.NOT_THERE),
        ("submitShipmentConfirmations", "SHIPPED", "SHIPPED", Verdict.ACCEPTED),
        ("submitShipmentConfirmations", "CANCELLED", "SHIPPED", Verdict.CANNOT_TELL),
        ("submitShipmentConfirmations", "ACCEPTED", "CANCELLED", Verdict.NOT_THERE),
        ("submitShipmentConfirmations", "SHIPPED", "CANCELLED", Verdict.CANNOT_TELL),
        ("submitShipmentConfirmations", "CANCELLED", "CANCELLED", Verdict.ACCEPTED),
        ("submitAcknowledgement", "ODD", "ACCEPTED", Verdict.CANNOT_TELL),
        ("submitAcknowledgement", None, "ACCEPTED", Verdict.CANNOT_TELL),
        ("submitInvoice", "NEW", "SHIPPED", Verdict.CANNOT_TELL),
    ],
)
def test_an_unknown_outcome_is_read_off_the_orders_status(server, clock, operation, status, evidence, verdict):
    submission = Submission(account(server.url, clock), operation)
    assert looked(server, submission, unknown(evidence), order(status)).verdict is verdict
    assert server.asked[-1].path == f"{ORDERS}/A1"
    assert server.asked[-1].headers["x-amz-access-token"].startswith("Atz.sprdt|")


def test_another_order_is_no_evidence(server, acks):
    assert looked(server, acks, unknown(), order("ACCEPTED", "a1")).verdict is Verdict.CANNOT_TELL


def test_an_order_that_amazon_does_not_show_cannot_tell(server, acks):
    assert looked(server, acks, unknown(), reply(404, errors("ResourceNotFound"))).verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    "put", [unknown(evidence=""), unknown(about=""), unknown(about="../../x"), unknown(about="A1\n")]
)
def test_where_nothing_can_be_read_back_nothing_is_asked(server, acks, put):
    assert looked(server, acks, put).verdict is Verdict.CANNOT_TELL
    assert server.asked == []


def test_an_evidence_that_is_no_status_proves_nothing():
    assert shown("NEW", "x", "") is Verdict.CANNOT_TELL


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="Amazon's models are not here")
@pytest.mark.parametrize(
    "example", sorted(EXAMPLES.glob("getTransactionStatus.*-200-*.json")), ids=lambda path: path.stem
)
def test_amazons_own_examples_are_read(server, acks, example):
    body = json.loads(example.read_text())["response"]["body"]
    status = body.get("payload", body)["transactionStatus"]["status"]
    wanted = {"Processing": Verdict.WAITING, "Success": Verdict.ACCEPTED, "Failure": Verdict.REFUSED}
    assert looked(server, acks, followed(), reply(200, body)).verdict is wanted[status]


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="Amazon's models are not here")
@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("submit*-202-*.json")), ids=lambda path: path.stem)
def test_amazons_own_transaction_ids_are_taken(server, acks, example):
    body = json.loads(example.read_text())["response"]["body"]
    server.steps = [reply(202, body)]
    assert acks.put(outgoing({}), never).text == body["payload"]["transactionId"]


def test_the_other_calls_of_an_endpoint_do_nothing(acks):
    assert acks.list("mark").bookmark == "mark"
    assert not acks.list("").complete
    acks.close()
    acks.close()
