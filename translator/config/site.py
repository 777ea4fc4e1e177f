"""The site as values: accounts, warehouse systems, and who is found for a document."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast
from urllib.parse import urlsplit

from translator.config.sizes import Reserve
from translator.core.calendar import Calendar
from translator.core.document import Document
from translator.core.finding import Finding, Misconfigured, Place
from translator.core.private import Private
from translator.documents.assortment import PLAIN, Assortment
from translator.documents.billing import Billing
from translator.documents.stock_gate import Gate
from translator.documents.stock_rules import Rules
from translator.mapping.context import Frozen
from translator.translation import Translation, takes

REMEMBERED: Final = 1_000  # answers about routes and systems
T = TypeVar("T")
Order = Literal["any", "kept"]
Names = Literal["any", "caseless", "8.3"]  # which names a folder takes: A.txt is a.txt; and no longer than DOS has them
When = Literal["known", "delivered", "taken", "file"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a secret stands: `credential` (systemd), `file` or `env`; never the secret itself."""

    how: Literal["credential", "file", "env"]
    what: str
    root: Path
    rule: Place

    def read(self) -> Private[str]:
        """Read the secret, anew each time. Raises Misconfigured where it is not there."""
        try:
            text = os.environ[self.what] if self.how == "env" else self.path().read_text(encoding="utf-8")
        except (OSError, KeyError, UnicodeDecodeError):
            raise Misconfigured([self._missing()]) from None
        return Private(text.rstrip("\r\n"))

    def path(self) -> Path:
        """Give the file the secret stands in (credential and file)."""
        if self.how == "credential":
            return Path(os.environ.get("CREDENTIALS_DIRECTORY", self.root / "credentials")) / self.what
        return self.root / self.what

    def since(self) -> date | None:
        """Say since which day it stands there unchanged; None where that cannot be seen."""
        if self.how == "env" or (self.how == "credential" and "CREDENTIALS_DIRECTORY" in os.environ):
            return None  # systemd lays its credentials out anew at each start
        try:
            return datetime.fromtimestamp(self.path().stat().st_mtime, UTC).date()
        except OSError:
            return None

    def _missing(self) -> Finding:
        hints = {
            "env": f"set {self.what} in the environment of the service",
            "file": f"write it into {self.what}, readable by the service alone",
            "credential": f"LoadCredential={self.what}:… in the unit; without systemd: the file credentials/{self.what}",
        }
        return Finding("secret-missing", f"no secret at {self.how} '{self.what}'", rule=self.rule, hint=hints[self.how])


@dataclass(frozen=True, slots=True)
class Account:
    """One Amazon vendor account."""

    name: str
    vendor: str
    region: str
    client_id: str
    client_secret: Reference
    refresh_token: Reference
    start: datetime | None = None  # older orders are not ours
    url: str = ""  # instead of the region's host: the simulator
    login_url: str = ""
    every: float = 120.0  # seconds between polls
    lag: float = 120.0  # a window ends this long before now
    sweep: float = 1800.0  # the last seven days are read again so often: late orders, cancellations
    settle: float = 0.0  # an unknown outcome is looked at after so long; 0: as each operation says
    sandbox: bool = False  # Amazon's sandbox: invented orders, one limit for all operations
    rotated: date | None = None  # the day the client secret was made
    invoices: Billing = field(default_factory=Billing)  # who makes the vendor's invoices, and what they say

    @property
    def environment(self) -> str:
        """Say which Amazon this is: production, the sandbox, or the host of another address."""
        if self.url:
            return urlsplit(self.url).hostname or self.url
        return "sandbox" if self.sandbox else "production"


@dataclass(frozen=True, slots=True)
class LocalPlace:
    """A folder of this machine."""

    root: Path


@dataclass(frozen=True, slots=True)
class SshServer:
    """A server we log in to, its host key pinned: `host_key` in lines, or in the file `known_hosts`."""

    host: str
    port: int
    user: str
    host_key: str
    known_hosts: Path | None
    key: Reference | None
    passphrase: Reference | None
    password: Reference | None
    old: tuple[str, ...]  # algorithms it is allowed beyond the safe ones
    rule: Place

    @property
    def secrets(self) -> tuple[Reference, ...]:
        """Where what we show it stands."""
        return tuple(one for one in (self.key, self.passphrase, self.password) if one)

    def pinned(self) -> str:
        """Give the lines that pin its key. Raises Misconfigured where their file is not there."""
        if self.known_hosts is None:
            return self.host_key
        try:
            return self.known_hosts.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = f"no file {self.known_hosts.name} that can be read"
            hint = "copy it from ~/.ssh/known_hosts of somebody who trusts the server's key"
            raise Misconfigured([Finding("sftp-host-key", text, rule=self.rule, hint=hint)]) from None


@dataclass(frozen=True, slots=True)
class SftpPlace:
    """A folder on an SFTP server."""

    server: SshServer
    jump: SshServer | None  # through which it is reached
    root: str
    calls: int  # channels at once, of all services
    each: int  # and of one of them, over its connection
    rename: Literal["plain", "posix"]

    @property
    def servers(self) -> tuple[SshServer, ...]:
        """The server, and the one in between."""
        return (self.server, self.jump) if self.jump else (self.server,)

    def __str__(self) -> str:
        host = f"[{self.server.host}]" if ":" in self.server.host else self.server.host
        return f"sftp://{self.server.user}@{host}:{self.server.port}"


@dataclass(frozen=True, slots=True)
class Labelling:
    """When the labels that Amazon makes are asked for: listing a mapping that writes `shipping_label` switches it on.

    `methods`: patterns of the ship methods that Amazon labels. `day`: the ship day, or as soon as Amazon accepted the
    order. `at`: the hour of that day. `boxes`: one box, or what the WMS's pack file says.
    """

    methods: tuple[str, ...] = ("*",)
    day: Literal["ship", "accepted"] = "ship"
    at: time = time(0)
    boxes: Literal["single", "file"] = "single"


@dataclass(frozen=True, slots=True)
class Into:
    """A folder that is written into: by which mappings, and how."""

    mappings: tuple[str, ...]
    done: str = ""  # what the done-file of each file is called; empty: there is none
    late: float | None = None  # None: as the system says
    names: Names = "any"
    mode: int | None = None  # of its files; None: the owner writes, the group reads
    order: Order = "any"  # kept: a file is sent when the one before it was


@dataclass(frozen=True, slots=True)
class Complete:
    """When a file of a folder is complete: all that is said must be so.

    `quiet`: it did not change for so long; None: as the system says. `done`: the name of the file that says so. `ends`:
    its last line, as a pattern. `unfinished`: names it has before.
    """

    quiet: float | None = None
    done: str = ""
    ends: str = ""
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOf:
    """A folder that is read out of: by which mappings, and how."""

    mappings: tuple[str, ...]
    complete: Complete = field(default_factory=Complete)
    order: Order = "any"  # kept: a file is read when the one before it was
    expect: float = 0.0  # a file comes so often, else that is told; 0: nobody expects one


@dataclass(frozen=True, slots=True)
class System:
    """One warehouse system (WMS)."""

    name: str
    account: str
    warehouses: Mapping[str, str]  # code -> IANA zone
    place: LocalPlace | SftpPlace
    to: Mapping[str, Into]
    from_: Mapping[str, OutOf]
    when: When = "taken"  # acknowledge when
    silent: float = 72000.0
    then: Literal["hold", "accept", "refuse"] = "hold"
    settled: Literal["taken", "sent"] = "taken"
    wait: float = 60.0  # for a batch to fill
    late: float = 14400.0  # a file that is not taken for so long is told; 0: never
    quiet: float | None = None  # a file is complete when two looks so far apart agree; None: as its place needs
    every: float = 30.0  # seconds between looks
    dispose: Literal["archive", "delete", "leave"] = "archive"
    settings: Mapping[str, str] = field(default_factory=dict)  # what mappings may ask as partner.name
    refusal: str = "03"  # the code of a refusal that follows from silence
    label: Labelling = field(default_factory=Labelling)
    carrier: Literal["amazon", "own"] = "amazon"  # own: the vendor tells Amazon where its parcels are
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # by warehouse code
    gate: Gate = field(default_factory=Gate)  # which stock files a person is asked about
    rules: Rules = field(default_factory=Rules)  # how much of its stock is offered
    assortment: Assortment = PLAIN  # its own items, and the kits that are made of them
    tables: Mapping[str, str] = field(default_factory=dict)  # what of it stands in which file under mappings/

    @property
    def keeps_order(self) -> bool:
        """Tell whether the order of files is kept in any of its folders."""
        orders = [*(one.order for one in self.to.values()), *(one.order for one in self.from_.values())]
        return "kept" in orders


@dataclass(frozen=True, slots=True)
class Source:
    """A place that is collected: an SP-API operation, or a folder with the mappings that read out of it."""

    endpoint: str
    partner: str
    account: str
    mappings: tuple[str, ...]
    lane: str
    every: float  # seconds between turns; 0: it has none, and is asked order by order
    kind: str = "order"  # what Amazon's bodies hold there
    expect: float = 0.0  # seconds in which a file comes, while the warehouse works; 0: nobody expects one


@dataclass(frozen=True, slots=True)
class Route:
    """Half a journey: documents of one kind into an endpoint, for whom it serves."""

    name: str
    endpoint: str
    kind: str
    partner: str
    account: str
    mapping: str  # "" = Amazon's own JSON
    serves: frozenset[str]  # warehouse codes; empty: everything of its partner or account
    lane: str
    wait: float
    look: float  # seconds between looks when settling; 0: settled when sent
    late: float = 0.0  # seconds after which what is not taken is told; 0: never
    names: Names = "any"
    acked: str = ""  # by whose acknowledgements its files are settled: x12, edifact; empty: by their folder


@dataclass(frozen=True, slots=True)
class Comparing:
    """When Amazon, the ledger and the warehouses are compared: once a day, at this hour of the zone."""

    at: time
    zone: str = "UTC"
    table: Path | None = None  # where what is out is laid as CSV
    open: Mapping[str, Path] = field(default_factory=dict)  # by system: its list of open orders
    stock: Mapping[str, Path] = field(default_factory=dict)  # by system: its stock file


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a site stands on: all that `translator.yaml` says by itself, checked. No mapping, table or template was read.

    It is enough to find the ledger, and to look at it or ask for a move while a mapping is half saved. What the mappings
    and tables of a warehouse system add to it, only the `Site` has.
    """

    root: Path
    ledger: str
    ledger_password: Reference | None  # of its server
    accounts: Mapping[str, Account]
    systems: Mapping[str, System]
    history: float  # seconds that what is over is kept in the ledger
    reserve: Reserve  # what is to stay free on the ledger's disk
    master_key: Reference
    keep: float  # seconds after an order shipped that what is personal in it is kept
    key_backups: float  # seconds that copies of the keys are kept
    compare: Comparing | None  # None: only when a person asks for it
    shadow: Path | None = None  # all is done aside, in this folder, and nothing is submitted

    @property
    def environment(self) -> str:
        """Say which Amazon its accounts are at: they agree, since one ledger never holds orders of two."""
        return next(iter(self.accounts.values())).environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Ground):
    """All of it, checked: with its mappings, tables and templates."""

    translations: Mapping[str, Translation]  # by name: `newark/orders.yaml`
    files: Mapping[str, bytes]  # what is in force, by name: mappings, tables, templates
    hash: str
    sources: tuple[Source, ...]
    routes: tuple[Route, ...]
    notes: tuple[Finding, ...]  # what is right and may yet not be meant
    found: dict[tuple[str, ...], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # asked before

    @property
    def texts(self) -> dict[str, str]:
        """Give its files as texts, by name."""
        return {name: data.decode("utf-8", "replace") for name, data in self.files.items()}

    def leaves(self, endpoint: str) -> bool:
        """Tell whether what was read stays in a folder."""
        system = self.systems.get(endpoint.partition("/")[0])
        return system is not None and system.dispose == "leave"

    def keeps_order(self, endpoint: str) -> bool:
        """Tell whether the order of files is kept in a folder."""
        name, _, folder = endpoint.partition("/")
        system = self.systems.get(name)
        one = (system.to.get(folder) or system.from_.get(folder)) if system else None
        return one is not None and one.order == "kept"

    def is_anothers(self, account: str, vendor: str) -> bool:
        """Tell the vendor code of another account: a login opens all codes of its vendor group (reference §2.3)."""
        mine = self.accounts[account]
        beside = (one.vendor for one in self.accounts.values() if one.region == mine.region)
        return vendor != mine.vendor and vendor in beside

    def route(self, kind: str, account: str, warehouse: str = "", partner: str = "") -> Route | None:
        """Find the route that takes a kind: for its warehouse, its partner or its account."""
        return next(iter(self._fitting(kind, account, warehouse, partner)), None)

    def route_of(self, document: Document, account: str, warehouse: str, partner: str, now: datetime) -> Route | None:
        """Find the route that takes a document: of several mappings the first whose `takes` says so."""
        fits = self._fitting(document.kind, account, warehouse, partner)
        return next((route for route in fits if self._takes(route, document, now)), None)

    def _fitting(self, kind: str, account: str, warehouse: str, partner: str) -> tuple[Route, ...]:
        def look() -> tuple[Route, ...]:
            return tuple(one for one in self.routes if one.kind == kind and _serves(one, account, warehouse, partner))

        return self._once(look, kind, account, warehouse, partner)

    def _once(self, look: Callable[[], T], *asked: str) -> T:
        """Look once for what documents ask again and again; what they ask is not ours, so not all of it is kept."""
        if asked not in self.found:
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            self.found[asked] = look()
        return cast("T", self.found[asked])

    def _takes(self, route: Route, document: Document, now: datetime) -> bool:
        translation = self.translations[route.mapping] if route.mapping else None
        if translation is None or translation.takes is None:
            return True
        system = self.systems[route.partner]
        return takes(translation, document, Frozen(now, settings=system.settings, zones=system.warehouses))

    def route_named(self, name: str) -> Route | None:
        """Find a route by its name; None where it is no longer listed."""
        return next((route for route in self.routes if route.name == name), None)

    def source(self, endpoint: str) -> Source | None:
        """Find a source by its endpoint."""
        return next((source for source in self.sources if source.endpoint == endpoint), None)

    def system_of(self, account: str, warehouse: str) -> System | None:
        """Find the warehouse system that has a warehouse of an account: two accounts may use the same code."""

        def look() -> System | None:
            systems = (system for system in self.systems.values() if system.account == account)
            return next((system for system in systems if warehouse in system.warehouses), None)

        return self._once(look, account, warehouse)


def _serves(route: Route, account: str, warehouse: str, partner: str) -> bool:
    if partner:
        return route.partner == partner
    if route.serves:
        return warehouse in route.serves and account == route.account
    return route.account == account and route.partner == account
