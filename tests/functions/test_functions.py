"""The examples of every function are true, every function has one, and what makes no sense is told: early, where it can be."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.made import ENVIRONMENT, TABLES
from translator.core.finding import Findings, Misconfigured, Place
from translator.functions.function import families, functions, signature
from translator.functions.places import countries, states
from translator.functions.units import UNITS
from translator.mapping.convert import asker
from translator.mapping.expression import Failed
from translator.mapping.tables import read_table

RULE = Place("manual", 1)
EXAMPLES = [example for _, examples in families().values() for example in examples]
METHODS = read_table("ship_methods", "tables/ship_methods.csv", TABLES["tables/ship_methods.csv"], Findings())
ASKED = {"ask_tables": asker({"ship_methods": METHODS}, "error"), "take_number": lambda _: 1}


def worked_out(text: str, **names):
    return ENVIRONMENT.expression(text, RULE)({**ASKED, **names})


@pytest.mark.parametrize("text, want", EXAMPLES)
def test_an_example_is_true(text, want):
    got = worked_out(text)
    assert (got, type(got)) == (want, type(want))


@given(st.integers(-99, 99), st.integers(-9, 9).filter(bool), st.sampled_from(["//", "%"]))
def test_a_text_that_is_a_number_is_divided_as_the_number_is(one, other, operator):
    want = worked_out(f"a {operator} b", a=one, b=other)
    assert (
        worked_out(f"a {operator} b", a=str(one), b=other)
        == worked_out(f"a {operator} b", a=Decimal(one), b=str(other))
        == want
    )


def test_days_are_counted_in_utc_whatever_zone_a_moment_was_read_in():
    late = "'12/01/2026 11:00 PM' | moment('%m/%d/%Y %I:%M %p', 'America/New_York')"
    assert (
        worked_out(f"{late} | days_between('2026-12-02')")
        == worked_out("'2026-12-02T04:00:00Z' | days_between('2026-12-02')")
        == 0
    )
    before = "'10/31/2026 12:00 PM' | moment('%m/%d/%Y %I:%M %p', 'America/New_York')"
    assert worked_out(f"{before} | add_days(1) | date(zone='UTC')") == "2026-11-01T16:00:00Z"
    assert worked_out(f"{before} | add_days(1) | date('%H:%M')") == "11:00"  # it is winter there


def test_a_number_with_more_than_its_implied_places_is_told_as_it_came():
    with pytest.raises(Failed, match="the value has more than 2 places"):
        worked_out("'24.505' | implied(2)")


LONG = "1234567890123456789012345678901234.56"


@pytest.mark.parametrize(
    "text, want",
    [
        (f"sum(['{LONG}', '0.01'])", f"{LONG[:-1]}7"),
        (f"'-{LONG}' | abs", LONG),
        (f"'{LONG}' * '{LONG}'", "1524157875323883675049535156256668175019052149614388068172687092138.3936"),
        ("'1234567890123456789012345678901234567890' + '0.000000000000000000000000000001'",
         "1234567890123456789012345678901234567890.000000000000000000000000000001"),
        (f"'{LONG}' ** 2", "1524157875323883675049535156256668175019052149614388068172687092138.3936"),
        (f"-'{LONG}'", f"-{LONG}"),
    ],
)  # fmt: skip
def test_a_number_keeps_all_its_digits(text, want):
    assert worked_out(text) == Decimal(want)


def test_every_function_has_an_example_a_sentence_of_help_and_types():
    shown = " ".join(text for text, _ in EXAMPLES)
    for name, function in functions().items():
        assert name in shown, name
        assert function.__doc__, name
        assert signature(name, function).startswith(f"{name}("), name


@pytest.mark.parametrize(
    "text",
    ["x | wrap", "x | wrap(8, 9)", "x | wrap(breite=8)", "x | wrap('wide')", "x | pad(4, side='left', side2='x')", "'a' | number",
     "x | round(1.5)", "'2026-13-01' | add_days(1)", "x | extract('(')", "x | extract('(a+)+$')", "counter()",
     "counter('a', take_number=x)", "x | lookup('t', warehouse_zone='x')", "count()", "upper(x, y)"],
)  # fmt: skip
def test_a_call_that_cannot_be_meant_is_refused_when_the_mapping_is_loaded(text):
    with pytest.raises(Misconfigured) as caught:
        ENVIRONMENT.expression(text, RULE)
    assert [one.code for one in caught.value.findings] == ["expression-syntax"]


def test_a_refused_call_shows_what_is_wanted():
    with pytest.raises(Misconfigured) as caught:
        ENVIRONMENT.expression("x | wrap('wide')", RULE)
    assert "wrap(): width: 'wide' is no number" in caught.value.findings[0].text
    with pytest.raises(Misconfigured) as caught:
        ENVIRONMENT.expression("x | pad", RULE)
    assert caught.value.findings[0].hint == "pad(value, width, fill, side)"


@pytest.mark.parametrize(
    "text, x",
    [("gtin(x)", "00000000"), ("gtin(x)", "6291041500214"), ("gtin(x)", "106141412345678908"),
     ("gtin(x, 8)", "6291041500213"), ("zeros(x, 3)", "1234567"), ("only(x)", ["a", "b"]), ("max(x)", []),
     ("pick(x, 'UP')", []), ("x | whole", "1.5"), ("x | pad(-1)", "a"), ("x | date('%Y')", "x"),
     ("x | add_days(10**6)", "2026-12-01T00:00:00Z"), ("x | round(99)", "1"), ("x | mark('5')", "1"),
     ("x | sign('under')", "1"), ("x | sscc", "106141412345678909"), ("make_sscc(x, 1)", "123"),
     ("make_sscc(x, 9999999999)", "0614141"), ("x | unit", "STONE"), ("x | convert('KG', 'CM')", "1"),
     ("x | convert('KG', 'LB')", "1"), ("x | to_cases(12)", "35"), ("x | to_each(12)", "0.1"),
     ("x | to_cases(0)", "35"), ("x | country_code", "Atlantis"), ("x | state_code", "Bavaria"),
     ("x | state_code('DE')", "Bayern"), ("x | zip5", "D-80331"), ("x | zip5", "1234"), ("x | phone", "12"),
     ("x | phone", "+49 89 1234567"), ("x | moment('%Y%m%d %H%M')", "20261201 1430"),
     ("x | moment('%H%M', 'UTC')", "20261201"), ("x | required", ""), ("x | upper", ["a"]),
     ("x | add_business_days(10**6)", "2026-12-01"), ("x | extract('a')", "a" * 10_001),
     ("x | sort('b')", [{"a": "1"}]), ("hash_total(x, 0)", "1"), ("x | round_to(0)", "1"),
     ("count(x)", {"items": ["a", "b"], "city": "c"}), ("sum_of_products(x, [1])", ["2", "3"])],
)  # fmt: skip
def test_what_makes_no_sense_is_one_finding(text, x):
    with pytest.raises(Failed):
        worked_out(text, x=x)


def test_a_state_that_is_not_known_is_told_with_what_gives_it():
    with pytest.raises(Failed) as caught:
        worked_out("'Jalisco' | state_code('MX')")
    assert caught.value.finding.hint.startswith("a `lookup` in a table of your own gives it; where the field has room")


def test_a_date_may_ask_for_the_zone_of_the_warehouse():
    names = {"now": datetime(2026, 12, 1, 2, 30, tzinfo=UTC), "warehouse_zone": "America/Chicago"}
    assert worked_out("now | date('%Y%m%d', zone='warehouse')", **names) == "20261130"
    assert (
        worked_out("'20261201 1430' | moment('%Y%m%d %H%M', 'warehouse') | date('iso', 'UTC')", **names)
        == "2026-12-01T20:30:00Z"
    )


# --- laws ------------------------------------------------------------------------------------------------------------


@given(st.sampled_from([7, 11, 12, 13, 17]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)))
def test_a_check_digit_proves_itself_and_finds_every_digit_that_was_mistyped(digits):
    whole = worked_out("x | with_check_digit", x=digits)
    assert worked_out("x | check_digit", x=whole[:-1]) == whole[-1]
    for place, digit in enumerate(whole):
        wrong = whole[:place] + str((int(digit) + 1) % 10) + whole[place + 1 :]
        assert worked_out("x | check_digit", x=wrong[:-1]) != wrong[-1]


@given(st.text("0123456789", min_size=11, max_size=11).filter(lambda digits: digits.strip("0")))
def test_a_upc_is_the_same_article_as_its_ean_and_its_gtin(digits):
    upc = worked_out("x | with_check_digit", x=digits)
    for width in (13, 14):
        longer = worked_out(f"x | gtin({width})", x=upc)
        assert (len(longer), worked_out("x | gtin(12)", x=longer), worked_out("x | is_gtin", x=longer)) == (
            width,
            upc,
            True,
        )


def test_nothing_but_zeros_is_the_number_of_no_article():
    assert [worked_out("x | is_gtin", x="0" * length) for length in (8, 12, 13, 14)] == [False] * 4


@given(st.text("0123456789", min_size=4, max_size=12), st.integers(1, 9999), st.integers(0, 9))
def test_a_made_sscc_is_one(prefix, serial, extension):
    made = worked_out("make_sscc(p, s, e)", p=prefix, s=serial, e=extension)
    assert worked_out("x | sscc", x=made) == made == worked_out("x | sscc", x=f"00{made}")


@given(st.decimals(0, 10**6, places=3), st.sampled_from([(one, other) for one in UNITS for other in UNITS]))
def test_a_measure_comes_back_from_another_unit_to_its_places(value, pair):
    if UNITS[pair[0]][0] == UNITS[pair[1]][0]:
        there = worked_out(f"x | convert('{pair[0]}', '{pair[1]}', 12)", x=value)
        assert worked_out(f"x | convert('{pair[1]}', '{pair[0]}', 3)", x=there) == value


def test_every_country_is_found_by_each_of_its_names():
    assert (
        len(countries())
        == len({two for two, _, _ in countries()})
        == len({three for _, three, _ in countries()})
        == 249
    )
    for two, three, name in countries():
        for said in (two, three, name, name.upper(), f" {two.lower()} "):
            found = [
                worked_out(f"x | {function}", x=said) for function in ("country_code", "country_code3", "country_name")
            ]
            assert found == [two, three, name]


def test_every_state_is_found_by_its_code_and_its_name():
    assert [len(states(country)) for country in ("US", "CA", "AU", "DE")] == [59, 13, 8, 0]
    for country in ("US", "CA", "AU"):
        for code, name in states(country):
            assert worked_out(f"x | state_code('{country}')", x=name.lower()) == code
            assert worked_out(f"x | state_name('{country}')", x=code) == name


@pytest.mark.parametrize(
    "street, number, name",
    [
        ("12 Main St", "12", "Main St"),
        ("12B Main St", "12B", "Main St"),
        ("12-14 High Street", "12-14", "High Street"),
        ("Hauptstraße 12", "12", "Hauptstraße"),
        ("Hauptstr. 12 a", "12 a", "Hauptstr."),
        ("Rue de la Paix, 5", "5", "Rue de la Paix"),
        ("PO Box 123", "", "PO Box 123"),
        ("P.O. Box 123", "", "P.O. Box 123"),
        ("Apt 5", "", "Apt 5"),
        ("Highway 61", "", "Highway 61"),
        ("5th Avenue", "", "5th Avenue"),
        ("12 5th Avenue", "", "12 5th Avenue"),
        ("Straße des 17. Juni 135", "", "Straße des 17. Juni 135"),
        ("12 Main St # 4", "", "12 Main St # 4"),
        ("The Old Mill", "", "The Old Mill"),
        ("xxxxx", "", "xxxxx"),
    ],
)
def test_the_number_of_a_house_is_told_where_it_is_certain(street, number, name):
    assert (worked_out("x | house_number", x=street), worked_out("x | street_name", x=street)) == (number, name)


@pytest.mark.parametrize(
    "said, digits",
    [("(206) 555-0100", "2065550100"), ("1-206-555-0100", "2065550100"), ("+12065550100", "2065550100"),
     ("206.555.0100 x123", "2065550100"),
     ("001 206 555 0100", "2065550100")],
)  # fmt: skip
def test_a_telephone_number_is_its_digits(said, digits):
    assert worked_out("x | phone", x=said) == digits


@given(st.dates(datetime(2020, 1, 1).date(), datetime(2030, 1, 1).date()), st.integers(-30, 30))
def test_business_days_end_on_one_and_come_back(day, days):
    there = worked_out("x | add_business_days(n)", x=day, n=days)
    if days:
        assert there.weekday() < 5
    if day.weekday() < 5:
        assert worked_out("x | add_business_days(n)", x=there, n=-days) == day
        assert (worked_out("x | days_between(y)", x=day, y=there) > 0) == (days > 0)
