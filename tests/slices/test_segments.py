"""A long interchange is read in as much memory as a short one: in full one of 100 MB."""

import pytest

from benchmarks import advice

MB = 30.0  # above the started process


@pytest.mark.parts(bounded=1, deep=1)
def test_an_interchange_is_read_in_bounded_memory_however_long_it_is(part, deep, figure, tmp_path):
    count = 300_000 if deep else 4_000
    path = tmp_path / f"SW{part}.edi"
    figure("segments", advice.laid(path, count))
    figure("size", f"{path.stat().st_size / 1e6:.1f} MB")
    figure("memory", f"{(most := advice.peak_of(path)):.1f} MB")
    assert most < MB
