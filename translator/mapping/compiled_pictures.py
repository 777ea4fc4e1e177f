"""The pictures of a reading mapping, compiled once, with the quick ways of drawing them that it has.

A quick way draws what the careful one (`picture`) draws, and is there only where the mapping is plain enough for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from translator.mapping.checks import Checks, compile_checks
from translator.mapping.layout import MappingFile, Record, spoken
from translator.mapping.quick import Quick, quick
from translator.mapping.reader import Reader
from translator.mapping.scope import Formula, formula
from translator.mapping.shapes import Shape, shape
from translator.mapping.stretch_code import stretches
from translator.mapping.stretches import Stretches
from translator.mapping.ways import Way, way
from translator.mapping.world import WORLD

ALONE: Final = frozenset({"inventory_update"})  # kinds whose entries stand alone
_MOVING: Final = frozenset({"file", "now"})  # what is another with each file


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a mapping, compiled once."""

    shapes: tuple[tuple[str, Shape], ...]
    checks: dict[int, Checks]
    lets: tuple[tuple[str, Formula], ...]
    way: Way
    quicks: dict[str, Quick | None] = field(default_factory=dict)  # by what `zone: warehouse` means
    stretches: dict[str, Stretches | None] = field(default_factory=dict)  # by the same
    columns: dict[tuple[str, str], str] = field(default_factory=dict)  # kind and path -> the field it is drawn from


def compile_pictures(reader: Reader) -> Pictures:
    """Compile the pictures of a reading mapping. Raises Misconfigured."""
    mapping, environment = reader.mapping, reader.environment
    shapes = tuple((kind, shape(picture, environment)) for kind, picture in mapping.documents.items())
    checks = compile_checks(mapping, environment)
    lets = tuple((name, formula(one, environment)) for name, one in mapping.let)
    held = way(mapping, [(one, kind in ALONE) for kind, one in shapes], checks, [let for _, let in lets])
    return Pictures(shapes, checks, lets, held)


def pictures_of(reader: Reader) -> Pictures:
    """Give the compiled pictures of a reader, compiled at most once."""
    if reader.kept is None:
        reader.kept = compile_pictures(reader)
    return cast("Pictures", reader.kept)


def quick_of(pictures: Pictures, reader: Reader, zone: str) -> Quick | None:
    """Give the quick way of a mapping, where it has one: its documents, or the items of its inventory."""
    if zone not in pictures.quicks:
        pictures.quicks[zone] = _quicks(pictures, reader.mapping, zone) if len(pictures.shapes) == 1 else None
    return pictures.quicks[zone]


def stretches_of(pictures: Pictures, mapping: MappingFile, zone: str) -> Stretches | None:
    """Give the quick way of the transactions of a mapping, where it has one."""
    if zone not in pictures.stretches:
        pictures.stretches[zone] = _compiled_stretches(pictures, mapping, zone)
    return pictures.stretches[zone]


def _compiled_stretches(pictures: Pictures, mapping: MappingFile, zone: str) -> Stretches | None:
    ((kind, one), *others) = pictures.shapes
    if others or kind in ALONE or pictures.way.totals or pictures.way.key or not pictures.way.units:
        return None
    names = [*WORLD, *(name for name, _ in pictures.lets)]
    made = stretches(mapping, kind, one, pictures.checks, names, zone)
    return made if made and id(made.transaction) in pictures.way.units else None


def quick_code(reader: Reader) -> str:
    """Give the code of the quick way; empty where a mapping has none."""
    pictures = pictures_of(reader)
    made = quick_of(pictures, reader, "") or stretches_of(pictures, reader.mapping, "")
    return made.code if made else ""


def _quicks(pictures: Pictures, mapping: MappingFile, zone: str) -> Quick | None:
    ((kind, one),) = pictures.shapes
    if kind not in ALONE:
        flat = len(mapping.records) == 1 and one.listed and not pictures.lets and mapping.records[0].times.many
        return quick(mapping.records[0], one, pictures.checks, mapping.check, zone) if flat and _by_rows(one) else None
    lists = [part for _, part in one.entries if isinstance(part, Shape) and part.listed]
    grouped = one.listed and not one.adjacent and _alone_by_line(pictures, mapping)
    if (one.listed and not grouped) or len(lists) != 1 or len(pictures.way.units) != 1:
        return None
    if pictures.way.totals or lists[0].group:
        return None
    record = next((one for one in _stand_once(mapping.records) if id(one) in pictures.way.units), None)
    if record is None or not _by_rows(lists[0]) or (not grouped and _asks(pictures, lists[0], record)):
        return None
    return quick(record, lists[0], pictures.checks, mapping.check, zone, item=True, group=one.group)


def _asks(pictures: Pictures, items: Shape, record: Record) -> bool:
    """Tell whether what stands around the items asks for the records of these, without which it is drawn."""
    ((_, one),) = pictures.shapes
    formulas = (*_formulas(one, without=items), *(let for _, let in pictures.lets))
    paths = (each.gathered.get(use.path[0], use.path) for each in formulas for use in each.compiled.uses.paths)
    return not {path[0] for path in paths}.isdisjoint((record.name, *map(spoken, record.fields)))


def alone_by_line(reader: Reader) -> bool:
    """Tell a flat file of an inventory each line of which is one item, whatever stands in the others."""
    return _alone_by_line(pictures_of(reader), reader.mapping)


def _alone_by_line(pictures: Pictures, mapping: MappingFile) -> bool:
    records = mapping.records
    if len(pictures.shapes) != 1 or len(records) != 1 or pictures.checks or pictures.lets or pictures.way.totals:
        return False
    ((kind, one),), (record,) = pictures.shapes, records
    lists = [part for _, part in one.entries if isinstance(part, Shape)]
    if kind not in ALONE or one.each or one.counted or one.must or one.about or len(lists) != 1:
        return False
    plain = not (record.records or record.must or record.let or record.match) and record.times.many
    listed = lists[0].listed and not (lists[0].group or lists[0].counted) and _by_rows(lists[0])
    return plain and listed and _says_the_same(one, lists[0])


def _says_the_same(one: Shape, items: Shape) -> bool:
    """Tell whether the formulas ask nothing of the file or the hour, and those around the items nothing but their group."""
    used = [*_formulas(one)]
    if any(each.gathered or each.compiled.asks or _MOVING & {*each.compiled.uses.names} for each in used):
        return False
    heads = {each.compiled.path[0] for each in one.group if each.compiled.path}
    around = {name for each in _formulas(one, without=items) for name in each.compiled.uses.names}
    return all(each.compiled.path for each in one.group) and around <= heads | {"partner"}


def _formulas(one: Shape, without: Shape | None = None) -> Iterator[Formula]:
    """Give the formulas of an object, and of all in it."""
    yield from one.own()
    for _, part in one.entries:
        if isinstance(part, Shape) and part is not without:
            yield from _formulas(part, without)


def _by_rows(one: Shape) -> bool:
    """Tell a list of which each entry is a record, or a group of them."""
    if not one.each:
        return True
    (head, *more) = one.each
    return not (more or head.name or head.only or one.group) and head.source.compiled.path is not None


def _stand_once(records: Iterable[Record]) -> Iterator[Record]:
    """Give the records around which nothing is repeated: rows of others belong to one of several, which may be let go."""
    for record in records:
        yield record
        yield from () if record.times.many else _stand_once(record.records)
