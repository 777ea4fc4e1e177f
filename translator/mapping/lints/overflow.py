"""What cannot fit its field, and what will not always: fixed texts, table cells, Amazon's words, long names.

Amazon states no maximum for any text (reference §3), so `usual` is our own estimate of how long one may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding, Place
from translator.mapping import dates
from translator.mapping.layout import Field, Lookup
from translator.mapping.lints.advice import Looked, fields, warning
from translator.mapping.tables import pairs, question

SAMPLE: Final = "2028-12-30T23:59:59Z"
SHORTEST: Final = len("2026-12-01T14:05Z")
TOLD: Final = 3  # cells of one table


def overflowing(looked: Looked) -> Iterator[Finding]:
    """Tell what is longer than `len` or `max` allow."""
    for one, _ in fields(looked.mapping):
        most = one.len or one.max
        if most and not one.fields:
            yield from _fixed(one, most)
            yield from _dated(one, most) if looked.mapping.direction == "writes" else ()
            yield from _looked_up(one, most) if looked.mapping.direction == "writes" else ()
            yield from _valued(one, most, looked) if looked.mapping.direction == "writes" else ()


def _fixed(one: Field, most: int) -> Iterator[Finding]:
    for word, texts in (
        ("text", [one.text]),
        ("is", one.is_),
        ("default", [one.default]),
        ("redacted", [one.redacted]),
    ):
        for text in texts:
            if text and len(text) > most and not (one.truncate or one.rest):
                yield _longer(f"'{word}' of '{one.name}' is {len(text)} long, {most} are allowed", one.rule)


def _dated(one: Field, most: int) -> Iterator[Finding]:
    if not one.date or one.lookup:
        return
    try:
        written = len(dates.rewritten(SAMPLE, one.date[0], "UTC", one.time))
    except ValueError:
        return  # told where dates are checked
    if written > most and not one.truncate:
        yield _longer(f"a date of '{one.name}' is {written} long, {most} are allowed", one.rule)


def _looked_up(one: Field, most: int) -> Iterator[Finding]:
    if one.lookup is None or one.truncate or one.rest:
        return
    long = [cell for cell in _answers(one.lookup) if len(cell) > most]
    for cell in long[:TOLD]:
        where = f"the table '{one.lookup.table.name}'" if one.lookup.table.name else "the table written here"
        yield _longer(f"'{cell[:40]}' in {where} is {len(cell)} long, '{one.name}' takes {most}", one.rule)


def _answers(lookup: Lookup) -> list[str]:
    try:
        return list(dict.fromkeys(pairs(lookup.table, question(lookup)).values()))
    except KeyError:
        return []  # told where tables are checked


def _valued(one: Field, most: int, looked: Looked) -> Iterator[Finding]:
    known = looked.leaf(one)
    if known is None or one.lookup or one.date or one.type != "text" or one.truncate or one.rest:
        return
    if known.type == "datetime" and most < SHORTEST:
        text = f"'{one.name}' takes {most}, and {one.source[0].text} is a moment: 2026-12-01T14:05:00Z"
        yield Finding("overflow", text, rule=one.rule, hint='its look: date: "%Y%m%d", zone: warehouse')
        return
    words = [word for word in known.one_of if len(word) > most]
    for word in words:
        yield _longer(f"Amazon may say '{word}', which is {len(word)} long; '{one.name}' takes {most}", one.rule)
    if not words and known.usual > most:
        text = f"'{one.name}' takes {most}, and {one.source[0].text} may be about {known.usual} long: it would be held"
        code = most == 2 and one.source[0].text.endswith("countryCode")
        hint = f"{one.source[0].text} | country_code" if code else "truncate: true, rest: another field, or a wider one"
        yield warning("may-overflow", text, one.rule, hint)


def _longer(text: str, rule: Place) -> Finding:
    return Finding("overflow", text, rule=rule, hint="shorten it, or give the field more room")


ADVISE: Final = overflowing
