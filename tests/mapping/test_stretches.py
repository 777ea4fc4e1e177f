"""Whole transactions become the documents that they become segment by segment; what is odd is read segment by segment."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES
from tests.loaded import ROOT
from tests.mapping.reading import context, line, order
from translator.cli.behind.at_hand import loaded
from translator.core.finding import Findings, Rejected
from translator.mapping.compiled_pictures import pictures_of, quick_code
from translator.mapping.picture import documents
from translator.mapping.row import Stretch
from translator.mapping.stretches import Stretches
from translator.translation import Translation, environment, load

ORDERS = [order("D1"), order("D2", line("1", "A"), line("1", "B")), order("D3", line("00001", "A"), line("2", "B"))]
X12 = [
    "ISA*00*          *00*          *ZZ*RENOWMS        *ZZ*ACMEGOODS      *261201*1805*U*00401*000000007*0*P*>",
    "GS*SW*RENOWMS*ACMEGOODS*20261201*1805*3*X*004010", None, "GE*{count}*3", "IEA*1*000000007",
]  # fmt: skip
SHIPPED = [
    *("ST*945*{control}", "W06*F*D{number}*20261201*S1", "N1*WH**92*EWR1", "N1*ST*Sample", "N3*12 Main", "N4*Newark*NJ"),
    *("W27*M*UPSN*GROUND", "LX*1", "MAN*CP*1Z1", "W12*CC*1*1**EA**VN*SKU1**2.5*G*L", "N9*LI*1", "G69*Kettle, 1.7 l"),
    *("LX*2", "MAN*GM*00340", "W12*CC*2*2.0**EA**VN*SKU2**1.5*G*L", "N9*LI*2", "W03*3*6.5*LB", "SE*{segments}*{control}"),
]  # fmt: skip
SHORT = [
    *("ST*945*{control}", "W06*F*D{number}*20261130*S1", "LX*1", "MAN*CP*1Z{control}", "W12*CC*1*0", "N9*LI*1"),
    *("W03*0", "SE*{segments}*{control}"),
]  # fmt: skip
EDIFACT = [
    "UNA:+.? ", "UNB+UNOC:3+RENO:ZZ+ACME:ZZ+261201:1805+7", None, "UNZ+{count}+7",
]  # fmt: skip
ADVISED = [
    *("UNH+{control}+DESADV:D:96A:UN", "BGM+351+S1+9", "DTM+11:202612011805:203", "RFF+ON:D{number}", "NAD+SF+EWR1::92"),
    *("TDT+20+++3+UPSN", "CPS+1++1", "PAC+1++CT", "MEA+PD+AAB+KGM:2.5", "PCI+33E", "GIN+BJ+0034", "LIN+1++SKU1:SA"),
    *("PIA+1+SKU1:SA+B1:BP", "QTY+12:2:PCE", "RFF+LI:1", "CNT+2:1", "UNT+{segments}+{control}"),
]  # fmt: skip
FILES = {
    "x12/945.yaml": ("*", X12, (SHIPPED, SHORT)),
    "edifact/desadv.yaml": ("+", EDIFACT, (ADVISED,)),
}
ENDS = {"*": ("~", "~\n", "~\r\n"), "+": ("'", "'\n")}
PARTS = st.lists(st.tuples(st.sampled_from("drop double swap put replace cut".split()), st.integers(0, 400), st.integers(0, 60),
                           st.sampled_from(["", "9", "x", " ", "~", "'", "?", "*", "+", ":", ">", "\n", "é", "\0", "1" * 30])),
                 max_size=3)  # fmt: skip


@cache
def translation(name: str) -> Translation:
    return loaded(ROOT / "mappings" / name, {})


def segments(name: str, numbers) -> list[str]:
    """Write a file of some transactions: of each the form, and the order."""
    _, around, forms = FILES[name]
    inside: list[str] = []
    for place, (form, number) in enumerate(numbers, 1):
        body = forms[form % len(forms)]
        inside += [one.format(control=f"{place:04d}", number=number, segments=len(body)) for one in body]
    found: list[str] = []
    for one in around:
        found += inside if one is None else [one.format(count=len(numbers))]
    return found


def spoilt(found: list[str], parts) -> list[str]:
    for what, at, inner, text in parts:
        at %= len(found)
        one = found[at]
        inner %= len(one) + 1
        if what == "drop" and len(found) > 1:
            del found[at]
        elif what == "double":
            found.insert(at, one)
        elif what == "swap":
            found[at - 1], found[at] = one, found[at - 1]
        elif what == "cut":
            found[at] = one[:inner]
        else:
            found[at] = one[:inner] + text + one[inner + (what == "replace") :]
    return found


def drawn(name: str, chunks: list[bytes], *, quickly: bool, window: int = 1_000):
    made, findings = translation(name), Findings()
    read = made.format.runs if quickly else made.format.read
    kept = pictures_of(made.reader).stretches
    kept.clear()
    kept.update({} if quickly else dict.fromkeys(["", "America/New_York"]))
    sources = read(chunks, made.file, findings, "SW1.edi", environment())
    found = []
    try:
        found.extend(documents(made.reader, sources, context(*ORDERS), "SW1.edi", findings, window=window))
    except Rejected as rejected:
        return found, tuple(rejected.findings)
    finally:
        kept.clear()
    return found, ()


def pieces(data: bytes, cuts) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(edges)]


@pytest.mark.sweep
@pytest.mark.parametrize("name", FILES)
@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_transactions_become_what_they_become_segment_by_segment(name, data):
    numbers = data.draw(
        st.lists(st.tuples(st.integers(0, 1), st.sampled_from([1, 1, 2, 3, 9])), min_size=1, max_size=7)
    )
    found = spoilt(segments(name, numbers), data.draw(PARTS))
    end = data.draw(st.sampled_from(ENDS[FILES[name][0]]))
    file = "".join(f"{one}{end}" for one in found).encode("iso-8859-1")
    window = data.draw(st.sampled_from([1, 20, 1_000]))
    cut = pieces(file, data.draw(st.lists(st.integers(0, 5_000), max_size=5)))
    carefully = drawn(name, [file], quickly=False, window=window)
    assert drawn(name, [file], quickly=True, window=window) == carefully
    assert drawn(name, cut, quickly=True, window=window) == carefully


@pytest.mark.parametrize("name", FILES)
def test_alike_transactions_with_nothing_odd_come_whole_and_are_drawn_the_quick_way(name, monkeypatch):
    made, seen = translation(name), Counter()
    file = "".join(
        f"{one}{ENDS[FILES[name][0]][1]}" for one in segments(name, [(n % 2, 1) for n in range(40)])
    ).encode()
    for _ in range(2):  # what a sequence of segments is, is worked out when it comes again
        rows = list(made.format.runs([file], made.file, Findings(), "SW1.edi", environment()))
    assert sum(isinstance(row, Stretch) for row in rows) == 40
    quick = Stretches.document

    def counted(*asked):
        seen["asked"] += 1
        found = quick(*asked)
        seen[found.kind] += 1
        return found

    monkeypatch.setattr(Stretches, "document", counted)
    found, wrong = drawn(name, [file], quickly=True)
    assert (len(found), wrong, seen["shipment_confirmation"], seen["asked"]) == (40, (), 40, 40)
    assert not any(document.findings for document in found)


def test_byte_by_byte_is_as_whole():
    file = "".join(f"{one}~\n" for one in segments("x12/945.yaml", [(0, 1), (1, 1)] * 3)).encode()
    carefully = drawn("x12/945.yaml", [file], quickly=False)
    assert drawn("x12/945.yaml", [file[at : at + 1] for at in range(len(file))], quickly=True) == carefully


@pytest.mark.parametrize("name", FILES)
def test_the_code_of_the_quick_way_can_be_read(name):
    assert "def draw(" in quick_code(translation(name).reader)


MARKED = """\
reads: shipment_confirmation
format: x12
interchange: false
envelope: {ST: {set: {is: 945}}}
records:
  W06: {fields: {code: {}, order: {}}}
  LX:
    times: 0..
    fields: {number: {}}
    records:
      MAN: {times: 0..1, fields: {kind: {}, value: {}}}
      W12: {times: 0.., fields: {sku: {}, shipped: {type: integer}}}
documents:
  about: {order: W06.order}
  containers:
    each: LX
    containerIdentifier: MAN.value
    packedItems: {each: W12, about: {item: {vendorProductIdentifier: sku}}, packedQuantity: {amount: shipped}}
"""


@pytest.mark.parametrize("marks", [(), ("MAN*CP",)])
def test_a_value_that_no_segment_says_is_told_of_each_transaction(marks):
    made, findings = load("marked.yaml", MARKED.encode(), lambda path: None), Findings()
    body = ["W06*F*D1", "LX*1", *marks, "W12*SKU1*2"]
    numbers = range(1, 4)
    lines = [line for n in numbers for line in (f"ST*945*{n}", *body, f"SE*{len(body) + 2}*{n}")]
    sources = made.format.runs(["".join(f"{line}~" for line in lines).encode()], made.file, findings, "SW1.edi")
    found = documents(made.reader, sources, context(*ORDERS), "SW1.edi", findings)
    assert [[one.code for one in document.findings] for document in found] == [["value-missing"]] * len(numbers)
