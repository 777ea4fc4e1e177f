"""What a site says of stock: shares in whole percent."""

import pytest

from tests.config.test_agreement import line_of, site, system, told
from translator.documents.stock_gate import Gate


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
