"""Date patterns: a strict subset of strftime, and the words that name forms of their own.

`iso` is ISO 8601 as Amazon writes it; `dtm` the forms of EDIFACT's DTM (102, 203, 204, and with their code 101 and 201);
`cyymmdd` a century digit first, as on IBM i: 0 is 19, 1 is 20; `yyddd` a year and the number of its day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.mapping.wrong import Wrong

ISO: Final = "iso"
DTM: Final = "dtm"
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WORDS: Final = {"cyymmdd": "%c%y%m%d", "yyddd": "%y%j"}  # and what they are written by
DTM_FORMS: Final = {"101": "%y%m%d", "102": "%Y%m%d", "201": "%y%m%d%H%M", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S"}
DTM_LENGTHS: Final = {8: "102", 12: "203", 14: "204"}  # where no code stands beside the value
DIRECTIVE: Final = re.compile(r"%(-?.?)", re.DOTALL)

_ISO: Final = re.compile(
    r"(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
    r"(?:[T ](?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?)?(?P<z>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_PIECES: Final = {
    "Y": r"(?P<Y>\d{4})", "m": r"(?P<m>\d\d)", "d": r"(?P<d>\d\d)", "H": r"(?P<H>\d\d)", "M": r"(?P<M>\d\d)",
    "S": r"(?P<S>\d\d)", "y": r"(?P<y>\d\d)", "j": r"(?P<j>\d{3})", "f": r"(?P<f>\d{1,6})", "I": r"(?P<I>0[1-9]|1[0-2])",
    "p": r"(?P<p>[AaPp][Mm])", "b": rf"(?P<b>(?i:{'|'.join(MONTHS)}))", "z": r"(?P<z>Z|[+-]\d\d:?\d\d)", "%": "%",
    "-m": r"(?P<m>\d\d?)", "-d": r"(?P<d>\d\d?)", "-H": r"(?P<H>\d\d?)", "-I": r"(?P<I>1[0-2]|0?[1-9])",
}  # fmt: skip
_CENTURY: Final = {"c": r"(?P<c>[01])"}  # in words only
_LOOSE: Final = frozenset({"f", "-m", "-d", "-H", "-I"})  # as many digits as there are
_DIGITS: Final = frozenset("YmdHMSyjfIc") | _LOOSE
_PAPERS: Final = re.compile("yy|mm|dd|hh|ss", re.IGNORECASE)  # how the papers of a WMS say it


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to read: what it matches and what it knows. `form`: what it is written by."""

    text: str
    form: str
    regex: re.Pattern[str]
    names: frozenset[str]

    @property
    def day_only(self) -> bool:
        """Tell whether it says nothing about the time of day."""
        return not self.names & {"H", "I"}

    @property
    def time_only(self) -> bool:
        """Tell whether it says nothing but a time of day."""
        return bool(self.names & {"H", "I"}) and not self.names & {"Y", "y", "m", "d", "b", "j"}

    @property
    def zoned(self) -> bool:
        """Tell whether it may carry its own offset."""
        return "z" in self.names


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """Compile a pattern. Raises Wrong for a directive that is not in the subset, one that stands twice, or letters in its place."""
    if text == ISO:
        return Pattern(text, text, _ISO, frozenset(_ISO.groupindex))
    if text == DTM:
        return Pattern(text, text, re.compile("(?!)"), frozenset("YmdHMS"))  # read and written by its forms
    form = WORDS.get(text, text)
    try:
        regex = re.compile("".join(_pieces(form, _PIECES | _CENTURY if text in WORDS else _PIECES)), re.ASCII)
    except re.error:
        raise Wrong("date-pattern", f"a directive stands twice in the date pattern '{text}'") from None
    if "%" not in form or _PAPERS.search(DIRECTIVE.sub(" ", form)):
        hint = "MM/DD/YYYY is %m/%d/%Y, HHMM is %H%M"
        raise Wrong("date-pattern", f"the date pattern '{text}' says by letters what is said with %", hint)
    return Pattern(text, form, regex, frozenset(regex.groupindex))


def _pieces(form: str, known: dict[str, str]) -> list[str]:
    found, last, loose = [], 0, ""
    for one in DIRECTIVE.finditer(form):
        between, name = form[last : one.start()], one[1]
        if name not in known:
            hint = f"known: %{' %'.join(sorted(_PIECES))}, and the words iso dtm {' '.join(WORDS)}"
            raise Wrong("date-pattern", f"the date pattern knows no '{one[0]}'", hint)
        _ended(loose, between or ("0" if name in _DIGITS else ""))
        found += [re.escape(between), known[name]]
        last, loose = one.end(), one[0] if name in _LOOSE else ""
    _ended(loose, form[last:])
    return [*found, re.escape(form[last:])]


def _ended(loose: str, follows: str) -> None:
    """Refuse a directive of one or two digits that digits follow."""
    if loose and follows[:1].isdigit():
        raise Wrong("date-pattern", f"where '{loose}' ends cannot be told", "put something between it and more digits")


def incomplete(text: str) -> tuple[str, str]:
    """Say what a pattern lacks to name a day or a time, and what to do; empty when it is whole."""
    names = pattern(text).names
    if names & {"M", "S", "f"} and not names & {"H", "I"}:
        return "no hour (%H, or %I with %p)", ""
    if ("I" in names) != ("p" in names):
        return "%H with %p" if "p" in names else "%I without %p", "%I is the hour before %p: %I:%M %p"
    if pattern(text).time_only:
        return "", ""
    if not names & {"Y", "y"}:
        return "no year (%Y or %y)", ""
    if "j" not in names and not ("d" in names and names & {"m", "b"}):
        return "no day (%m and %d, or %j)", ""
    return "", ""
