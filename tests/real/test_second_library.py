"""A second library reads the X12 files of real systems into the same segments; pyx12 is no part of the program.

It knows the versions 00200 and 00401 to 00501 alone, ASCII, and files that begin with an ISA: the others are listed.
"""

from __future__ import annotations

import pytest

from tests.real.systems import SAMPLES, needs_samples
from tests.real.test_segments import FILES, opened

library = pytest.importorskip("pyx12.x12file")
pytestmark = needs_samples

NOT_ITS = {
    "x12-846/846-multi-warehouse-sch.edi": "version 00400",
    "x12-850-855-856/850-bom-dropship-single-line.edi": "a byte order mark, and blanks that are no ASCII",
    "x12-850-855-856/850-composite-sln.edi": "version 00400",
    "x12-850-855-856/850-sap-trading-partner-4010.edi": "version 00400",
    "x12-850-855-856/855-accepted.edi": "version 00400",
    "x12-850-855-856/856-4060-no-terminator-char.edi": "version 00400",
    "x12-940/940-three-lines-newline-terminator.edi": "version 00400",
    "x12-945/945-simplot-pallets-transaction-only.edi": "no ISA",
    "x12-997/997-partial-transaction-only.edi": "no ISA",
}
UNENDED = {"x12-940/940-order-b.edi"}  # the last segment lacks its mark: the other one leaves it out
X12 = [sample for sample in FILES if sample.startswith("x12-")]


def parted(sample):
    """Give the segments as the second library reads them, each as its elements."""
    with library.X12Reader(str(SAMPLES / sample)) as source:
        mark, component = source.ele_term, source.subele_term
        return mark, [one.format("\n", mark, component).strip("\n").split(mark) for one in source]


def without_ends(elements):
    """Leave empty elements at the end out: the other one does."""
    while elements and not elements[-1].strip():
        elements = elements[:-1]
    return elements


@pytest.mark.parametrize("sample", [sample for sample in X12 if sample not in NOT_ITS])
def test_a_second_library_finds_the_same_segments_in_a_real_file(sample):
    _, _, segments = opened(sample)
    mark, theirs = parted(sample)
    ours = [one.split(mark) for one in segments[: -1 if sample in UNENDED else None]]
    assert [without_ends(one) for one in ours] == [without_ends(one) for one in theirs]


@pytest.mark.parametrize("sample", NOT_ITS)
def test_what_the_second_library_cannot_read_is_listed_and_nothing_else(sample):
    with pytest.raises((library.pyx12.errors.X12Error, UnicodeDecodeError)):
        parted(sample)
