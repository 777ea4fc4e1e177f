from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.finding import Misconfigured, Place
from translator.mapping.pattern import MOST, pattern


@pytest.mark.parametrize(
    "text",
    [
        r'"(?=[A-Z][A-Za-z]*=")', r"\s*=\s*", r'"([^"]*)"([^"]*)"', ".*x", "(ab)*c", r"\r\r\n", "^ +| +$", "[]]", r"a\ b",
        r"(?:lb|kg)\s*=\s*", r"(?<=H)\r", r"[^\]]+\]", "é{2,5}", "[&|~]+", "a{3}", "", "x|",
    ],
)  # fmt: skip
def test_what_people_write_is_taken_and_means_what_it_means_elsewhere(text):
    ours, theirs = pattern(text).found, re.compile(text, re.MULTILINE)
    for line in ['a="b"c="d"', "kg  =  5", "ab  \nabc", "H\r\r\n", "]x]", " ababc éé "]:
        assert [found.span() for found in ours.finditer(line)] == [found.span() for found in theirs.finditer(line)]


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$", "(a|a)*b", r"\d+\d+", ".*x.*y", "(a?){20}b", "(?:x|xy)*z", "a*(?:a)a*", "ż*ż*", "a*(?=a)a*", r"(a)\1",
        "(?i)x", "[a-z", "x**", "(", ")", "\\", "{", "[z-a]", "(?<=a*)b", "a" * 401, "a{4000}", "(" * 40, "(?P<a>x)",
    ],
)  # fmt: skip
def test_what_could_run_for_long_or_is_no_pattern_is_refused_with_its_place(text):
    with pytest.raises(Misconfigured) as caught:
        pattern(text, Place("orders.yaml", 7))
    (finding,) = caught.value.findings
    assert (finding.code, str(finding.rule)) == ("pattern", "orders.yaml:7")


def test_a_repeat_without_end_has_one():
    assert pattern("a*b").found.search("a" * (MOST + 5) + "b").span() == (5, MOST + 6)


@given(st.text(st.sampled_from("ab|()*+?[].^${},1\\"), max_size=14))
@settings(max_examples=500)
def test_a_pattern_that_is_taken_ends_soon_whatever_it_is_asked(text):
    try:
        found = pattern(text).found
    except Misconfigured:
        return
    begin = time.process_time()
    for line in ("a" * 3_000, "ab" * 1_500, "a" * 1_500 + "1" * 1_500):
        found.search(line + "!")
    assert time.process_time() - begin < 10


@given(
    st.text(st.sampled_from("ab|()*+?[]^${},1"), max_size=10), st.text("ab1", max_size=30), st.text("ab1", max_size=9)
)
@settings(max_examples=500)
def test_a_match_looks_no_further_than_its_width(text, line, more):
    try:
        made = pattern(text)
    except Misconfigured:
        return
    found = made.found.search(line)
    if found and found.start() + made.width <= len(line):
        again = made.found.search(line + more)
        assert (again.start(), again.end()) == (found.start(), found.end())


def test_a_class_means_the_same_in_later_pythons(recwarn):
    assert pattern("[[&&||~~]+").found.search("a[&|~").span() == (1, 5)
    assert not recwarn.list
