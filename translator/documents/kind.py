"""What a kind of document is: data and small pure functions, the same list for each kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from msgspec import Struct

import translator.documents
from translator.core.document import Document, Tree
from translator.core.finding import Finding
from translator.documents.assortment import Portions
from translator.documents.billing import Billing
from translator.mapping.layout import Limits


@dataclass(frozen=True, slots=True)
class FieldOf:
    """One field of a kind, by its path in Amazon's names: `orderDetails.items[].netPrice.amount`.

    `type`: text integer decimal boolean datetime object list. `required` by Amazon's model. `personal`: class P1
    (never shown). `one_of`: Amazon's enum. In our own words; a test compares it with Amazon's models.
    `filled`: nobody need say what is to be done without it: it is completed, intake asks for it, or nothing goes on.
    `usual`: how long a text may be, our estimate, since Amazon states no maximum (reference §3); 0: nobody knows.
    """

    path: str
    type: Literal["text", "integer", "decimal", "boolean", "datetime", "object", "list"]
    help: str = ""
    required: bool = False
    personal: bool = False
    one_of: tuple[str, ...] = ()
    filled: bool = False
    usual: int = 0


# Conditions that a need or a follow may name; the stations answer them for an order (stations/life.py).
Where = Literal["", "policy", "label", "slip", "invoice", "own carrier", "billed"]


class Revision(StrEnum):
    """What it means when a key comes again."""

    SAME = "same"  # duplicate
    NEWER = "newer"  # replaces
    MORE = "more"  # joins what is not begun
    CONTRADICTION = "contradiction"  # held for a person


@dataclass(frozen=True, slots=True)
class Revised:
    """The verdict, the tree to keep from now on, and why."""

    verdict: Revision
    tree: Tree
    reason: str = ""


class Asked(Struct, frozen=True):  # as quickly made as a Document, since there is one for each
    """What completing may ask: everything that is stored about the matter."""

    now: datetime
    vendor: str = ""  # sellingParty.partyId of the account
    order: Tree | None = None  # the stored order it is about
    kept: Mapping[str, str] = {}
    asins: Mapping[str, str] = {}  # SKU -> ASIN seen in orders (inventory)
    settings: Mapping[str, str] = {}  # the partner's: assume_weight "1 LB"
    labels: Sequence[Tree] = ()  # the newest label of each package that Amazon made for the order
    packed: Sequence[str] = ()  # the names of the boxes that those labels were asked for, in their order
    own_carrier: bool = False  # the vendor ships with carriers of his own
    confirmed: Tree | None = None  # what Amazon accepted as its shipment confirmation
    portions: Portions = {}  # the lines that the warehouse has otherwise: packs, components of kits
    billing: Billing = Billing()  # what the account says of invoices


@dataclass(frozen=True, slots=True)
class Need:
    """A sign that must stand before a document is written, asked again before it is sent.

    `sign` is `kind fact` about the same account and key: `acknowledgement accepted`. `seconds`: how long to wait.
    `where`: a condition by its name (`Where`); elsewhere it is not needed. `unless`: a document of which this holds
    does not need it, as it was read. `shown`: where the order stands at Amazon when the sign is not needed any more.
    """

    kind: str
    fact: str
    then: str = "person"  # go on · reject · person
    seconds: float | None = None
    where: Where = ""
    unless: Callable[[Tree], bool] | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """What comes of a fact about a document: another of ours is made, or one that Amazon has is fetched.

    `fact` of this kind, or `changed`: the same key came with other content. `where`: a condition by its name; elsewhere
    nothing follows. `due`: at once, or on the day the order ships.
    """

    fact: str
    kind: str
    how: Literal["make", "fetch"] = "make"
    where: Where = ""
    due: Literal["", "ship day"] = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """How Amazon gives what it has about one order: by the order's number, or in the list of a time.

    `one`, `several`: the operations. `api` and `part`: where in the path. `listed`: where the list stands in a body.
    The list is asked where the one comes empty though it is there (reference §14:11).
    """

    one: str  # getPackingSlip
    several: str  # getPackingSlips
    api: str  # shipping
    part: str  # packingSlips
    listed: str  # packingSlips


@dataclass(frozen=True, slots=True)
class Operation:
    """How Amazon takes a kind: `path` with {vendor-independent} names such as {warehouseId} filled from the tree.

    `settle`: seconds until an outcome that is unknown is looked at: what Amazon needs to show an effect, and a margin.
    `reads`: the kind that shows the effect: the order, or what `brings` names. `blind`: nothing shows it; the same
    bytes go once more all the same, and what then ends so is told as unverified (reliability-security §2.2).
    `twice`: a pattern of the refusal that proves, after an unknown outcome, that the first one was taken.
    """

    name: str  # submitAcknowledgement
    method: str
    path: str
    read_back: str = ""  # the order's status that is evidence of the effect: ACCEPTED, SHIPPED; "" = none
    repeat: bool = True  # one identical repeat is allowed where reading back shows nothing (never for inventory)
    body: Callable[[Sequence[Tree]], Tree] | None = None  # completed trees -> the body
    path_of: Callable[[Tree], str] | None = None  # completed tree -> the path
    evidence: Callable[[Tree], str] | None = None  # the status that proves this tree, where not always `read_back`
    settle: float = 1200.0
    believed: float = 0.0  # seconds until it is believed that no effect is shown, where that takes longer than to look
    blind: bool = False
    twice: str = ""
    brings: str = ""  # the kind that comes in the answer itself: createShippingLabels
    named: Callable[[Tree, Tree], Tree] | None = None  # the answer and the body it answers -> what it brings, named
    otherwise: str = ""  # the path of the same request where Amazon refuses this operation (submitShippingLabelRequest)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document.

    key: the business key in a completed or sparse tree (the purchase order number for all that is about an order).
    split: an API body (getOrders or getOrder, v1 `payload` or not) -> trees, each with what `check` finds in it; only for
    kinds that Amazon sends.
    join: several trees of one key that are parts of one document -> it; only where a long file gives parts.
    revise(stored, arrived): what it means when the key comes again.
    complete(document, asked): fill what the sender left out from what is stored; adds findings (errors reject; where
    entries stand alone, as in a level, the bad ones are left out of the tree, and an empty tree is rejected).
    plainly(document, asked): what `complete` gives where nothing is to be said about it, nor `check` finds anything, at
    once; it takes the document over, and may complete it where it is. None: it is as it was, and they are asked.
    check(tree): Amazon's rules on a completed tree, as findings with JSON pointers in `data.path`.
    lacking(tree, order): the lines still missing until the document is whole (empty = whole).
    needs: signs that must stand first. follows: what comes of it. warehouse(tree): the warehouse code it is for.
    fetch: how Amazon gives it, where it is asked for order by order.
    once: its key is never used twice, nor is there a second about the same order: who comes later is for a person.
    hides: its key holds a number that leads to a person: it lies in the book as a word that tells nothing.
    level: a level, not a flow (inventory): reading sets what is wanted, writing sends the difference.
    limits: how much of a WMS's file of this kind is read at most.
    open: Amazon may add fields any day; unknown ones survive. Elsewhere they are errors.
    """

    name: str
    fields: tuple[FieldOf, ...]
    key: Callable[[Tree], str]
    help: str = ""
    split: Callable[[Any], list[tuple[Tree, list[Finding]]]] | None = None
    join: Callable[[Sequence[Tree]], Tree] | None = None
    revise: Callable[[Tree, Tree], Revised] | None = None
    complete: Callable[[Document, Asked], Document] | None = None
    plainly: Callable[[Document, Asked], Document | None] | None = None
    check: Callable[[Tree], list[Finding]] | None = None
    lacking: Callable[[Tree, Tree], list[str]] | None = None
    needs: tuple[Need, ...] = ()
    warehouse: Callable[[Tree], str] | None = None
    follows: tuple[Follow, ...] = ()
    operation: Operation | None = None
    fetch: Fetch | None = None
    once: bool = False
    hides: bool = False
    level: bool = False
    open: bool = False
    limits: Limits = field(default_factory=Limits)


@cache
def kinds() -> Mapping[str, Kind]:
    """Find every kind: a module here with a constant KIND."""
    found: dict[str, Kind] = {}
    for module in pkgutil.iter_modules(translator.documents.__path__):
        part = getattr(importlib.import_module(f"translator.documents.{module.name}"), "KIND", None)
        if isinstance(part, Kind):
            found[part.name] = part
    return found
