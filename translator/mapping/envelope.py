"""Headers and trailers that a format brings ready made: `records` stand inside the innermost, `envelope` says what differs.

A mapping of X12 names its own segments alone; ISA, GS and ST around them, SE, GE and IEA behind them come from the
format, as a layout in this very language. What results is an ordinary tree of records: nothing else knows of envelopes.
`check` of a header or trailer is that of all its fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from translator.core.finding import Place
from translator.mapping.merge import merged
from translator.mapping.strict import Entries, Node, Scalar, read_yaml
from translator.mapping.words import RECORD, VALUES, names

ENVELOPE: Final = "envelope"
BROUGHT: Final = "format "  # what the name of a file begins with whose lines a format brings
BARE: Final = "interchange"  # an option of such a format: whether the outer headers are there
CHECK: Final = "check"
HEADER: Final = frozenset(
    {*names(RECORD), CHECK} - {"records", "fields", "at"}
)  # of a header itself; others are its fields


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a format brings. `levels`: header and trailer, outermost first; `layout`: their records, as YAML."""

    name: str
    levels: tuple[tuple[str, str], ...]
    layout: str
    turns: str = ""  # what a header of the innermost level says where several documents share a file, as YAML

    @property
    def transaction(self) -> str:
        """Name the header in which one document stands."""
        return self.levels[-1][0]

    def within(self, *, bare: bool) -> tuple[tuple[str, str], ...]:
        """Give the levels of a file; `bare`: of one that has only the innermost."""
        return self.levels[-1:] if bare else self.levels


Envelopes = Mapping[str, Envelope]  # by format


def envelope_of(top: Entries, base: Entries | None, envelopes: Envelopes) -> tuple[Envelope, bool] | None:
    """Give the envelope of a mapping's format, and whether its outer headers are left away."""
    said = [one for one in (top, base) if one is not None]
    found = envelopes.get(_first(said, "format"))
    if found is None or any(one.get("template") for one in said):
        return None
    return found, _first(said, BARE) == "false"


def _first(some: list[Entries], name: str) -> str:
    nodes = (one.get(name) for one in some)
    return next((node.text for node in nodes if isinstance(node, Scalar)), "")


def wrapped(top: Entries, envelope: Envelope) -> Entries:
    """Put the records of one mapping file, as far as it says any, inside the headers it says something of."""
    inside, said = top.get("records"), top.get(ENVELOPE)
    if inside is None and said is None:
        return top
    records = inside if isinstance(inside, Entries) else Entries((), top.rule)
    own = said if isinstance(said, Entries) else Entries((), top.rule)
    for header, trailer in reversed(envelope.levels):
        found = (*records, *_said(own, trailer))
        head = next(_said(own, header), (_scalar(header, records.rule), Entries((), records.rule)))
        body = Entries(
            (*_entries(head[1]), (_scalar("records", records.rule), Entries(found, records.rule))), head[1].rule
        )
        records = Entries(((head[0], body),), records.rule)
    known = {tag for level in envelope.levels for tag in level}
    strangers = tuple(entry for entry in own if entry[0].text not in known)
    kept = [(key, node) for key, node in top if key.text not in ("records", ENVELOPE)]
    left = [(_scalar(ENVELOPE, own.rule), Entries(strangers, own.rule))] if strangers else []
    return replace(top, entries=(*kept, (_scalar("records", records.rule), records), *left))


def _said(own: Entries, tag: str) -> Iterator[tuple[Scalar, Node]]:
    """Give what a mapping says of a header or trailer as a record: words of records as they stand, the others as fields."""
    node = own.get(tag)
    if not isinstance(node, Entries):
        return
    words = [entry for entry in node if entry[0].text in HEADER]
    fields = tuple((key, _field(one)) for key, one in node if key.text not in HEADER)
    key = _scalar(tag, own.key(tag))
    yield key, Entries((*words, (_scalar("fields", node.rule), Entries(fields, node.rule))), node.rule)


def _field(node: Node) -> Node:
    """Write a bare value as what it means, so that the place the format gives the field stays."""
    return node if isinstance(node, Entries) else Entries(((_scalar("from", node.rule), node),), node.rule)


def _entries(node: Node) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Entries) else ()


def _scalar(text: str, rule: Place) -> Scalar:
    return Scalar(text, quoted=False, rule=rule)


# --- over what the format brings ----------------------------------------------------------------------------------


def completed(top: Entries, base: Entries, envelope: Envelope, *, bare: bool) -> Entries:
    """Lay what a mapping says, wrapped, over what the format brings; trailers stand behind all else."""
    own = top.get("records")
    own = own if isinstance(own, Entries) else Entries((), top.rule)
    own = _innermost(own, envelope) if bare else own
    records = merged(_unset(base, own), own, "names")
    trailers = {trailer for _, trailer in envelope.within(bare=bare)}
    headers = [header for header, _ in envelope.within(bare=bare)]
    made = _ordered(records if isinstance(records, Entries) else base, headers, trailers)
    kept = [(key, node) for key, node in top if key.text != "records"]
    return replace(top, entries=(*kept, (_scalar("records", top.rule), made)))


def _innermost(records: Entries, envelope: Envelope) -> Entries:
    """Take the outer headers off."""
    for header, _ in envelope.levels[:-1]:
        node = records.get(header)
        inner = node.get("records") if isinstance(node, Entries) else None
        records = inner if isinstance(inner, Entries) else records
    return replace(records, entries=tuple(one for one in records if one[0].text == envelope.transaction))


def _unset(base: Entries, own: Entries) -> Entries:
    """Take defaults out of what the format brings where the mapping says what stands there: what is missing is told."""
    found = []
    for key, node in base:
        said = own.get(key.text)
        if isinstance(node, Entries) and isinstance(said, Entries):
            valued = key.text != "fields" and said.get("default") is None and any(said.get(word) for word in VALUES)
            kept = replace(node, entries=tuple(one for one in node if not (valued and one[0].text == "default")))
            node = _unset(kept, said)
        found.append((key, node))
    return replace(base, entries=tuple(found))


def _ordered(records: Entries, headers: list[str], trailers: set[str]) -> Entries:
    found = []
    for key, node in sorted(records, key=lambda entry: entry[0].text in trailers):
        one = _checked(node) if key.text in trailers or key.text in headers[:1] else node
        if key.text in headers[:1] and isinstance(one, Entries):
            inner = one.get("records")
            below = _ordered(inner, headers[1:], trailers) if isinstance(inner, Entries) else Entries((), one.rule)
            one = _with(one, "records", below)
        found.append((key, one))
    return replace(records, entries=tuple(found))


def _checked(node: Node) -> Node:
    """Hand `check` of a header or trailer to its fields."""
    check, fields = (node.get(CHECK), node.get("fields")) if isinstance(node, Entries) else (None, None)
    if check is None or not isinstance(node, Entries) or not isinstance(fields, Entries):
        return node
    made = replace(fields, entries=tuple((key, _leveled(one, check)) for key, one in fields))
    rest = replace(node, entries=tuple(entry for entry in node if entry[0].text != CHECK))
    return _with(rest, "fields", made)


def _leveled(field: Node, check: Node) -> Node:
    if not isinstance(field, Entries) or field.get(CHECK) is not None:
        return field
    return replace(field, entries=(*field.entries, (_scalar(CHECK, check.rule), check)))


def _with(node: Entries, name: str, value: Node) -> Entries:
    return replace(node, entries=tuple((key, value if key.text == name else one) for key, one in node))


def brought(envelope: Envelope, kind: str, *, bare: bool, batch: bool) -> Entries:
    """Give what the format brings, as a mapping that writes has it. `kind`: of the documents; `batch`: several in a file."""
    found = _layout(envelope.name, envelope.layout)
    if batch and kind:
        found = _turned(found, envelope, _layout(envelope.name, envelope.turns.format(kind=kind)))
    return _innermost(found, envelope) if bare else found


def _turned(records: Entries, envelope: Envelope, turns: Entries) -> Entries:
    made = []
    for key, node in records:
        inner = node.get("records") if isinstance(node, Entries) else None
        if key.text == envelope.transaction:
            node = merged(node, turns, "layout")
        elif isinstance(node, Entries) and isinstance(inner, Entries):
            node = _with(node, "records", _turned(inner, envelope, turns))
        made.append((key, node))
    return replace(records, entries=tuple(made))


@cache
def _layout(name: str, text: str) -> Entries:
    node = read_yaml(text, f"{BROUGHT}{name}")
    return node if isinstance(node, Entries) else Entries((), Place(name))
