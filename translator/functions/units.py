"""Units of weight, length and count: converted exactly. Amazon knows KG LB, CM IN and Each; WMSs have words of their own.

A pound is 0.45359237 kg and an inch 2.54 cm, by definition (international yard and pound agreement, 1959). The words are
those of the units themselves, of X12 and of UN/ECE Recommendation 20.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from translator.core.finding import suggestion
from translator.functions.numbers import PLACES, round_
from translator.mapping.numbers import EXACT, plain
from translator.mapping.wrong import Wrong

POUND: Final = Decimal("0.45359237")
INCH: Final = Decimal("2.54")
UNITS: Final[Mapping[str, tuple[str, Decimal]]] = {  # what is measured; in kilograms, centimetres, pieces
    "KG": ("weight", Decimal(1)), "G": ("weight", Decimal("0.001")), "T": ("weight", Decimal(1000)),
    "LB": ("weight", POUND), "OZ": ("weight", POUND / 16),
    "CM": ("length", Decimal(1)), "MM": ("length", Decimal("0.1")), "M": ("length", Decimal(100)),
    "IN": ("length", INCH), "FT": ("length", INCH * 12), "YD": ("length", INCH * 36),
    "Each": ("count", Decimal(1)), "DOZEN": ("count", Decimal(12)),
}  # fmt: skip
_SAME: Final[Mapping[str, str]] = {
    **{name.upper(): name for name in UNITS},
    **dict.fromkeys(("KGM", "KGS", "KILO", "KILOGRAM", "KILOGRAMS"), "KG"),
    **dict.fromkeys(("GR", "GRM", "GRAM", "GRAMS"), "G"),
    **dict.fromkeys(("LBS", "LBR", "POUND", "POUNDS", "01"), "LB"),
    **dict.fromkeys(("ONZ", "OUNCE", "OUNCES"), "OZ"),
    **dict.fromkeys(("TNE",), "T"),
    **dict.fromkeys(("CMT",), "CM"),
    **dict.fromkeys(("MMT",), "MM"),
    **dict.fromkeys(("MTR",), "M"),
    **dict.fromkeys(("INH", "INCH", "INCHES"), "IN"),
    **dict.fromkeys(("FOT", "FOOT", "FEET"), "FT"),
    **dict.fromkeys(("YRD", "YARD"), "YD"),
    **dict.fromkeys(("EA", "PC", "PCE", "PCS", "PIECE", "PIECES", "H87", "C62", "ST", "UN", "UNIT"), "Each"),
    **dict.fromkeys(("DZN", "DZ"), "DOZEN"),
}


def unit(value: str) -> str:
    """The unit as Amazon writes it: LBS, LBR and pounds are LB."""
    name = _SAME.get(value.strip().upper())
    if name is None:
        raise Wrong("unit-unknown", "{} is no unit", suggestion(value.upper(), _SAME) or " ".join(UNITS), value=value)
    return name


def convert(value: Decimal, have: str, want: str, places: int | None = None, how: str = "half_up") -> Decimal:
    """A measure in another unit. Where it does not come out even, say to how many places it is rounded."""
    (what, one), (same, other) = UNITS[unit(have)], UNITS[unit(want)]
    if what != same:
        raise Wrong("unit-other", f"a {what} is no {same}")
    found = EXACT.divide(EXACT.multiply(value, one), other)
    if places is not None:
        return round_(found, places, how)
    exact = found.normalize(EXACT)
    if -int(exact.as_tuple().exponent) > PLACES:
        raise Wrong(
            "number-lost-digits", f"{{}} does not come out even in {want}", "say the places", value=plain(value)
        )
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


def to_each(value: Decimal, per_case: Decimal) -> int:
    """So many pieces in so many cases; a case may be broken, a piece may not."""
    found = EXACT.multiply(value, _per_case(per_case))
    if found != found.to_integral_value():
        raise Wrong("number-lost-digits", "the pieces do not come out even")
    return int(found)


def to_cases(value: Decimal, per_case: Decimal) -> int:
    """So many cases of so many pieces; pieces that fill no case are an error."""
    cases, left = EXACT.divmod(value, _per_case(per_case))
    if left:
        raise Wrong(
            "number-lost-digits", "the pieces do not fill whole cases", "(x / n) | round(0, 'up') takes one more"
        )
    return int(cases)


def _per_case(per_case: Decimal) -> Decimal:
    if per_case <= 0:
        raise Wrong("expression-bounds", "a case holds more than nothing")
    return per_case


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "unit": unit, "convert": convert, "to_each": to_each, "to_cases": to_cases,
}  # fmt: skip

EXAMPLES: Final = (
    ("'lbs' | unit", "LB"),
    ("'PCE' | unit", "Each"),
    ("2 | convert('LB', 'KG')", Decimal("0.90718474")),
    ("'1.5' | convert('KG', 'LB', 2)", Decimal("3.31")),
    ("12 | convert('OZ', 'LB')", Decimal("0.75")),
    ("10 | convert('IN', 'CM')", Decimal("25.4")),
    ("1 | convert('M', 'IN', 1, 'up')", Decimal("39.4")),
    ("2.5 | to_each(12)", 30),
    ("36 | to_cases(12)", 3),
)
