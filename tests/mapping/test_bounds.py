"""Hostile inputs 45 to 49 (reliability-security.md §3.9): each stops within two seconds, with a typed finding."""

from __future__ import annotations

import time

import pytest

from tests.mapping.made import ENVIRONMENT
from translator.core.finding import Misconfigured, Place
from translator.mapping.expression import Failed

RULE = Place("m.yaml", 3, 5)
DATA = {"items": [{"q": n} for n in range(50)], "text": "x" * 1000, "batch": [{"items": list(range(1000))}] * 100}

BOUNDS = {
    "45 nested loops": "{% for a in range(10000) %}{% for b in range(10000) %}{{ a }}{% endfor %}{% endfor %}",
    "45 loops in a chain": "{% for a in range(9999) %}{% for b in range(9999) %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}",
    "45 a power": "{{ 9**(9**9) }}",
    "45 a power of powers": "{{ 2**64**64 }}",
    "45 a power by steps": "{% set a = 2**60 %}" + "{% set a = a * a %}" * 40 + "{{ a }}",
    "46 a text repeated": "{{ 'a' * 10**9 }}",
    "46 a text padded": "{{ 'x' | pad(10**9) }}",
    "46 a text doubled": "{% set a = text %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "46 a text replaced": "{{ text | replace('x', text) | replace('x', text) }}",
    "46 a list sliced": "{{ text | slices(1) | join(text) | slices(1) | join(text) }}",
    "46 forty megabytes by a loop": "{% for a in range(9999) %}{{ text }}{{ text }}{{ text }}{{ text }}{% endfor %}",
    "46 forty megabytes of text": "{% for a in range(9999) %}" + "y" * 4000 + "{% endfor %}",
    "46 a long range": "{% for a in range(10**8) %}{% endfor %}",
    "46 a wide list": "{% for a in range(9999) %}{{ count(batch.items) }}{% endfor %}",
    "47 nested deeply": "{% if 1 %}" * 150 + "{% endif %}" * 150,
    "47 filters in a chain": "{{ 'a'" + " | upper" * 20_000 + " }}",
    "47 twenty thousand parentheses": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "47 twenty thousand nots": "{{ " + "not " * 20_000 + "1 }}",
}  # fmt: skip

FORBIDDEN = {
    "46 % formatting": "{{ '%1000000000d' % 3 }}",
    "46 lipsum": "{{ lipsum(n=10**5) }}",
    "46 center": "{{ 'x' | center(10**9) }}",
    "47 a file in itself": "{% include 'order.xml.j2' %}",
    "47 a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "47 a loop that calls itself": "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
    "47 import": "{% import 'x' as y %}",
    "47 extends": "{% extends 'x' %}",
    "48 a class": "{{ ''.__class__.__mro__ }}",
    "48 a class by brackets": "{{ ''['__class__'] }}",
    "48 attr": "{{ '' | attr('__class__') }}",
    "48 format": "{{ '{0.__class__}'.format(1) }}",
    "48 cycler": "{{ cycler.__init__.__globals__ }}",
    "48 the loop": "{% for a in items %}{{ loop.__class__ }}{% endfor %}",
    "48 self": "{{ self.__init__ }}",
    "48 a function's globals": "{{ upper.__globals__ }}",
    "48 autoescape": "{% autoescape false %}{{ text }}{% endautoescape %}",
    "49 what is not there": "{{ order.nope }}",
    "49 a list that is not there": "{% for a in order.nope %}{% endfor %}",
    "49 a condition that is not there": "{% if order.nope %}{% endif %}",
}


def stopped(text: str) -> tuple[str, Place]:
    """Give the code and the place of what stops a template, within two seconds on a machine that is not three times as slow."""
    started = time.process_time()
    with pytest.raises((Failed, Misconfigured)) as caught:
        ENVIRONMENT.template(text, "order.xml.j2", xml=True)({**DATA, "order": {}})
    assert time.process_time() - started < 6.0
    error = caught.value
    finding = error.finding if isinstance(error, Failed) else error.findings[0]
    return finding.code, finding.rule


@pytest.mark.parametrize("name", BOUNDS)
def test_a_template_that_costs_too_much_is_stopped(name):
    code, rule = stopped(BOUNDS[name])
    assert code == "expression-bounds"
    assert rule.file == "order.xml.j2"


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_template_that_asks_for_what_is_not_offered_is_refused(name):
    code, rule = stopped(FORBIDDEN[name])
    assert code in ("expression-syntax", "expression-type", "expression-forbidden", "value-missing")
    assert rule.file == "order.xml.j2"


@pytest.mark.parametrize(
    "text", ["9**(9**9)", "'a' * 10**9", "(" * 3000, "'x' | pad(10**9)", "range(10**9)", "1" * 5000]
)
def test_an_expression_is_bounded_alike(text):
    started = time.process_time()
    with pytest.raises((Failed, Misconfigured)):
        ENVIRONMENT.expression(text, RULE)({})
    assert time.process_time() - started < 6.0


def test_the_same_text_stops_at_the_same_step():
    template = ENVIRONMENT.template("{% for a in range(10000) %}{{ a }}{% endfor %}", "t.j2", xml=False)
    assert len(template({})) == 38_890


def test_many_documents_may_cost_more():
    template = ENVIRONMENT.template(
        "{% for o in batch %}{% for a in range(100) %}{{ a }}{% endfor %}{% endfor %}", "t.j2", xml=False
    )
    batch = [{}] * 5000
    with pytest.raises(Failed):
        template({"batch": batch})
    assert template({"batch": batch}, size=len(batch))


def test_an_error_while_rendering_names_the_line_of_the_template():
    _, rule = stopped("<a>\n{% for item in items %}\n{{ item.q }}{{ item.nope }}\n{% endfor %}</a>")
    assert (rule.file, rule.line) == ("order.xml.j2", 3)
