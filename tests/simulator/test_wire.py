"""The wire: connections, bodies, outages, and a pretend Amazon in a process of its own."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.simulator import models
from tests.simulator.vendor import ACKS, NOW, ORDERS, STOCK, TRANSACTIONS, ack_of, stock_of
from translator.simulator.amazon import AmazonSettings, serve
from translator.simulator.orders import sample_orders

KETTLE = {"vendorProductIdentifier": "KTL-17-RED"}


def test_a_body_beyond_the_limit_is_413(open_amazon):
    vendor = open_amazon(body_bytes=1000)
    answer = vendor.post(STOCK, {"x": "y" * 1000})
    assert (answer.status_code, "errors" in answer.json()) == (413, True)
    assert vendor.post(STOCK, {"x": "y" * 100}).status_code == 400


def test_a_body_without_a_length_is_411(vendor):
    headers = {"x-amz-access-token": vendor.token(), "content-type": "application/json"}
    assert vendor.http.post(STOCK, content=iter([b"{}"]), headers=headers).status_code == 411


def test_a_body_that_did_not_come_whole_is_as_if_it_had_not_come(vendor, orders):
    body = json.dumps({"orderAcknowledgements": [ack_of(orders[0])]}).encode()
    head = f"POST {ACKS} HTTP/1.1\r\nHost: x\r\nUser-Agent: a (Language=x)\r\nContent-Type: application/json\r\n"
    head += f"x-amz-access-token: {vendor.token()}\r\nContent-Length: {len(body)}\r\n\r\n"
    port = int(vendor.amazon.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + body[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert vendor.amazon.state()["submissions"] == []


def test_the_connection_stays_open(vendor):
    with httpx.Client(base_url=vendor.amazon.url, trust_env=False) as client:
        streams = {id(client.post("/auth/o2/token").extensions["network_stream"]) for _ in range(5)}
    assert len(streams) == 1


def test_what_amazon_knows_outlives_an_outage(vendor, orders):
    vendor.acknowledge(orders[0])
    url = vendor.amazon.url
    vendor.amazon.stop()
    with pytest.raises(httpx.TransportError):
        vendor.acknowledge(orders[0])
    vendor.clock.step(2)
    vendor.amazon.start()
    assert vendor.amazon.url == url
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "ACCEPTED"


def test_an_answer_says_what_time_it_is_by_amazons_clock(vendor):
    vendor.clock.step(90)
    assert vendor.log_in().headers["date"] == "Tue, 01 Dec 2026 12:01:30 GMT"


def test_many_at_once_lose_nothing(vendor):
    orders = sample_orders("BUSY", ["EWR1"], 200, NOW)
    vendor.amazon.add_orders(orders)
    headers = {"x-amz-access-token": vendor.token()}
    with ThreadPoolExecutor(8) as pool:
        bodies = [
            {"orderAcknowledgements": [ack_of(order) | {"sellingParty": {"partyId": "ACMEG"}}]} for order in orders
        ]
        answers = list(pool.map(lambda body: vendor.http.post(ACKS, json=body, headers=headers), bodies))
    assert {answer.status_code for answer in answers} == {202}
    assert vendor.acknowledged() == {order["purchaseOrderNumber"]: 1 for order in orders}


@pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)
def test_what_amazon_answers_is_valid_by_its_models(vendor, orders):
    lists = models.validator("vendorDirectFulfillmentOrders_2021-12-28.json", "OrderList")
    one = models.validator("vendorDirectFulfillmentOrders_2021-12-28.json", "Order")
    errors = models.validator("vendorDirectFulfillmentOrders_2021-12-28.json", "ErrorList")
    reference = models.validator("vendorDirectFulfillmentOrders_2021-12-28.json", "TransactionId")
    stock = models.validator("vendorDirectFulfillmentInventoryV1.json", "SubmitInventoryUpdateResponse")
    status = models.validator("vendorDirectFulfillmentTransactions_2021-12-28.json", "TransactionStatus")
    old = models.validator("vendorDirectFulfillmentTransactionsV1.json", "GetTransactionResponse")
    token = models.validator("tokens_2021-03-01.json", "CreateRestrictedDataTokenResponse")
    lists.validate(vendor.list(limit=5).json())
    one.validate(vendor.get(f"{ORDERS}/{orders[0]['purchaseOrderNumber']}").json())
    errors.validate(vendor.get(f"{ORDERS}/none").json())
    token.validate(vendor.restrict(ORDERS).json())
    stock.validate(vendor.post(STOCK, stock_of((KETTLE, 4))).json())
    ack = ack_of(orders[0]) | {"purchaseOrderNumber": "Unknown1"}
    answer = vendor.post(ACKS, {"orderAcknowledgements": [ack]}).json()
    reference.validate(answer)
    headers = {"x-amz-access-token": vendor.token()}
    for wait in (0, 2):
        vendor.clock.step(wait)
        status.validate(vendor.http.get(f"{TRANSACTIONS}/{answer['transactionId']}", headers=headers).json())
        path = TRANSACTIONS.replace("2021-12-28", "v1")
        old.validate(vendor.http.get(f"{path}/{answer['transactionId']}", headers=headers).json())


# --- by itself


def test_serving_says_where_it_is_and_what_opens_it(orders):
    out, until = io.StringIO(), threading.Event()
    settings = AmazonSettings(vendor="ACMEG", token_seconds=9)
    serving = threading.Thread(target=serve, args=(settings, 0, orders, out, until))
    serving.start()
    while not out.getvalue().endswith("\n"):
        time.sleep(0.001)
    told = json.loads(out.getvalue())
    form = {name: told[name] for name in ("client_id", "client_secret", "refresh_token")}
    answer = httpx.post(told["token_url"], data=form | {"grant_type": "refresh_token"}, trust_env=False)
    assert answer.json()["expires_in"] == 9
    assert told["orders"] == [order["purchaseOrderNumber"] for order in orders]
    until.set()
    serving.join(60)
    with pytest.raises(httpx.ConnectError):
        httpx.get(told["url"], trust_env=False)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_process_of_its_own_stays_silent_and_ends_when_told(sign):
    program = (
        "from translator.simulator.amazon import AmazonSettings, serve\nserve(AmazonSettings(vendor='ACMEG'), 0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    )
    told = json.loads(process.stdout.readline())
    assert httpx.get(told["url"] + "/_simulator/state", trust_env=False).status_code == 200
    with socket.create_connection(("127.0.0.1", int(told["url"].rpartition(":")[2]))) as connection:
        connection.sendall(b"RUBBISH\r\n\r\n")
        connection.recv(1000)
    process.send_signal(sign)
    assert process.communicate(timeout=60)[1] == b""
