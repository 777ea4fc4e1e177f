"""Files that are read together: a set is read when all of it is there, and nothing of it before.

The files of a set agree in the `{word}`s of their names. Those that came wait as rows; the one that completes the set
takes the others in. Which files made it is written down, so that what is read once more is read from the same ones.
Where several files would do and say different things nobody guesses: a person gives up one of them. What a person was
asked about, or holds, is taken in by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from translator.core.work import Hold, State, Station
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.translation import Translation, place_in_set

PATIENCE: Final = 24 * 3600.0  # seconds until a person is asked about a set that is not whole
WHOLE: Final = "set is whole"
PERSON: Final = "person"

Words = Mapping[str, str]


def gathered(
    book: Book, work: Work, translation: Translation, interchange: Interchange
) -> tuple[Interchange, ...] | Hold:
    """Give the files of a set in the order of its mapping; a hold while some are not there, or nobody knows which."""
    if made := _made(book, interchange):
        return made
    place, words = place_in_set(translation, interchange.name) or (0, {})
    found = {place: [interchange]}
    said = dict(words)
    waiting = [one for one, row in _waiting(book, work) if row.awaits != PERSON]
    for number in range(len(translation.parts)):
        fitting = [(one, its[1]) for one in waiting if (its := _placed(translation, one, number, said))]
        if number != place and fitting:
            found[number] = [one for one, _ in fitting]
            said |= fitting[-1][1]
    lacking = [one.file.file for number, one in enumerate(translation.parts) if number not in found]
    if lacking:
        names = ", ".join(_called(one, words) for one in lacking)
        return Hold("the other files of its set", f"waits for {names}{_withheld(book, work, translation)}", PATIENCE)
    for some in found.values():
        if len({one.hash for one in some}) > 1:
            names = ", ".join(f"{one.name} (file {one.id})" for one in some)
            return Hold(PERSON, f"several files would make the set: {names}; give up all but one, then retry this row")
    return tuple(found[number][-1] for number in sorted(found))


def together(book: Book, translation: Translation, file: Interchange, other: Interchange) -> bool:
    """Tell whether a file may be of the same set as another one, of which no set was made yet."""
    its, others = place_in_set(translation, file.name), place_in_set(translation, other.name)
    return bool(its and others and _agree(its[1], others[1]) and not _made(book, other))


def stands(book: Book, work: Work, files: Sequence[Interchange]) -> bool:
    """Tell whether the other files still wait: while this one was read another hand may have taken them."""
    if len(files) < 2 or _made(book, next(one for one in files if str(one.id) == work.subject.partition(":")[0])):
        return True
    free = {one.id for one, row in _waiting(book, work) if row.awaits != PERSON}
    return all(one.id in free or str(one.id) == work.subject for one in files)


def settled(book: Book, work: Work, files: Sequence[Interchange]) -> None:
    """Write down which files made the set, and let the rows of the others go; of the same file sent twice, both."""
    if len(files) < 2:
        return
    same = {(one.name, one.hash) for one in files}
    for other, row in _waiting(book, work):
        if (other.name, other.hash) in same and row.id != work.id:
            book.work.remove(row.station, row.route, row.subject)
            if other not in files:
                detail = {"name": other.name, "reason": "the same bytes are in the set"}
                book.events.note(_subject(other), "duplicate", detail)
    for one in files:
        if str(one.id) == work.subject:
            book.events.note(_subject(one), WHOLE, {"files": [other.id for other in files]})


def _made(book: Book, interchange: Interchange) -> tuple[Interchange, ...]:
    """Give the files it was read with before."""
    told = [event.detail["files"] for event in book.events.of(_subject(interchange)) if event.name == WHOLE]
    found = [book.interchanges.get(number) for number in told[-1]] if told else []
    return tuple(one for one in found if one)


def _subject(interchange: Interchange) -> str:
    return f"interchange {interchange.id}"


def _waiting(book: Book, work: Work) -> list[tuple[Interchange, Work]]:
    """Give the files of the folder that wait to be read; one that another hand has is not free."""
    rows = [one for one in book.work.find(station=Station.READ, route=work.route) if one.state is not State.ACTIVE]
    numbers = {row.id: int(row.subject) for row in rows if row.subject.isdigit()}
    files = book.interchanges.by_id(numbers.values())
    return [(files[numbers[row.id]], row) for row in rows if numbers.get(row.id) in files]


def _placed(
    translation: Translation, interchange: Interchange, number: int, words: Words
) -> tuple[int, dict[str, str]] | None:
    """Give the place and the words of a file that may stand at this place of the set; None: it may not."""
    its = place_in_set(translation, interchange.name)
    return its if its and its[0] == number and _agree(words, its[1]) else None


def _withheld(book: Book, work: Work, translation: Translation) -> str:
    """Name what is there and waits for a person."""
    rows = [(one, row) for one, row in _waiting(book, work) if row.awaits == PERSON and row.id != work.id]
    held = [f"{one.name} in row {row.id}" for one, row in rows if place_in_set(translation, one.name)]
    return f" (held for a person: {', '.join(held[:5])})" if held else ""


def _agree(mine: Words, others: Words) -> bool:
    return all(others[name] == value for name, value in mine.items() if name in others)


def _called(pattern: str, words: Words) -> str:
    """Name a file that is awaited, as far as its name is known."""
    for name, value in words.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern
