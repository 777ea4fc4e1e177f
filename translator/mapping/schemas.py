"""The XSD a mapping names, with the schemas it includes or imports: all of them files beside the mapping."""

from __future__ import annotations

import re
from typing import Final

from translator.core.finding import Place
from translator.mapping.source import Source

MOST: Final = 200  # files
_ASKED: Final = re.compile(
    rb"""<(?:[\w.-]+:)?(?:include|import|redefine)\b[^<>]*?\bschemaLocation\s*=\s*["']([^"'<>]{1,200})["']"""
)


def schemas(name: str, rule: Place, source: Source) -> dict[str, bytes]:
    """Fetch a schema and, by and by, what it asks for; by name, the schema itself first."""
    found: dict[str, bytes] = {}
    asked = [name]
    for one in asked:  # it grows
        if one in found:
            continue
        companion = source.companion(one, rule)
        if companion is None or len(found) == MOST:
            break
        found[one] = companion[1]
        asked += [beside(one, location.decode("utf-8", "replace")) for location in _ASKED.findall(companion[1])]
    return found


def beside(name: str, location: str) -> str:
    """Give the name of what a schema asks for: `ubl/main/a.xsd` and `../common/b.xsd` make `ubl/common/b.xsd`."""
    if ":" in location:  # an address: fetched from nowhere
        return location
    steps = name.split("/")[:-1]
    for step in location.split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)
