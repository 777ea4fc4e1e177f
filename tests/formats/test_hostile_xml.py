"""XML that means harm, or was broken on its way: the numbers are those of reliability-security §3.9.

Each gives a finding with its place, in bounded time and memory, and nothing outside the file is ever touched.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from tests.formats.pieces import MANY, codes, field, layout, outcome, read
from translator.core.finding import Findings, Place, Rejected
from translator.formats.xml import FORMAT
from translator.mapping.layout import Record, Times
from translator.mapping.row import Row

RULE = Place("ship.yaml", 3)
LAYOUT = Record("Ship", RULE, fields=(field("Order"), field("@id"), field("Line", fields=(field("Sku"),), times=MANY)))
SHIP = layout("xml", LAYOUT)
STREAMED = layout("xml", Record("Ship", RULE, records=(Record("Line", RULE, times=MANY),)))
SOON = 5.0  # seconds of this process: what is unfolded takes minutes, or the machine


def told(data: bytes, mapping=SHIP) -> list[str]:
    """The codes of everything that is said about a file."""
    try:
        rows, findings = read(FORMAT, data, mapping)
    except Rejected as rejected:
        return codes(rejected.findings)
    return codes([*findings, *(one for row in rows for one in row.findings)])


def cells(data: bytes, mapping=SHIP) -> list[object]:
    rows, findings = read(FORMAT, data, mapping)
    assert not findings
    assert not rows[0].findings
    return rows[0].cells


# --- 18 to 20: what would be fetched or unfolded ----------------------------------------------------------------------


@pytest.fixture
def asked():
    """A server that counts who comes."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    came.append(server.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", came
        stop.set()
        thread.join()


ENTITIES = {
    "18 a file": '<!DOCTYPE Ship [<!ENTITY e SYSTEM "file:///etc/passwd">]><Ship><Order>&e;</Order></Ship>',
    "19 an address": '<!DOCTYPE Ship [<!ENTITY e SYSTEM "{url}">]><Ship><Order>&e;</Order></Ship>',
    "19 a parameter entity": '<!DOCTYPE Ship [<!ENTITY % p SYSTEM "{url}">%p;]><Ship/>',
    "19 an external subset": '<!DOCTYPE Ship SYSTEM "{url}"><Ship/>',
    "19 behind a comment": '<?xml version="1.0"?><!-- <Ship> --><!DOCTYPE Ship SYSTEM "{url}"><Ship/>',
    "18 inside, harmless": "<!DOCTYPE Ship [<!ENTITY e 'x'>]><Ship><Order>&e;</Order></Ship>",
}


@pytest.mark.parametrize("name", ENTITIES)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_18_19_a_doctype_is_refused_and_nothing_is_fetched(name, charset, asked):
    url, came = asked
    assert told(ENTITIES[name].replace("{url}", url).encode(charset)) == ["xml-doctype"]
    assert came == []


def test_19_includes_stylesheets_and_schema_locations_are_not_followed(asked):
    url, came = asked
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}" parse="text"/>'
    assert told(f"<Ship>{include}</Ship>".encode()) == ["element-unknown"]
    space = "http://www.w3.org/2001/XMLSchema-instance"
    where = f'xmlns:i="{space}" i:schemaLocation="urn:x {url}" i:noNamespaceSchemaLocation="{url}"'
    assert told(f'<?xml-stylesheet href="{url}"?><Ship {where}><Order>1</Order></Ship>'.encode()) == []
    xsd = b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Ship"/></xs:schema>'
    checked = layout("xml", LAYOUT, schema=xsd, schema_name="a.xsd", schemas={"a.xsd": xsd})
    assert told(f"<Ship {where}><Order>1</Order></Ship>".encode(), checked) == []
    assert came == []


LAUGHS = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
QUADRATIC = f"<!DOCTYPE Ship [<!ENTITY a '{'a' * 50_000}'>]><Ship><Order>{'&a;' * 50_000}</Order></Ship>"


@pytest.mark.parametrize("text", [f"<!DOCTYPE Ship [<!ENTITY a 'ha'>{LAUGHS}]><Ship>&j;</Ship>", QUADRATIC])
def test_20_billion_laughs_end_at_once(text):
    begin = time.process_time()
    assert told(text.encode()) == ["xml-doctype"]
    assert time.process_time() - begin < SOON


def test_20_entities_that_nobody_declared_are_refused():
    assert told(b"<Ship><Order>&e;</Order></Ship>") == ["xml-syntax"]


# --- 21: what is too much -----------------------------------------------------------------------------------------------

HUGE = {
    "depth": (b"", b"<Line>", 1_000_000, {"xml-depth"}),
    "attributes": (b"<Ship ", b"a%d='1' ", 1_000_000, {"limit-record", "xml-attributes", "xml-syntax"}),
    "text": (b"<Ship><Order>", b"x" * 1000, 11_000, {"limit-record", "xml-syntax"}),
    "attribute": (b"<Ship id='", b"x" * 1000, 11_000, {"limit-record", "xml-syntax"}),
    "name": (b"<Ship", b"x" * 1000, 11_000, {"limit-record", "xml-syntax"}),
    "comment": (b"<Ship><!--", b"x" * 1000, 11_000, {"limit-record", "xml-syntax"}),
    "prolog": (b"<!--", b"x" * 1000, 11_000, {"xml-syntax"}),
    "lines of a record": (b"<Ship>", b"<Line><Sku>1</Sku></Line>", 1_000_000, {"limit-record"}),
    "unknown": (b"<Ship><Log>", b"<Entry><A>some text</A></Entry>", 300_000, {"xml-syntax"}),
    "namespaces": (b"<Ship ", b"xmlns:a%d='u' ", 1_000_000, {"limit-record", "xml-attributes", "xml-syntax"}),
}
CHILD = """
import json, resource, sys, time
from tests.formats.test_hostile_xml import HUGE, SHIP, STREAMED, FORMAT, Findings, Rejected
begin, piece, times, _ = HUGE[sys.argv[1]]
list(FORMAT.read([b"<Ship/>"], SHIP, Findings(), "a.xml"))
def chunks():
    yield begin
    for number in range(times // 1000):
        yield b"".join(piece % (number * 1000 + n) if b"%d" in piece else piece for n in range(1000))
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    mapping = STREAMED if sys.argv[1] == "unknown" else SHIP
    found = [one.code for row in FORMAT.read(chunks(), mapping, Findings(), "a.xml") for one in row.findings]
except Rejected as error:
    found = [one.code for one in error.findings]
print(json.dumps([found, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]))
"""


@pytest.mark.sweep
@pytest.mark.parametrize("name", HUGE)
def test_21_too_much_of_anything_is_a_finding_in_little_time_and_memory(name):
    ran = subprocess.run([sys.executable, "-c", CHILD, name], capture_output=True, check=True, text=True)
    found, seconds, kilobytes = json.loads(ran.stdout)
    assert len(found) == 1
    assert found[0] in HUGE[name][3]
    assert seconds < 6
    assert kilobytes < 40_000


def test_21_limits_of_a_mapping_raise_and_lower_them():
    deep = layout("xml", Record("a", RULE, fields=(field("b", at="/".join("b" * 80)),)))
    assert codes(FORMAT.check(deep)) == ["xml-depth"]
    assert told(b"<Ship>" + b"<x>" * 70 + b"</x>" * 70 + b"</Ship>") == ["xml-depth"]
    assert told(b"<Ship>" + b"<x>" * 60 + b"</x>" * 60 + b"</Ship>") == ["element-unknown"]
    assert told(b"<Ship " + b" ".join(b"a%d='1'" % n for n in range(201)) + b"/>") == ["xml-attributes"]
    assert told(b"<Ship><Order>" + b"x" * 65_537 + b"</Order></Ship>") == ["limit-field"]


@pytest.mark.parametrize("names", [["Order"], ["Order", "Note"]])
def test_21_what_stands_in_a_plain_record_is_in_bounds_though_nobody_asks_for_it(names):
    skipping = layout("xml", Record("Ship", RULE, fields=tuple(map(field, names))), unknown="skip")
    many = b" ".join(b"a%d='1'" % n for n in range(201))
    assert told(b"<Ship><Order>1</Order><Note " + many + b"/></Ship>", skipping) == ["xml-attributes"]
    assert told(b"<Ship><Order>1</Order><Note>" + b"<x>" * 70 + b"</x>" * 70 + b"</Note></Ship>", skipping) == [
        "xml-depth"
    ]
    shallow = replace(skipping, limits=replace(skipping.limits, depth=1))
    assert told(b"<Ship><Order>1</Order></Ship>", shallow) == ["xml-depth"]


# --- 22: encodings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["utf-7", "rot13", "idna", "unicode_escape", "cp037", "hz", "x-user-defined", "UTF-32", "'"]
)
def test_22_an_encoding_that_is_not_taken_is_refused(name):
    assert told(f'<?xml version="1.0" encoding="{name}"?><Ship/>'.encode()) in (["xml-encoding"], ["xml-syntax"])


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="utf-16"?><Ship/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="windows-1252"?><Ship/>',
        b'<?xml version="1.0" encoding="utf-8"?><Ship><Order>\xe9</Order></Ship>',
        '<?xml version="1.0" encoding="utf-8"?><Ship/>'.encode("cp037"),
        "<Ship/>".encode("utf-32-le"),
        "\ufeff<Ship/>".encode("utf-32-be"),
        "+ADw-Ship/+AD4-".encode("ascii"),
    ],
)  # fmt: skip
def test_22_an_encoding_that_lies_is_refused(data):
    assert told(data) in (["xml-encoding"], ["xml-syntax"], ["charset"])


# --- 23: what is written -------------------------------------------------------------------------------------------------

NAMES = [
    "]]>",
    "\x00",
    "\x08",
    "\ufffe",
    "\uffff",
    "\ud800",
    "<!--",
    "&lt;",
    "<![CDATA[",
    "\x85",
    "\u2028",
    "a\r\nb",
    "\t",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cdata", [True, False])
def test_23_whatever_a_buyer_is_called_what_leaves_is_valid_xml_or_nothing(name, cdata):
    one = Record("Ship", RULE, fields=(field("Order", cdata=cdata), field("@id")))
    mapping, findings = layout("xml", one), Findings()
    data = FORMAT.write([Row(one, [f"x{name}y", f"x{name}y"], Place())], mapping, findings)
    if findings.found:
        assert codes(findings.found) == ["xml-character"] * 2
        assert name not in str(findings.found)
    else:
        assert cells(data, mapping) == [f"x{name}y"] * 2


# --- 24: what splits a text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inside", ["<!-- -->", "<?pi x?>", "<![CDATA[]]>", "<!-- 9 --><?x 9?><!-- 9 -->"])
def test_24_what_stands_inside_a_text_does_not_split_it(inside):
    assert cells(f"<Ship><Order>12{inside}34</Order></Ship>".encode())[0] == "1234"


def test_24_an_element_inside_a_text_is_a_finding_and_no_text_is_lost_silently():
    assert told(b"<Ship><Order>12<b/>34</Order></Ship>") == ["element-unknown", "text-unknown"]


# --- 30 to 32: marks, line ends, bytes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_30_a_mark_at_the_beginning_is_none_of_the_text(charset):
    assert cells("<Ship><Order>é</Order></Ship>".encode(charset))[0] == "é"


def test_30_a_mark_inside_the_file_is_a_finding():
    mark = "\ufeff".encode()
    assert told(b"<Ship><Order>1" + mark + b"2</Order></Ship>") == ["character"]
    assert told(b"<Ship>" + mark + b"<Order>1</Order></Ship>") == ["text-unknown"]
    assert told(mark + mark + b"<Ship/>") == ["xml-syntax"]
    assert told(b"<Ship/>" + mark + b"<Ship/>") == ["xml-syntax"]


def test_31_line_ends_of_every_kind_are_what_xml_says():
    text = "a\rb\r\nc\nd\x85e\u2028f\x0c"[:-1]
    assert cells(f"<Ship\r\n><Order>{text}</Order\r></Ship>".encode())[0] == "a\nb\nc\nd\x85e\u2028f"
    assert told(b"<Ship><Order>a\x0cb</Order></Ship>") == ["xml-syntax"]


BYTES = [b"\xff", b"\xc0\xaf", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"]


@pytest.mark.parametrize("bad", BYTES)
def test_32_bytes_that_are_no_utf_8_are_refused_however_they_are_fed(bad):
    for data in (b"<Ship><Order>" + bad + b"</Order></Ship>", b'<Ship id="' + bad + b'"/>', b"<Ship" + bad + b"/>"):
        assert told(data) in (["xml-encoding"], ["xml-syntax"])
        assert outcome(FORMAT, [data[at : at + 1] for at in range(len(data))], SHIP)[0] == "rejected"


@pytest.mark.parametrize("name", ["&#0;", "&#x1F;", "&#xD800;", "&#xFFFE;", "&#x110000;", "&#99999999999;"])
def test_32_a_reference_to_no_character_is_refused(name):
    assert told(f"<Ship><Order>{name}</Order></Ship>".encode()) == ["xml-syntax"]


def test_32_half_a_character_in_utf_16_is_refused():
    assert told("<Ship/>".encode("utf-16")[:-1]) in (["charset"], ["xml-syntax"])
    whole = "<Ship><Order>x</Order></Ship>".encode("utf-16")
    assert told(whole.replace("x".encode("utf-16-le"), b"\x00\xd8")) == ["charset"]


# --- 58: what is no such file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b" \n", b"%PDF-1.7", b"PK\x03\x04", b"a;b;c\r\n", b'{"a":1}', b"\x00" * 100])
def test_58_what_is_no_xml_is_refused(data):
    assert told(data) == ["xml-syntax"]


def test_58_an_error_page_is_no_ship_file():
    assert told(b"<html><head><title>502</title></head><body/></html>") == ["element-unknown", "record-missing"]


def test_records_without_end_are_counted():
    mapping = layout("xml", Record("Line", RULE, at="Ship/Line", times=Times(0, None), fields=(field("@n"),)))
    few = layout("xml", *mapping.records, limits=type(mapping.limits)(records=3))
    with pytest.raises(Rejected) as caught:
        read(FORMAT, b"<Ship>" + b"<Line n='1'/>" * 5 + b"</Ship>", few)
    assert codes(caught.value.findings) == ["limit-records"]
