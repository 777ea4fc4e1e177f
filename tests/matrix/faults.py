"""The menu: 36 faults by the group they are of. Those of timing, and a server's trouble, strike before and after the effect."""

import gzip
import json
import re
import time
from dataclasses import replace
from functools import cache, partial

from tests.endpoints.spapi_scripted import ECHO, errors
from tests.matrix.between import Fault, reset

HUGE = 100_000_000
PAUSE = 0.1  # seconds between the bytes of a drip: each comes well within the time-out of a read
NAME, REFUSED = "bad name", "refused"  # these two are met by another address


# --- connections and TLS


def _reset_at_connect(bare):
    reset(bare)


def _silent(bare):
    bare.settimeout(30)
    while bare.recv(65_536):
        pass


def _reset_after_head(exchange):
    reset(exchange.connection)


CONNECTION = (
    Fault(NAME),
    Fault(REFUSED),
    Fault("reset at connect", opening=_reset_at_connect),
    Fault("silent handshake", opening=_silent, quick=True),
    Fault("expired", server="expired"),
    Fault("self-signed", server="self-signed"),
    Fault("other name", server="other name"),
    Fault("TLS 1.1", server="old"),
    Fault("reset after headers", program=_reset_after_head, at_head=True),
)


# --- timing: the request is passed on or swallowed, then the answer does not come as it should


def _closed(exchange, reply):
    return False


def _reset(exchange, reply):
    reset(exchange.connection)


def _mute(exchange, reply):
    exchange.wait()


def _interim(exchange, reply):
    while True:
        exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(PAUSE)


def _stalled_headers(exchange, reply):
    exchange.send(reply[:40])
    exchange.wait()


def _dripped_headers(exchange, reply):
    _drip(exchange, reply)


def _stalled_body(exchange, reply):
    exchange.send(reply[:-3])
    exchange.wait()


def _dripped_body(exchange, reply):
    whole = reply.index(b"\r\n\r\n") + 4
    exchange.send(reply[:whole])
    _drip(exchange, reply[whole:])


def _drip(exchange, data):
    for byte in data:
        exchange.send(bytes([byte]))
        time.sleep(PAUSE)
    exchange.wait()


def _timed(act, applied, exchange):
    return act(exchange, b"".join(exchange.forward()) if applied else _made(202, {"transactionId": "never" * 8}))


TIMING = {
    "closed": (_closed, False),
    "reset": (_reset, False),
    "silence": (_mute, True),
    "interim answers": (_interim, True),
    "headers stall": (_stalled_headers, True),
    "headers drip": (_dripped_headers, True),
    "body stalls": (_stalled_body, True),
    "body drips": (_dripped_body, True),
}


def timed(name, applied):
    act, quick = TIMING[name]
    return Fault(name, program=partial(_timed, act, applied), quick=quick)


# --- status: each class by all of its codes

STATUS = {
    "redirect": (301, 302, 303, 307, 308),
    "bad request": (400,),
    "bad request, no reason": (400,),
    "denied": (401, 403),
    "denied once": (401, 403),
    "not found": (404,),
    "conflict": (409,),
    "not taken": (413, 415),
    "slow down": (429,),
    "server's trouble": (500, 502, 503, 504),
}


def answering(name, code, applied, canary):
    return Fault(name, program=partial(_answered, name, code, applied, canary), code=code)


def _answered(name, code, applied, canary, exchange):
    if applied:
        exchange.forward()
    body = b"<html>" + ECHO.encode() if name.endswith("no reason") else _refusal(exchange, code)
    more = {"Location": f"{canary}{exchange.asked.path}"} if 300 <= code < 400 else {}
    exchange.send(_made(code, body, **more))


def once(fault):
    """Have a fault strike the first request alone."""
    struck = []

    def program(exchange):
        if struck:
            exchange.send(b"".join(exchange.forward()))
        else:
            struck.append(exchange)
            fault.program(exchange)
        return True

    return replace(fault, program=program)


def _refusal(exchange, code):
    if exchange.kind != "login":
        return errors("InvalidInput")
    return {"error": "invalid_client" if code == 401 else "invalid_grant", "error_description": ECHO}


# --- bodies: Amazon does it and says so; on the way the content is spoilt


def _spoilt(change, exchange):
    head, content = exchange.forward()
    status = int(head.split()[1])
    content, more = change(content)
    exchange.send(_made(status, content, **more))


def _truncated(exchange):
    head, content = exchange.forward()
    exchange.send(head + content[: len(content) // 2])


def _html(content):
    return b"<!doctype html><title>Sorry!</title>" + ECHO.encode(), {"Content-Type": "text/html"}


def _empty(content):
    return b"", {}


def _nothing(content):
    return b"{}", {}


def _wrong_type(content):
    """Give all texts and lists of the first level another type."""
    tree = json.loads(content)
    return json.dumps(dict.fromkeys(tree, 17)).encode(), {}


def _twice(content):
    """Have the first name stand twice."""
    pair = re.match(rb'\{"[^"]+": ', content)[0][1:]
    return b"{" + pair + b"1, " + content[1:], {}


def _no_number(content):
    return b'{"odd": NaN, ' + content[1:], {}


def _flood(exchange):
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % HUGE)
    for _ in range(HUGE // 65_536 + 1):
        exchange.send(b" " * 65_536)


@cache
def bomb():
    return gzip.compress(b" " * HUGE, 9)


def _packed(content):
    return bomb(), {"Content-Encoding": "gzip"}


BODY = (
    Fault("truncated", program=_truncated),
    Fault("HTML", program=partial(_spoilt, _html)),
    Fault("empty", program=partial(_spoilt, _empty)),
    Fault("nothing in it", program=partial(_spoilt, _nothing)),
    Fault("wrong type", program=partial(_spoilt, _wrong_type)),
    Fault("a name twice", program=partial(_spoilt, _twice)),
    Fault("NaN", program=partial(_spoilt, _no_number)),
    Fault("100 MB", program=_flood),
    Fault("gzip bomb", program=partial(_spoilt, _packed)),
)


def cells(canary):
    """Give every cell of an operation: the fault's name, whether the effect came about, and the faults that make it up.

    `applied` is None where the fault itself decides.
    """
    for fault in CONNECTION:
        yield fault.name, None, [fault]
    for name in TIMING:
        for applied in (True, False):
            yield name, applied, [timed(name, applied)]
    for name, codes in STATUS.items():
        for applied in (True, False) if name == "server's trouble" else (None,):
            faults = [answering(name, code, applied, canary) for code in codes]
            yield name, applied, [once(fault) for fault in faults] if name == "denied once" else faults
    for fault in BODY:
        yield fault.name, None, [fault]


def _made(status, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content
