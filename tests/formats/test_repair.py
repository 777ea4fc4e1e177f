from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.pieces import codes, field, layout, read, row
from translator.core.finding import Findings, Misconfigured, Place, Severity
from translator.formats.csv import FORMAT
from translator.formats.repair import TOLD, repaired
from translator.mapping.layout import Repair

RULE = Place("ship.yaml", 4)
GLUED = Repair('"(?=[A-Z][A-Za-z]*=")', '" ', RULE)


def repair(texts, *repairs, findings=None):
    return "".join(repaired(texts, repairs, Findings() if findings is None else findings, "ship.xml"))


def test_a_known_fault_is_put_right_and_told_with_its_line():
    findings = Findings()
    text = '<A>\n<B No="1"Line="2"/>\n<B No="1" Line="2"/></A>'
    assert repair([text], GLUED, findings=findings) == text.replace('"L', '" L')
    assert [(one.code, one.severity, one.data.line, one.rule) for one in findings.found] == [
        ("repaired", Severity.WARNING, 2, RULE)
    ]


def test_a_pattern_looks_back_over_the_edge_of_a_piece():
    assert repair(list("xabcdx"), Repair("(?<=abc)d", "-", RULE)) == "xabc-x"


def test_repairs_follow_each_other():
    assert repair(["a,b"], Repair(",", ";;", RULE), Repair(";", "|", RULE)) == "a||b"


def test_many_hits_are_told_up_to_a_bound_and_then_counted():
    findings = Findings()
    repair(["x\n" * 500], Repair("x", "y", RULE), findings=findings)
    assert len(findings.found) == TOLD + 1
    assert findings.found[-1].text.startswith("500 places in all")


def test_a_line_end_can_be_repaired_before_lines_are_cut():
    mapping = layout(
        "csv", row(field("a"), field("b")), options={"newline": "crlf"}, repair=(Repair(r"\r\r\n", "\r\n", RULE),)
    )
    rows, findings = read(FORMAT, b"1,2\r\r\n3,4\r\n", mapping)
    assert [one.cells for one in rows] == [["1", "2"], ["3", "4"]]
    assert codes(findings) == ["repaired"]


def test_a_pattern_that_could_run_for_long_is_refused():
    with pytest.raises(Misconfigured):
        repair(["x"], Repair("(a+)+$", "", RULE))


@given(
    st.text('aB="\n ', max_size=60), st.lists(st.integers(0, 60), max_size=6),
    st.sampled_from([GLUED.find, "a+", "(?<=a)B", "(?<=aBa)B", "^ +", " *$", "a|aa", "(?=B)", "a{2,3}B?", '"', r"\ba"]),
)  # fmt: skip
def test_repairing_in_pieces_is_repairing_the_whole(text, cuts, find):
    made = Repair(find, "<>", RULE)
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    whole = Findings()
    assert repair([text], made, findings=whole) == re.sub(find, "<>", text, flags=re.MULTILINE)
    for pieces in ([text[a:b] for a, b in pairwise(edges)], list(text)):
        findings = Findings()
        assert repair(pieces, made, findings=findings) == repair([text], made)
        assert findings.found == whole.found
