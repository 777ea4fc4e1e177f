"""How a site keeps what belongs to people: where its master key stands, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.config import words
from translator.config.places import secret
from translator.config.site import Reference
from translator.config.times import seconds
from translator.core.finding import Place
from translator.mapping.strict import Keys
from translator.mapping.words import names

DAY: Final = 86_400.0
KEEP, BACKUPS, MOST = 20 * DAY, 7 * DAY, 28 * DAY  # Amazon's rule is 30 days after delivery
CREDENTIAL: Final = "master-key"


@dataclass(frozen=True, slots=True)
class Personal:
    """`keep`: seconds after an order shipped. `key_backups`: seconds that a copy of the keys is kept."""

    master_key: Reference
    keep: float
    key_backups: float


def personal_of(root: Path, top: Keys) -> Personal:
    """Take `master_key` and `personal`."""
    default = Reference("credential", CREDENTIAL, root, Place("translator.yaml"))
    master_key = secret(root, top, "master_key") if top.has("master_key") else default
    inner = top.keys("personal", "in 'personal'", names(words.PERSONAL))
    if inner is None:
        return Personal(master_key, KEEP, BACKUPS)
    keep, backups = seconds(inner, "keep", KEEP), seconds(inner, "key_backups", BACKUPS)
    inner.done()
    if keep + backups > MOST:
        text = "what is personal would be kept, with the copies of its keys, for more than 28 days after it shipped"
        inner.fault("personal-long", text, inner.place("keep"), "keep: 20d, key_backups: 7d")
    return Personal(master_key, keep, backups)
