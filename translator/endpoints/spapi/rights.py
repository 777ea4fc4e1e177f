"""Which rights an account has at Amazon: each tried by a question that moves nothing, with what to do where one is missing.

Promises: nothing is submitted; a right that is there is told from one that is not by Amazon's own answer, and no token,
secret or customer's word is shown. In trouble it yields: that is what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from translator.core.finding import Rejected, Unavailable
from translator.core.tree import at
from translator.endpoints.spapi.access import Shut
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import DENIALS, asked, named
from translator.endpoints.spapi.login import LIFE
from translator.endpoints.spapi.skew import BELIEVED
from translator.endpoints.spapi.windows import LONGEST, text
from translator.endpoints.spapi.wire import Answer, Lost

LAG: Final = timedelta(minutes=5)  # behind now: our clock may be ahead of Amazon's
NOBODYS: Final = "20200101000000-00000000-0000-0000-0000-000000000000"  # a transaction that is none
ROLE: Final = (
    "tick the role Direct-to-Consumer Shipping (Restricted) on the developer profile and on the app, let the vendor "
    "authorise the app again, and put the NEW refresh token in place: an older one does not get the role"
)
REGION: Final = (
    "the region must be that of the vendor group (na, eu, fe), the refresh token from this region's authorisation; "
    "if it is, let the vendor authorise the app again"
)
GROUP: Final = (
    "if Vendor Central shows orders: the authorisation is of another vendor group or region, authorise again as a user "
    "of the group whose codes are in the site; if it shows none yet, there is nothing to do"
)
NETWORK: Final = "see that this machine reaches Amazon over https (DNS, proxy, firewall), then try again"
CERTIFICATE: Final = (
    "see first that this machine's clock is right (timedatectl set-ntp true); if it is, something opens https on the way "
    "(a proxy, a firewall): have it let Amazon through as it is"
)
LATER: Final = "Amazon's side is at fault or busy: try again in some minutes"
CREDENTIALS: Final = {
    "invalid_grant": "make a new refresh token (authorise the app) with the app whose client id is in the site",
    "invalid_client": (
        f"copy client id and client secret again, whole; if they are right, the secret is older than {LIFE} days: make a new one"
    ),
    "cannot be read": "put the secret where the site says it stands, readable by the service",
    "malformed": "copy client id, client secret and refresh token again, whole and without blanks",
    "client id": "see that client id, client secret and refresh token are of one and the same app",
}
LISTS: Final = (
    ("getShippingLabels", "shippingLabels"),
    ("getPackingSlips", "packingSlips"),
    ("getCustomerInvoices", "customerInvoices"),
)


@dataclass(frozen=True, slots=True)
class Right:
    """What was tried, whether it is well, what was seen, and what to do."""

    name: str
    well: bool
    said: str
    do: str = ""


def rights(account: Account) -> Iterator[Right]:
    """Try each right; where there is no login, or no network, nothing more can be told."""
    login = _login(account)
    yield login
    if not login.well:
        return
    orders = account.path("orders", "purchaseOrders")
    token = _restricted(account, orders)
    yield token
    yield _orders(account, orders)
    for name, part in LISTS:
        yield _tried(account, name, account.path("shipping", part), _minute(account))
    yield _created(account)
    path = account.path("transactions", "transactions", NOBODYS)
    yield _tried(account, "getTransactionStatus", path, {}, frozenset({400, 404}))
    yield clock(account.skew())


def clock(skew: float | None) -> Right:
    """Say how far our clock is from Amazon's; None: no answer had a date."""
    if skew is None:
        return Right("clock", True, "Amazon's answers tell no time")
    side = "ahead of" if skew > 0 else "behind"
    said = f"{abs(skew):.0f} s {side} Amazon's"
    if abs(skew) <= BELIEVED:
        return Right("clock", True, said)
    return Right("clock", False, said, "let the machine take its time from the network (timedatectl set-ntp true)")


def _login(account: Account) -> Right:
    name = "login (LWA)"
    try:
        account.log_in()
    except Unavailable as trouble:
        return Right(name, False, trouble.reason, _credential(trouble.reason))
    return Right(name, True, "the refresh token gives an access token")


def _credential(reason: str) -> str:
    return next((do for word, do in CREDENTIALS.items() if word in reason), _network(reason) or LATER)


def _network(reason: str) -> str:
    """Say what to do where Amazon is not reached; empty where it is."""
    if "certificate" in reason:
        return CERTIFICATE
    return NETWORK if "connect" in reason else ""


def _restricted(account: Account, path: str) -> Right:
    name = "restricted data token (RDT)"
    try:
        account.open("GET", path)
    except Shut as trouble:
        return Right(name, False, trouble.reason, ROLE)
    except Unavailable as trouble:
        return Right(name, False, trouble.reason, REGION if "denies access" in trouble.reason else LATER)
    return Right(name, True, "Amazon gives one for orders")


def _orders(account: Account, path: str) -> Right:
    end = account.now() - LAG
    query = {"createdAfter": text(end - LONGEST), "createdBefore": text(end), "limit": "1"}
    answer = _answer(account, path, query | {"includeDetails": "false"})
    told = _judged("getOrders", answer)
    if not told.well or not isinstance(answer, Answer) or at(_tree(answer), "orders"):
        return told
    return Right("getOrders", True, "answers, but shows no order of the last seven days", GROUP)


def _created(account: Account) -> Right:
    """Tell of createShippingLabels by its token alone: it cannot be tried without making a label."""
    name = "createShippingLabels"
    try:
        account.open("POST", "/vendor/directFulfillment/shipping/2021-12-28/shippingLabels/A")
    except Unavailable as trouble:
        said = f"labels are asked for by submitShippingLabelRequest instead ({trouble.reason})"
        return Right(name, isinstance(trouble, Shut), said, "" if isinstance(trouble, Shut) else LATER)
    return Right(name, True, "Amazon gives a restricted token for it")


def _tried(account: Account, name: str, path: str, query: dict[str, str], fine: frozenset[int] = frozenset()) -> Right:
    return _judged(name, _answer(account, path, query), fine)


def _answer(account: Account, path: str, query: dict[str, str]) -> Answer | Lost | Unavailable:
    try:
        return account.get(path, query)
    except Unavailable as trouble:
        return trouble


def _judged(name: str, answer: Answer | Lost | Unavailable, fine: frozenset[int] = frozenset()) -> Right:
    if isinstance(answer, Shut):
        return Right(name, False, answer.reason, ROLE)
    if isinstance(answer, Unavailable):
        return Right(name, False, answer.reason, REGION if "denies access" in answer.reason else LATER)
    if isinstance(answer, Lost):
        return Right(name, False, answer.reason, _network(answer.reason) or NETWORK)
    if answer.status in DENIALS:
        return Right(name, False, f"Amazon denies access, also with fresh tokens: {named(answer)}", f"{ROLE}; {REGION}")
    if answer.status in fine:
        return Right(name, True, "answers")
    try:
        asked(answer)
    except (Unavailable, Rejected) as trouble:
        said = trouble.reason if isinstance(trouble, Unavailable) else f"Amazon refuses it: {trouble.findings[0]}"
        return Right(name, False, said, LATER)
    return Right(name, True, "answers")


def _tree(answer: Answer) -> Any:
    return asked(answer).tree


def _minute(account: Account) -> dict[str, str]:
    end = account.now() - LAG
    return {"createdAfter": text(end - timedelta(minutes=1)), "createdBefore": text(end), "limit": "1"}
