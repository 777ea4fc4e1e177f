"""Addresses: codes and names of countries and states, postal codes, telephone numbers, the number of a house.

What cannot be told for sure is an error or stays as it is, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from translator.functions.places import countries, states
from translator.mapping.letters import plain
from translator.mapping.wrong import Wrong

_SAYS: Final = {"uk": "GB", "great britain": "GB", "england": "GB", "united states of america": "US", "u.s.a.": "US",
                "u.s.": "US", "turkey": "TR", "czech republic": "CZ", "holland": "NL"}  # fmt: skip
LONGEST: Final = 100  # of a street, of a telephone number
_ZIP: Final = re.compile(r"([0-9]{5})(?:[- ]?([0-9]{4}))?")
_OTHER_STATES: Final = (
    "a `lookup` in a table of your own gives it; where the field has room, it may go as it came, without this function;"
    " else it stays held"
)
_EXTENSION: Final = re.compile(r"(?i)(?:ext\.?|x|#) ?(?=[0-9])")
_NO_STREET: Final = re.compile(
    r"(?i)\b(?:p\.? ?o\.?|box|postfach|apt|apartment|suite|ste|unit|floor|fl|room|rm|route|rte|rr|highway|hwy)\b|#"
)
_HOUSE: Final = r"[0-9]{1,5} ?[A-Za-z]?(?:[-/][0-9]{1,5} ?[A-Za-z]?)?"
_FIRST: Final = re.compile(rf"({_HOUSE}),? +([^0-9]+)")
_LAST: Final = re.compile(rf"([^0-9]+?),? +({_HOUSE})")


@lru_cache(maxsize=1024)
def _country(text: str) -> tuple[str, str, str]:
    asked = plain(text.strip()).lower()
    asked = _SAYS.get(asked, asked).lower()
    for found in countries():
        if asked in (part.lower() for part in (*found, plain(found[2]))):
            return found
    raise Wrong("country-unknown", "{} is no country", "two letters, three letters or a name", value=text)


def country_code(value: str) -> str:
    """The two letters of a country, said by its two or three letters or its name."""
    return _country(value)[0]


def country_code3(value: str) -> str:
    """The three letters of a country."""
    return _country(value)[1]


def country_name(value: str) -> str:
    """The English name of a country."""
    return _country(value)[2]


def state_code(value: str, country: str = "US") -> str:
    """The postal code of a state or province of US, CA or AU, said by its code or its name."""
    return _state(value, country)[0]


def state_name(value: str, country: str = "US") -> str:
    """The name of a state or province of US, CA or AU."""
    return _state(value, country)[1]


def _state(value: str, country: str) -> tuple[str, str]:
    asked = plain(value.strip()).lower().replace(".", "")
    for code, name in states(country_code(country)):
        if asked in (code.lower(), name.lower().replace(".", "")):
            return code, name
    raise Wrong("state-unknown", f"{{}} is no state of {country_code(country)} we know", _OTHER_STATES, value=value)


def zip5(value: str) -> str:
    """The five digits of a ZIP code."""
    return _zip(value)[0]


def zip4(value: str) -> str:
    """The four digits behind a ZIP code; nothing where it has none."""
    return _zip(value)[1]


def zip_plus4(value: str) -> str:
    """A ZIP code as 12345-6789, or 12345 where it has no more."""
    five, four = _zip(value)
    return f"{five}-{four}" if four else five


def _zip(value: str) -> tuple[str, str]:
    found = _ZIP.fullmatch(value.strip(" "))
    if found is None:
        raise Wrong("zip-syntax", "{} is no ZIP code", "five digits, or nine", value=value)
    return found[1], found[2] or ""


def phone(value: str, country: str = "1") -> str:
    """The digits of a telephone number without the country's own and without an extension."""
    number, plus = _EXTENSION.split(value[:LONGEST], maxsplit=1)[0], value.strip().startswith(("+", "00"))
    found = "".join(letter for letter in number if letter in "0123456789")
    found = found.removeprefix("00") if plus else found
    national = found.removeprefix(country) if plus or (country == "1" and len(found) == 11) else found
    if not 4 <= len(national) <= 15 or (plus and national == found):
        raise Wrong("phone-syntax", f"this is no telephone number of +{country}")
    return national


def house_number(value: str) -> str:
    """The number of the house, where it stands at one end of a street and nowhere else; else nothing."""
    return _street(value)[1]


def street_name(value: str) -> str:
    """The street without the number of the house; all of it where the number cannot be told."""
    return _street(value)[0]


def _street(value: str) -> tuple[str, str]:
    text = value.strip(" ")
    if len(text) > LONGEST or _NO_STREET.search(text):
        return text, ""
    if found := _FIRST.fullmatch(text):
        return found[2], found[1]
    found = _LAST.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "country_code": country_code, "country_code3": country_code3, "country_name": country_name, "state_code": state_code,
    "state_name": state_name, "zip5": zip5, "zip4": zip4, "zip_plus4": zip_plus4, "phone": phone, "house_number": house_number,
    "street_name": street_name,
}  # fmt: skip

EXAMPLES: Final = (
    ("'USA' | country_code", "US"),
    ("'Germany' | country_code", "DE"),
    ("'GB' | country_code3", "GBR"),
    ("'CAN' | country_name", "Canada"),
    ("'New Jersey' | state_code", "NJ"),
    ("'québec' | state_code('CA')", "QC"),
    ("'NJ' | state_name", "New Jersey"),
    ("'07102-1234' | zip5", "07102"),
    ("'07102-1234' | zip4", "1234"),
    ("'071021234' | zip_plus4", "07102-1234"),
    ("'+1 (206) 555-0100 ext. 12' | phone", "2065550100"),
    ("'+49 89 1234567' | phone('49')", "891234567"),
    ("'Hauptstraße 12 a' | house_number", "12 a"),
    ("'12 Main St' | street_name", "Main St"),
    ("'5th Avenue 12' | house_number", ""),
)
