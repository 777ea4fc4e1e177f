"""A field of a file that a picture names where it is not at hand: deeper, or beside what the `each` around it goes through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Expression, Field, MappingFile, Picture, Record, every_record, spoken
from translator.mapping.lints.advice import Looked, fields, warning

Layout = Record | Field
Chain = tuple[Layout, ...]  # a record or group, and those around it, outwards


def elsewhere(looked: Looked) -> Iterator[Finding]:
    """Name what would be found in no row: `Lager` of the head, where the document is about the whole file."""
    mapping = looked.mapping
    if mapping.direction != "reads" or mapping.files:
        return
    chains = list(_chains(mapping.records, ()))
    homes: dict[str, list[Chain]] = {}
    for chain in chains:
        for one in chain[0].fields:
            homes.setdefault(spoken(one), []).append(chain if not one.fields and not one.times.many else ())
    known = {name: some for name, some in homes.items() if all(some) and name not in _shadows(mapping, chains)}
    for picture in mapping.documents.values():
        yield from _Walk(known, chains).picture(picture, _start(mapping, picture))


def _start(mapping: MappingFile, picture: Picture) -> tuple[Chain, ...]:
    """Begin where reading does: with a row, or with the file, in which no field stands."""
    records = mapping.records
    many = [record for record in records if record.times.many] or list(records[:1])
    alone = len(records) == 1 and not records[0].records
    return ((many[0],),) if many and not picture.each and (picture.group or alone) else ()


@dataclass(frozen=True, slots=True)
class _Walk:
    """Goes through a picture. `homes`: where each field stands that has a name of its own."""

    homes: dict[str, list[Chain]]
    chains: list[Chain]

    def picture(self, one: Picture, at: tuple[Chain, ...]) -> Iterator[Finding]:
        for head in one.each:
            name = head.source.text.strip().rpartition(".")[2].lstrip("@")
            inner = [chain for chain in self.chains if spoken(chain[0]) == name]
            if not inner:
                return  # what it goes through is worked out
            at = (*at, *inner)
        asked = [*one.group, *(about.value for about in one.about)]
        for _, part in one.entries:
            if isinstance(part, Picture):
                yield from self.picture(part, at)
            else:
                asked += part.source
        yield from self._told(asked, at)

    def _told(self, asked: Iterable[Expression], at: tuple[Chain, ...]) -> Iterator[Finding]:
        near = {id(layout) for chain in at for layout in chain}
        for one in asked:
            homes = self.homes.get(one.text.strip(), ())
            if homes and not any(id(chain[0]) in near for chain in homes):
                home = spoken(homes[0][0])
                hint = f"{home}.{one.text.strip()}" + (f", or each: {home}" if homes[0][0].times.many else "")
                text = f"{one.text.strip()} stands in {home}, which is not at hand here: it would never be found"
                yield warning("name-elsewhere", text, one.rule, hint)


def _chains(layouts: Iterable[Layout], around: Chain) -> Iterator[Chain]:
    for one in layouts:
        if one.fields or isinstance(one, Record):
            yield (one, *around)
            yield from _chains((*one.fields, *(one.records if isinstance(one, Record) else ())), (one, *around))


def _shadows(mapping: MappingFile, chains: list[Chain]) -> set[str]:
    """Give the names of records and groups, and those that the mapping itself gives to something."""
    some: list[MappingFile | Record | Field | Picture] = [
        mapping,
        *every_record(mapping.records),
        *(one for one, _ in fields(mapping)),
        *(one for picture in mapping.documents.values() for one in _pictures(picture)),
    ]
    lets = {name for one in some for name, _ in one.let}
    return {
        *lets,
        *(head.name for one in some for head in getattr(one, "each", ())),
        *(spoken(one[0]) for one in chains),
    }


def _pictures(one: Picture) -> Iterator[Picture]:
    yield one
    for _, part in one.entries:
        yield from _pictures(part) if isinstance(part, Picture) else ()


ADVISE: Final = elsewhere
