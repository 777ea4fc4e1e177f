"""What `doctor` tries at Amazon: how old the client secret is, and each right of an account, by asking alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from translator.cli.behind.probe import Probe
from translator.config.site import Account
from translator.core.finding import Misconfigured, are
from translator.endpoints.spapi.login import LIFE, WARNED, expiry
from translator.endpoints.spapi.rights import rights
from translator.service import places
from translator.service.ports import SystemClock

ROTATE: Final = "make a new client secret for the app, put it in its place (no restart), and write the day: rotated: …"


def rights_of(account: Account) -> Iterator[Probe]:
    """Try every right of an account; nothing is submitted."""
    what = f"Amazon {account.name} ({account.environment})"
    made = None
    try:
        account.client_secret.read()
        yield _age(f"{what}: client secret", account, datetime.now(UTC))
        made = places.account_of(account, SystemClock())
        for right in rights(made):
            yield Probe(f"{what}: {right.name}", right.well, right.said, right.do)
    except Misconfigured as error:
        yield Probe(what, False, f"{error.findings[0].code}: {error.findings[0].text}", error.findings[0].hint)
    finally:
        if made is not None:
            made.close()


def _age(what: str, account: Account, now: datetime) -> Probe:
    """Count the days of the client secret: from the day that is noted, else from that of its file."""
    since = account.rotated or account.client_secret.since()
    if since is None:
        return Probe(what, True, "its age is not known", "write the day it was made: rotated: 2026-11-01")
    if since > now.date():
        return Probe(what, False, f"{since} is still to come", "rotated: the day the secret was made")
    left = expiry(since, now)
    by = "" if account.rotated else ", if it was made on the day of its file"
    if left <= 0:
        return Probe(what, False, f"it is older than {LIFE} days{by}: Amazon takes it no more", ROTATE)
    said = f"{left} of {LIFE} days {are(left)} left{by}"
    return Probe(what, True, said, ROTATE if left <= WARNED else "")
