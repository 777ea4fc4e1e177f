"""Files that are read together: a set is read when all of it is there, and nothing of it before.

The files of a set agree in the `{word}`s of their names. Those that came wait as rows; the one that completes the set
takes the others in. Which files made it is written down, so that what is read once more is read from the same ones.
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

Words = Mapping[str, str]


def gathered(
    book: Book, work: Work, translation: Translation, interchange: Interchange
) -> tuple[Interchange, ...] | Hold:
    """Give the files of a set in the order of its mapping; a hold while some are not there."""
    if made := _made(book, interchange):
        return made
    place, words = place_in_set(translation, interchange.name) or (0, {})
    found = {place: interchange}
    for other, _ in _waiting(book, work):
        its_place, its_words = place_in_set(translation, other.name) or (place, {})
        if its_place != place and _agree(words, its_words):
            found[its_place] = other
    lacking = [one.file.file for number, one in enumerate(translation.parts) if number not in found]
    if lacking:
        return Hold(
            "the other files of its set", f"waits for {', '.join(_called(one, words) for one in lacking)}", PATIENCE
        )
    return tuple(found[number] for number in sorted(found))


def settled(book: Book, work: Work, files: Sequence[Interchange]) -> None:
    """Write down which files made the set, and let the rows of the others go."""
    if len(files) < 2:
        return
    numbers = {str(one.id) for one in files}
    for other in book.work.find(station=Station.READ, route=work.route):
        if other.subject in numbers and other.id != work.id:
            book.work.remove(other.station, other.route, other.subject)
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
    pairs = [(book.interchanges.get(int(one.subject)), one) for one in rows if one.subject.isdigit()]
    return [(one, row) for one, row in pairs if one is not None]


def _agree(mine: Words, others: Words) -> bool:
    return all(others[name] == value for name, value in mine.items() if name in others)


def _called(pattern: str, words: Words) -> str:
    """Name a file that is awaited, as far as its name is known."""
    for name, value in words.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern
