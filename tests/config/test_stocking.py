"""What a site says of stock: shares in whole percent."""

import pytest

from tests.config.test_agreement import line_of, site, system, told
from translator.documents.stock_gate import Gate
from translator.documents.stock_rules import Rules


def gate(more=""):
    return site(system(more=more)).systems["newark"].gate


def test_the_usual_shares_hold_where_nothing_is_said():
    assert gate() == Gate()
    assert gate("    stock: {zeroed: 5%, least: 3}\n") == Gate(zeroed=5, least=3)
    assert gate("    stock: {units: 100%, shrunk: 0%}\n") == Gate(units=100, shrunk=0)


@pytest.mark.parametrize("share", ["5", "0.5", "101%", "-1%", "5.5%", "five"])
def test_a_share_that_is_none_is_told(share):
    wrong = system(more=f'    stock: {{zeroed: "{share}"}}\n')
    ((code, file, line, text),) = told(wrong)
    assert (code, file, line) == ("site-percent", "translator.yaml", line_of(wrong, "stock:"))
    assert "0% to 100%" in text


def test_the_rules_that_a_site_says():
    said = "    stock: {reserve: 2, percent: 90%, cap: 500, share: {EWR1: 60%}, unseen: true, zero: [A, B]}\n"
    rules = site(system(more=said)).systems["newark"].rules
    assert rules == Rules(2, 90, 500, {"EWR1": 60}, True, frozenset("AB"))
    assert site(system()).systems["newark"].rules.idle


def test_a_share_of_a_warehouse_that_the_system_does_not_have_is_told():
    wrong = system(more="    stock: {share: {EWR9: 60%}}\n")
    ((code, _, line, text),) = told(wrong)
    assert (code, line) == ("site-warehouse", line_of(wrong, "stock:"))
    assert "EWR1" in text
