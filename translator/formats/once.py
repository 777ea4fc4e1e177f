"""What a format works out once per mapping and uses for every file: kept by the mapping itself, not by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from translator.mapping.layout import MappingFile

T = TypeVar("T")
MOST: Final = 256  # mappings; a site has tens


def once(make: Callable[[MappingFile], T]) -> Callable[[MappingFile], T]:
    """Remember what `make` gives for a mapping as long as that very mapping is asked about."""
    kept: dict[int, tuple[MappingFile, T]] = {}

    def made(mapping: MappingFile) -> T:
        found = kept.get(id(mapping))
        if found is not None and found[0] is mapping:
            return found[1]
        if len(kept) >= MOST:
            kept.clear()
        fresh = make(mapping)
        kept[id(mapping)] = (mapping, fresh)
        return fresh

    return made
