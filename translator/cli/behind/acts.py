"""Who did what, as rows for the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from translator.cli import say
from translator.cli.behind.book import looking
from translator.config.ground import read_ground


def acts(root: Path, most: int) -> list[dict[str, Any]]:
    """Give the newest acts, the oldest of them first."""
    with looking(read_ground(root)) as book:
        return [
            {
                "row": one.id,
                "when": say.moment(one.at),
                "who": one.who,
                "what": one.act,
                "about": one.about,
                "more": dict(one.detail),
            }
            for one in book.audit.latest(most)
        ]
