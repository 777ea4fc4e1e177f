"""A text is split into lines where the declared line ends are, and nowhere else, however it is split fastest."""

import io

from hypothesis import given
from hypothesis import strategies as st

from translator.formats.lines import _split, parted


@given(st.text(alphabet="ab,\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028é", max_size=30))
def test_any_line_end_is_lf_crlf_or_cr_alone(text):
    whole, rest = _split(text, "any")
    lines = parted(whole)
    assert [*lines, *filter(None, [rest])] == list(io.StringIO(text, newline=""))
    assert all(line.endswith(("\n", "\r")) for line in lines)
    assert not rest.endswith("\n")
