"""What holds for every preset: it reads what it wrote, and any bytes give documents or Rejected, nothing else."""

from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.given import orders
from tests.examples import EXAMPLES
from tests.loaded import first
from tests.presets import MAPPINGS, ROOT, fetch, settings_of
from translator.core.document import Document
from translator.core.finding import Findings, Rejected, errors
from translator.mapping.context import Frozen
from translator.translation import load, read, write

FEW = EXAMPLES // 6 if EXAMPLES < 5_000 else EXAMPLES  # each preset is a law of its own
NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
NAMES = [f"{path.parent.name}/{path.name}" for path in MAPPINGS]
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), max_codepoint=0xFF), min_size=1, max_size=30
).filter(str.strip)  # a cell of blanks is read as none


@cache
def preset(name):
    return load(name, (ROOT / "mappings" / name).read_bytes(), fetch)


def directed(direction):
    """Give the names of those that go one way; nothing is compiled before a test asks."""
    return [name for name, path in zip(NAMES, MAPPINGS, strict=True) if first(path, "reads", "writes") == direction]


WRITING = [name for name in directed("writes") if not first(ROOT / "mappings" / name, "template")]
READING = directed("reads")
SIGNS = st.sampled_from([b'"', b"\n", b"\r", b"\0", b"<", b"&", b",", b"\xff\xfe"])
ANSWERS = st.builds(
    lambda entries: {"file": "SHIP1.csv", "at": "2026-12-01T18:00:00Z", "entries": entries},
    st.lists(
        st.fixed_dictionaries({"kind": st.just("shipment_confirmation"), "code": st.just("quantity"), "text": TEXTS}),
        min_size=1,
        max_size=3,
    ),
)
CONTENTS = st.binary(min_size=1, max_size=60).map(lambda data: b64encode(data).decode())
NUMBERS = st.from_regex(r"[A-Za-z0-9]{9}", fullmatch=True)
LABELS = st.lists(
    st.fixed_dictionaries({"content": CONTENTS}, optional={"trackingNumber": TEXTS}), min_size=1, max_size=3
)
PAPERS = st.fixed_dictionaries({"purchaseOrderNumber": NUMBERS, "content": CONTENTS})
FORMATS = st.sampled_from(["PNG", "ZPL"])
CODES = st.lists(st.sampled_from(["1", "5", "8"]).map(lambda code: {"code": code}), min_size=1, max_size=5)
WRONG = st.fixed_dictionaries(
    {"element": st.integers(1, 99), "code": st.sampled_from(["1", "8"])}, optional={"component": st.integers(1, 9)}
)
SEGMENTS = st.fixed_dictionaries(
    {"tag": st.sampled_from(["N1", "W06"]), "number": st.integers(1, 9999), "codes": CODES},
    optional={"elements": st.lists(WRONG, min_size=1, max_size=3)},
)
JUDGED = st.sampled_from(["accepted", "errors", "rejected"])
TRANSACTIONS = st.fixed_dictionaries(
    {"set": st.just("945"), "control": st.from_regex(r"[0-9]{4,9}", fullmatch=True), "status": JUDGED},
    optional={"codes": CODES, "segments": st.lists(SEGMENTS, min_size=1, max_size=3)},
)
SAID = st.fixed_dictionaries(
    {
        "standard": st.just("x12"),
        "interchange": st.from_regex(r"[0-9]{9}", fullmatch=True),
        "code": st.just("SW"),
        "control": st.from_regex(r"[1-9][0-9]{0,8}", fullmatch=True),
        "status": JUDGED,
        "transactions": st.lists(TRANSACTIONS, min_size=1, max_size=3),
    },
    optional={"codes": CODES, "received": st.integers(0, 99), "sender": NUMBERS, "receiver": NUMBERS},
)
GIVEN = {
    "functional_acknowledgement": SAID,
    "answer": ANSWERS,
    "shipping_label": st.fixed_dictionaries(
        {"purchaseOrderNumber": NUMBERS, "labelFormat": FORMATS, "labelData": LABELS}
    ),
    "packing_slip": PAPERS,
    "customer_invoice": PAPERS,
    "container_label": st.fixed_dictionaries({"vendorContainerId": NUMBERS, "format": FORMATS, "content": CONTENTS}),
}


@st.composite
def trees(draw, kind):
    """A document of a kind, with the texts of people in it."""
    if kind in GIVEN:
        return draw(GIVEN[kind])
    tree = draw(orders())
    receiver = tree["orderDetails"]["shipToParty"]
    for name in ("name", "addressLine1", "addressLine2", "city"):
        receiver[name] = draw(TEXTS)
    return tree


told = cache(settings_of)


def context(name):
    return Frozen(NOW, settings=told(name.partition("/")[0]), zones={"EWR1": "America/New_York"})


def plain(cell):
    """What is left of a cell in a file: blanks that fill it are not."""
    if isinstance(cell, list):
        return [[plain(one) for one in row.cells] for row in cell] or ""  # none of a group is nothing
    return "" if cell is None else str(cell).strip(" ")


def same(wrote, read_):
    return wrote.record is read_.record and list(map(plain, wrote.cells)) == list(map(plain, read_.cells))


def is_read_again(part, rows, files):
    """A layout reads from its file what was written into it."""
    found = Findings()
    if part.file.transaction:
        part.format.write(rows, part.file, Findings())  # trailers are filled in
    again = list(part.format.read([next(files).data], replace(part.file, direction="reads"), found, "x"))
    assert [str(one) for one in errors(found.found)] == []
    assert all(one and other and same(one, other) for one, other in zip_longest(rows, again))


def holds_its_bytes(part, rows, files):
    """Each turn is a file, and as Base64 it is what the document said."""
    assert [b64encode(next(files).data).decode() for _ in rows] == [row.cells[0] for row in rows]


@pytest.mark.parametrize("name", WRITING)
def test_a_preset_reads_what_it_wrote(name):
    made = preset(name)
    seen = 0

    @settings(max_examples=FEW, deadline=None, database=None)
    @given(st.data())
    def law(data):
        nonlocal seen
        tree = data.draw(trees(made.file.kinds[0]))
        document = Document(made.file.kinds[0], tree)
        with suppress(Rejected):
            written = write(made, [document], context(name))
            if errors(written.findings):
                return
            seen += 1
            names = {"batch": [tree]} if made.file.batch else {document.kind: tree}
            files = iter(written.files)
            for part in made.parts or (made,):
                rows, _ = part.writer.rows(names, context(name))
                (holds_its_bytes if part.file.whole else is_read_again)(part, rows, files)
            assert next(files, None) is None

    law()
    assert seen > FEW / 3


@cache
def samples(name):
    folder = ROOT / "samples" / name.removesuffix(".yaml")
    return [path.read_bytes() for path in sorted(folder.glob("*/in.*"))]


@st.composite
def spoilt(draw, name):
    """A sample with some bytes lost, doubled, put in or changed; or any bytes at all."""
    data = bytearray(draw(st.sampled_from(samples(name))))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.integers(0, 9))
        data[at : at + gone] = draw(
            st.binary(max_size=9) | st.sampled_from([b'"', b"\n", b"\r", b"\0", b"<", b"&", b",", b"\xff\xfe"])
        )
    return draw(st.just(bytes(data)) | st.binary(max_size=60))


@pytest.mark.parametrize("name", READING)
def test_any_bytes_give_documents_or_rejected_and_nothing_else(name):
    made = preset(name)
    assert samples(name)

    @settings(max_examples=FEW, deadline=None, database=None)
    @given(spoilt(name))
    def law(data):
        fed = []
        for chunks in ([data], [data[n : n + 1] for n in range(len(data))]):
            try:
                documents = list(read(made, chunks, "SHIP1.csv", context(name)))
                fed.append([(one.tree, [str(finding) for finding in one.findings]) for one in documents])
            except Rejected as error:
                fed.append([str(finding) for finding in error.findings])
        assert fed[0] == fed[1]

    law()
