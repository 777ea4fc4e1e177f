"""The X12, EDIFACT and TRADACOMS files of real systems are read by YAML alone, and written back with their own marks.

Every element stands in a named field: none is left over, and the segments that are written of the rows are those that
were read. What is wrong with a file is listed, with its reason.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.real.systems import SAMPLES, cells, context, mapping, needs_samples, on_rows
from translator import translation
from translator.core.finding import Findings
from translator.formats import edifact, tradacoms, x12
from translator.formats.format import formats
from translator.formats.segments import Segments

pytestmark = needs_samples

DIALECTS = {"x12": x12.DIALECT, "edifact": edifact.DIALECT, "tradacoms": tradacoms.DIALECT}
SHORT = "the published file leaves segments out, and its trailer counts them"
UNENDED = "a segment of the published file lacks the mark that ends it: it is refused with what stands in its place"
CUT = "the published file lacks its end"
OTHER = "another number in its trailer than in its header"
FILES: dict[str, tuple[str, dict[str, str]]] = {
    "x12-940/940-babelway-3pl.edi": ("x12-940", {}),
    "x12-940/940-general-mills-new.edi": ("x12-940", {"element-unknown": UNENDED}),
    "x12-940/940-order-b.edi": ("x12-940", {}),
    "x12-940/940-three-lines-newline-terminator.edi": ("x12-940", {}),
    "x12-945/945-simplot-pallets-transaction-only.edi": ("x12-945", {"envelope-count": SHORT}),
    "x12-846/846-multi-warehouse-sch.edi": ("x12-846", {}),
    "x12-850-855-856/850-bom-dropship-single-line.edi": ("x12-850", {"envelope-control": OTHER}),
    "x12-850-855-856/850-composite-sln.edi": ("x12-850", {}),
    "x12-850-855-856/850-sap-trading-partner-4010.edi": ("x12-850", {}),
    "x12-850-855-856/855-accepted.edi": ("x12-855", {}),
    "x12-850-855-856/855-dropship-5010.edi": ("x12-855", {}),
    "x12-850-855-856/856-4060-no-terminator-char.edi": ("x12-856", {}),
    "x12-850-855-856/856-crossdock.edi": ("x12-856", {}),
    "x12-997/997-accept-many-855.edi": ("x12-997", {"envelope-control": OTHER}),
    "x12-997/997-partial-transaction-only.edi": ("x12-997-bare", {}),
    "x12-997/997-rejected-with-ak3-ak4.edi": ("x12-997", {}),
    "edifact/desadv-d96a-mascot-readme.edi": ("edifact-desadv", {"envelope-count": SHORT}),
    "edifact/orders-d96a-decimal-comma.edi": ("edifact-orders", {"envelope-open": CUT}),
    "edifact/orders-d96a-two-messages-bom.txt": ("edifact-orders", {}),
    "edifact/orders-sap-d96a.edi": ("edifact-orders", {}),
    "edifact/ordrsp-d96a.txt": ("edifact-ordrsp", {}),
    "tradacoms/orders-sap-request.edi": ("tradacoms-orders", {}),
    "tradacoms/orders-three-messages.edi": ("tradacoms-orders", {}),
}


REFUSED = {sample for sample, (_, wrong) in FILES.items() if wrong.get("element-unknown")}
MARKS = ("element", "component", "segment", "repetition", "release", "decimal")


def opened(sample):
    """Give the mapping of a file with the charset and the marks of that very file, its bytes, and its segments."""
    made, data = mapping(f"{FILES[sample][0]}.yaml"), (SAMPLES / sample).read_bytes()
    charset = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    known = {**made.file.options, "charset": charset}
    opening = DIALECTS[made.file.format].opening
    found = Segments([data], replace(made.file, options=known), Findings(), "", opening)
    texts = [found.marks.element.join(one) for one in found]
    said = {name: getattr(found.marks, name) for name in MARKS if name in known}
    una = {"una": "true" if b"UNA" in data[:6] else "false"} if "una" in known else {}
    return replace(made.file, options={**known, **said, **una}), data, texts


@pytest.mark.parametrize("sample", FILES)
def test_a_real_file_is_read_whole(sample):
    file, data, segments = opened(sample)
    findings = Findings()
    rows = list(formats()[file.format].read([data], file, findings, "f"))
    told = [*findings.found, *on_rows(rows)]
    assert {one.code for one in told} == set(FILES[sample][1]), [str(one) for one in told]
    assert len(rows) == len(segments)


@pytest.mark.parametrize("sample", [sample for sample in FILES if sample not in REFUSED])
def test_a_real_file_is_written_back_as_it_stood(sample):
    file, data, segments = opened(sample)
    form, findings = formats()[file.format], Findings()
    written = form.write(list(form.read([data], file, Findings(), "f")), file, findings)
    assert findings.found == []
    again = Segments([written], file, Findings(), "", DIALECTS[file.format].opening)
    assert [again.marks.element.join(one) for one in again] == segments
    assert written.translate(None, b"\r\n") == data.translate(None, b"\r\n").rstrip(b"\x1a") or unended(data, file)


def unended(data, file):
    """A line end is the mark, or the last segment lacks its mark: then there is more, or less, than line ends between."""
    return file.options["segment"] == "\n" or not data.rstrip().endswith(file.options["segment"].encode())


NUMBER, DAY = re.compile(r"-?\d+[.,]\d+"), re.compile(r"20\d\d(0\d|1[0-2])[0-3]\d(\d{4})?")
TEXTS = {
    "SLN-01": "numbers a line below line 1",
    "W01-13": "a lot is named by a day",
    "GS-04": "the header is the format's own",
}


@pytest.mark.parametrize("sample", FILES)
def test_what_looks_like_a_number_or_a_day_has_a_type(sample):
    file, data, _ = opened(sample)
    for _, one, text in cells(list(formats()[file.format].read([data], file, Findings(), "f"))):
        if one.path not in TEXTS:
            assert one.type == "decimal" or not NUMBER.fullmatch(text.strip()), one
            assert one.date or not DAY.fullmatch(text.strip()), one


@pytest.mark.parametrize("sample", FILES)
def test_a_real_file_becomes_documents(sample):
    made = mapping(f"{FILES[sample][0]}.yaml")
    file, data, _ = opened(sample)
    found = list(translation.read(replace(made, file=file), [data], "f", context({})))
    assert found
    assert {one.kind for one in found} <= {*file.kinds, "unread"}
    assert all(one.tree or one.awaits or sample in REFUSED or FILES[sample][1] for one in found), found
