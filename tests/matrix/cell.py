"""One world for one operation, and what is seen in it of a cell: the class of the outcome, and everything that must not be.

A cell answers with what is wrong, in words; it does not stop at the first.
"""

import copy
import json
import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, replace

from tests.endpoints.spapi_clock import NOW, Clock
from tests.endpoints.spapi_scripted import PERSON, REFRESH, SECRET, leaked, told
from tests.matrix.between import Between
from tests.matrix.faults import NAME, REFUSED
from tests.matrix.operations import DIRECT, Scene
from tests.simulator.vendor import ack_of, asking_of, ship_of
from translator.core.finding import Rejected, Unavailable, Unknown
from translator.core.private import Private
from translator.endpoints.endpoint import Outgoing, Put, Verdict
from translator.endpoints.spapi import Account, Credentials, Limits, Submission
from translator.endpoints.spapi.access import Access
from translator.endpoints.spapi.hosts import Hosts
from translator.endpoints.spapi.scenarios import generate_scenarios
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

VENDOR = "ACMEG"
A_WHILE = 600.0  # seconds: lists are asked for what is some minutes old
STEPS = {
    "NEW": (),
    "accepted": ("accept",),
    "labelled": ("accept", "label"),
    "shipped": ("accept", "ship"),
    "made": ("make",),
}
_LABELS = ("createShippingLabels", "submitShippingLabelRequest")
SAME = dict.fromkeys(_LABELS, _LABELS)
LONG = 900.0  # a pause from here on is one for a person
PATIENT = Limits(connect=10, read=10, write=10, total=10, body=100_000)
QUICK = Limits(connect=0.5, read=0.3, write=0.3, total=0.5, body=100_000)
SLOW = Limits(connect=10, read=5, write=5, total=8, body=100_000)  # the same for a machine that is busy
LIMITS = {"quick": QUICK, "slow": SLOW, "patient": PATIENT}


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a class of `expected.yaml`, the receipt where there is one, all that was told."""

    seen: str
    value: object = None
    told: str = ""


class World:
    """A pretend Amazon for one operation, what stands before it, and the connections of one account."""

    def __init__(self, operation, version, authority, kept=False):
        self.operation, self.version, self.kept = operation, version, kept
        self.busy = False  # tell whether this machine is: then deadlines are longer
        self.clock = Clock()
        settings = AmazonSettings(
            VENDOR,
            client_secret=SECRET,
            refresh_token=REFRESH,
            transaction_seconds=0,
            token_seconds=10**9,
            sandbox="Scenarios" in operation.name,
        )
        self.amazon = Amazon(settings, (), self.clock).start()
        port = int(self.amazon.url.rpartition(":")[2])
        self.api, self.login = Between(port, authority.servers), Between(port, authority.servers)
        self.api.blanks = operation.blanks(version)
        self.canary = Canary()
        self._template = _template()
        self._numbers = 0
        self._accounts = {}
        self._unused = socket.socket()  # bound, and nobody listens
        self._unused.bind(("127.0.0.1", 0))

    def close(self):
        for account in self._accounts.values():
            account.close()
        self.api.close()
        self.login.close()
        self.canary.close()
        self._unused.close()
        self.amazon.stop()

    @property
    def between(self):
        return self.login if self.operation.kind == "login" else self.api

    def secrets(self):
        return self.api.tokens | self.login.tokens | {self.amazon.settings.client_secret}

    def scene(self):
        """Give an order of its own, with which everything was done that the operation finds done."""
        self._numbers += 1
        order = copy.deepcopy(self._template)
        order["purchaseOrderNumber"] = f"M{self._numbers:05}"
        self.amazon.add_orders([order])
        scene = Scene(order, self.version, self.clock, self.operation)
        steps = STEPS[self.operation.state]
        if "accept" in steps:
            scene.transaction = self._post("orders", "acknowledgements", {"orderAcknowledgements": [ack_of(order)]})
        if "label" in steps:
            self._post("shipping", "shippingLabels", {"shippingLabelRequests": [asking_of(order)]})
            scene.tracking = self.amazon.market.account.orders[scene.number].labels[-1].packages[0].tracking
        if "ship" in steps:
            self._post("shipping", "shipmentConfirmations", {"shipmentConfirmations": [ship_of(order)]})
        if "make" in steps:
            scene.transaction = generate_scenarios(self.account(), [(VENDOR, scene.number)])
        self.clock.step(A_WHILE)
        return scene

    def _post(self, api, part, body):
        account = self.account()
        put = Submission(account, "any")
        outgoing = Outgoing("put", json.dumps(body).encode(), 1, "token", path=f"{DIRECT}/{api}/2021-12-28/{part}")
        return put.put(outgoing, None).text

    def account(self, fault=None):
        """Give the account to call with: warm, unless it is the token that is struck; quick where a deadline is to end it."""
        quick = "slow" if self.busy else "quick"
        name = fault.name if fault and fault.name in (NAME, REFUSED) else quick if fault and fault.quick else "patient"
        if fault and self.operation.kind in ("login", "restrict"):
            return self._opened(name)
        if name not in self._accounts:
            self._accounts[name] = self._opened(name)
        if name in LIMITS:
            self._warm(self._accounts[name])
        return self._accounts[name]

    def _opened(self, name):
        at = {"api": f"https://localhost:{self.api.port}", "login": f"https://localhost:{self.login.port}"}
        struck = "login" if self.operation.kind == "login" else "api"
        if name == NAME:
            at[struck] = "https://nobody.invalid"
        if name == REFUSED:
            at[struck] = f"https://localhost:{self._unused.getsockname()[1]}"
        settings = self.amazon.settings
        credentials = Credentials(
            settings.client_id, lambda: Private(settings.client_secret), lambda: Private(settings.refresh_token)
        )
        limits = LIMITS.get(name, PATIENT)
        return Account(Hosts(at["api"], at["login"]), credentials, self.clock, limits=limits, version=self.version)

    def _warm(self, account):
        """Have both tokens at hand, so that the fault strikes what it is for."""
        access: Access = account._access
        for _ in range(5):
            with suppress(Unavailable):
                access.token("POST", f"{DIRECT}/orders/{self.version}/acknowledgements")
                access.token("GET", f"{DIRECT}/orders/{self.version}/purchaseOrders")
                return

    def effects(self, scene):
        """Give how often what this scene submits took effect, by any operation that has this effect."""
        market = self.amazon.market
        with market.lock:
            market.account.settle(market.clock())
            counts = [market.account.effects[name] for name in SAME.get(self.operation.name, (self.operation.name,))]
        return sum(n for count in counts for key, n in count.items() if key.partition("/")[0] == scene.number)

    def reached(self, asked):
        """Give how many of the requests since then were of this operation."""
        strikes = self.operation.strikes(self.version)
        return sum(strikes(one.method, one.path) for one in self.between.asked[asked:])

    def attempt(self, scene, fault=None):
        """Call once; give what came of it and how many requests left."""
        account = self.account(fault)
        if not self.kept or (fault and fault.of_connections):
            self.api.hang_up()
            self.login.hang_up()
        elif self.operation.kind in ("read", "submit"):
            account.ask(f"{DIRECT}/orders/{self.version}/purchaseOrders/{scene.number}")
        before = len(self.between.asked)
        if fault:
            self.between.arm(fault, self.operation.strikes(self.version), self.operation.kind)
        try:
            return self._seen(scene, account, before)
        finally:
            self.between.disarm()

    def _seen(self, scene, account, before):
        try:
            value = self.operation.call(scene, account)
        except Unavailable as trouble:
            sent = self.reached(before)
            return Outcome(self._unavailable(trouble, sent), told=told(trouble)), sent
        except Rejected as refused:
            return Outcome("rejected", told=told(refused)), self.reached(before)
        except Unknown as unknown:
            return Outcome("unknown", told=told(unknown)), self.reached(before)
        sent = self.reached(before)
        return Outcome(self._answered(value, sent), value, repr(value)), sent

    def _answered(self, value, sent):
        if value is None:
            return "retry"
        if value == "nothing":
            return ("not sent", "empty", "denied")[min(sent, 2)]
        return "renewed" if sent > 1 else "accepted"

    def _unavailable(self, trouble, sent):
        if not sent:
            return "not sent"
        if trouble.wait >= LONG:
            return "denied" if sent > 1 else "parked"
        return "not applied" if self.operation.kind == "submit" else "retry"


class Canary:
    """A socket that nobody is to connect to: where redirects lead."""

    def __init__(self):
        self.visits = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._count, daemon=True).start()

    def close(self):
        self._listening.close()

    def _count(self):
        with suppress(OSError):
            while True:
                self._listening.accept()[0].close()
                self.visits += 1


def judged(world, expected, name, applied, faults):
    """Run a cell; give what is wrong in it, and the class that was seen."""
    wrong, seen = [], ""
    for fault in faults:
        scene = world.scene()
        outcome, sent = world.attempt(scene, fault)
        wanted = expected.class_of(world.operation, name)
        if wanted == "conflict" and outcome.seen == "unknown":
            outcome = replace(outcome, seen=wanted)  # they differ in what follows
        seen = outcome.seen
        if sent != expected.requests(wanted):
            wrong.append(f"{sent} requests left, not {expected.requests(wanted)}")
        if world.canary.visits:
            wrong.append("the redirect was followed")
        wrong += _secrets(world, outcome)
        if seen != wanted:
            wrong.append(f"{seen}, not {wanted}: {outcome.told[-300:]}")
            continue
        wrong += _then(world, expected, scene, outcome, applied)
        if (times := world.effects(scene)) > 1:
            wrong.append(f"{times} effects")
    label = f"{world.operation.name} × {name}" + ("" if applied is None else f" ({'' if applied else 'not '}applied)")
    return [f"{label}: {one}" for one in wrong], seen


def _secrets(world, outcome):
    shown = leaked(outcome.told) + [token[:12] for token in world.secrets() if token and token in outcome.told]
    return [f"it tells {secret}" for secret in shown]


def _then(world, expected, scene, outcome, applied):
    """What follows from the class, carried out."""
    step = expected.then(outcome.seen)
    if step == "end":
        return _effect(world, scene, 0)
    if step == "follow":
        return _followed(world, scene, outcome) + _effect(world, scene, 1)
    if step in ("again", "park"):
        return _again(world, scene)
    return _read_back(world, expected, scene, outcome, applied)


def _again(world, scene):
    outcome, _ = world.attempt(scene)
    if outcome.seen != "accepted":
        return [f"afterwards it is {outcome.seen}: {outcome.told[-300:]}"]
    return _followed(world, scene, outcome) + _effect(world, scene, 1)


def _effect(world, scene, times):
    if world.operation.kind != "submit" or (seen := world.effects(scene)) == times:
        return []
    return [f"{seen} effects, not {times}"]


def _followed(world, scene, outcome):
    if world.operation.kind != "submit":
        return []
    put = Put("put", outcome.value, about=scene.number, evidence=world.operation.evidence)
    (looked,) = scene.endpoint(world.account()).look([put])
    return [] if looked.verdict is Verdict.ACCEPTED else [f"followed, it is {looked.verdict}: {looked.reason}"]


def _read_back(world, expected, scene, outcome, applied):
    """Look for the effect, as after the time to settle; then do what has to be done."""
    happened = world.effects(scene) == 1
    if applied is not None and happened is not applied:
        return ["the harness: it did not happen as the fault says"]
    asked = len(world.api.asked)
    put = Put("put", None, about=scene.number, evidence=world.operation.evidence)
    (looked,) = scene.endpoint(world.account()).look([put])
    wanted = "person" if outcome.seen == "conflict" else expected.unknown(world.operation.name, happened)
    verdict = {Verdict.ACCEPTED: "accepted", Verdict.NOT_THERE: "repeat", Verdict.CANNOT_TELL: "person"}
    seen = verdict.get(looked.verdict, str(looked.verdict))
    if seen != wanted:
        return [f"read back, it is {seen}, not {wanted}: {looked.reason}"]
    if any(one.method == "POST" and one.path == scene.path() for one in world.api.asked[asked:]):
        return ["reading back sends it again"]
    return _again(world, scene) if seen == "repeat" else []


class Heard(logging.Handler):
    """Everything that is logged by anybody while the matrix runs."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def __enter__(self):
        self._level = logging.root.level
        logging.root.addHandler(self)
        logging.root.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_):
        logging.root.removeHandler(self)
        logging.root.setLevel(self._level)


def _template():
    made = sample_orders(VENDOR, ["EWR1"], 3, NOW)
    order = copy.deepcopy(next(one for one in made if one["orderDetails"]["orderStatus"] == "NEW"))
    order["orderDetails"]["shipToParty"] |= {"name": PERSON, "addressLine1": "Elm Street 77", "countryCode": "IN"}
    order["orderDetails"]["shipmentDetails"]["isPslipRequired"] = True
    return order
