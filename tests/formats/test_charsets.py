"""The charset that the mapping declares decides, in both formats and directions; a declaration that lies is told."""

from __future__ import annotations

import pytest

from tests.formats.pieces import MANY, RULE, codes, fed_alike, field, layout, read, row, written
from translator.core.finding import Findings, Place, Rejected
from translator.formats.format import formats
from translator.mapping.layout import Record
from translator.mapping.row import Row

CSV, FIXED = formats()["csv"], formats()["fixed"]
WORDS = {
    "cp1252": "Müller €", "cp437": "Åström", "iso-8859-1": "Müller", "iso-8859-2": "Łódź", "iso-8859-15": "Noël €",
    "cp1250": "Křišťál", "cp852": "Křišťál", "utf-8": "漢字 é", "utf-8-sig": "漢字 é", "utf-16": "漢字 é",
    "utf-16-le": "漢字 é", "utf-16-be": "漢字 é", "utf-32": "漢字 é", "shift_jis": "漢字 ｶﾅ", "cp932": "漢字①",
    "cp037": "Müller", "cp500": "Müller [x]", "ascii": "Muller", "gb18030": "漢字 é",
}  # fmt: skip
NAMED = row(field("A"), field("NAME"))


ENDS = {"lf": "\n", "crlf": "\r\n", "any": "\n", "nel": "\x85"}
MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16": b"\xff\xfe", "utf-32": b"\xff\xfe\0\0"}
BARE = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
HAVE_NEL = {
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "cp037",
    "cp500",
    *(name for name in WORDS if name[:3] in ("utf", "gb1")),
}


@pytest.mark.parametrize(
    "charset, newline", [(name, end) for name in WORDS for end in ENDS if end != "nel" or name in HAVE_NEL]
)
def test_a_delimited_file_is_read_and_written_in_its_charset(charset, newline):
    made = layout("csv", NAMED, options={"header": "true", "charset": charset, "newline": newline})
    data = ENDS[newline].join(["A,NAME", f"1,{WORDS[charset]}", '2,"a,b"', ""]).encode(charset)
    rows, findings = read(CSV, data, made)
    assert not findings
    assert [one.cells for one in rows] == [["1", WORDS[charset]], ["2", "a,b"]]
    assert written(CSV, rows, made) == data
    assert fed_alike(CSV, data, [1, 3, 9], made)


@pytest.mark.parametrize("newline", ["crlf", "none"])
@pytest.mark.parametrize(
    "charset, width",
    [(name, to) for name in WORDS for to in ("chars", "bytes") if to == "chars" or name[:5] not in ("utf-1", "utf-3")],
)
def test_a_fixed_file_is_read_and_written_in_its_charset(charset, newline, width):
    bare, word = BARE.get(charset, charset), WORDS[charset]
    measure = len if width == "chars" else lambda text: len(text.encode(bare))
    fields = (field("code", len=measure("AB ")), field("name", len=measure(word + " " * 4)))
    made = layout("fixed", row(*fields), options={"charset": charset, "newline": newline, "width": width})
    data = written(FIXED, [Row(made.records[0], ["AB ", word + " " * 4], Place())] * 2, made)
    line = f"AB {word}    {'' if newline == 'none' else ENDS[newline]}"
    assert data == MARKS.get(charset, b"") + (line * 2).encode(bare)
    rows, findings = read(FIXED, data, made)
    assert not findings
    assert [(one.cells, codes(one.findings)) for one in rows] == [(["AB", word], [])] * 2
    assert fed_alike(FIXED, data, [1, 3, 9], made)


@pytest.mark.parametrize("charset, order", [("utf-16", "utf-16-le"), ("utf-16", "utf-16-be"), ("utf-32", "utf-32-be")])
def test_a_wide_charset_needs_no_mark(charset, order):
    made = layout("csv", NAMED, options={"header": "true", "charset": charset})
    rows, findings = read(CSV, "A,NAME\n1,é\n".encode(order), made)
    assert not findings
    assert rows[0].cells == ["1", "é"]


def test_lines_of_ebcdic_end_where_the_mapping_says():
    for newline, end in (("nel", b"\x15"), ("lf", b"\x25"), ("crlf", b"\x0d\x25")):
        made = layout("csv", NAMED, options={"header": "true", "charset": "cp037", "newline": newline})
        data = end.join(["A,NAME".encode("cp037"), "1,x".encode("cp037"), b""])
        rows, findings = read(CSV, data, made)
        assert not findings
        assert [one.cells for one in rows] == [["1", "x"]]
        assert written(CSV, rows, made) == data


def test_blocks_of_ebcdic_have_no_line_ends():
    head = Record("H", RULE, fields=(field("code", len=1, is_=("H",)), field("order", len=5)))
    line = Record("D", RULE, fields=(field("code", len=1, is_=("D",)), field("sku", len=3)), times=MANY)
    made = layout("fixed", head, line, options={"charset": "cp500", "newline": "none"})
    data = "H00017DABCDDEF".encode("cp500")
    rows, findings = read(FIXED, data, made)
    assert not findings
    assert [(one.record.name, one.cells[1], one.place.line) for one in rows] == [
        ("H", "00017", 1),
        ("D", "ABC", 2),
        ("D", "DEF", 3),
    ]
    assert written(FIXED, rows, made) == data
    assert fed_alike(FIXED, data, [5, 9], made)


def test_a_column_may_be_in_a_charset_of_its_own():
    fields = (field("code", len=4), field("name", len=8, charset="cp1250"), field("end", len=1))
    for charset in ("ascii", "cp1252", "utf-8"):
        made = layout("fixed", row(*fields), options={"charset": charset, "width": "bytes", "newline": "lf"})
        data = b"A1  " + "Křišťál ".encode("cp1250") + b".\n"
        rows, findings = read(FIXED, data, made)
        assert not findings
        assert [(one.cells, codes(one.findings)) for one in rows] == [(["A1", "Křišťál", "."], [])]
        cells = [Row(made.records[0], ["A1  ", "Křišťál ", "."], Place())]
        assert written(FIXED, cells, made) == data


def test_a_bad_byte_beside_such_a_column_and_a_letter_it_lacks_are_findings():
    made = layout(
        "fixed",
        row(field("code", len=4), field("name", len=8, charset="cp1250")),
        options={"charset": "ascii", "width": "bytes"},
    )
    rows, findings = read(FIXED, b"A\xe81 " + b"x" * 8 + b"\nA2  " + b"x" * 8 + b"\n", made)
    assert [one.cells[0] for one in rows] == ["A2"]
    assert [(one.code, one.data.line) for one in findings] == [("charset", 1)]
    rows, _ = read(FIXED, b"A1  \x81xxxxxxx\n", made)
    assert codes(rows[0].findings) == ["charset"]
    told = Findings()
    FIXED.write([Row(made.records[0], ["A1  ", "漢字      "], Place("order", 1))], made, told)
    assert "charset" in codes(told.found)


def test_utf_8_where_a_code_page_is_declared_is_warned_of():
    made = layout("csv", NAMED, options={"header": "true", "charset": "cp1252"})
    rows, findings = read(CSV, "A,NAME\n1,Müller\n2,x\n3,Åse\n".encode(), made)
    assert [(one.code, one.severity) for one in findings] == [("charset-doubt", "warning")]
    assert len(rows) == 3
    assert not read(CSV, "A,NAME\n1,Müller\n2,Åse\n".encode("cp1252"), made)[1]
    assert not read(CSV, b"A,NAME\n1,x\n", made)[1]


def test_ebcdic_and_utf_16_are_guessed_where_something_else_is_declared():
    made = layout("csv", NAMED, options={"charset": "ascii"})
    _, findings = read(CSV, "ORDER,QUANTITY,PRICE1234567890\n".encode("cp037"), made)
    assert "cp037" in findings[0].hint
    _, findings = read(CSV, "ORDER,QUANTITY\n".encode("utf-16-le"), made)
    assert "utf-16-le" in findings[0].hint


@pytest.mark.parametrize("mark", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_the_mark_of_another_charset_is_refused(mark):
    for format, made in (("csv", NAMED), ("fixed", row(field("a", len=1)))):
        with pytest.raises(Rejected) as caught:
            read(formats()[format], "\ufeffA,NAME\n".encode(mark), layout(format, made, options={"charset": "cp1252"}))
        assert codes(caught.value.findings) == ["charset"]


def test_one_line_that_is_no_utf_8_ends_the_doubt():
    made = layout("csv", NAMED, options={"header": "true", "charset": "cp1252"})
    mixed = "A,NAME\n1,Åse\n".encode("cp1252") + "2,Müller\n3,Åse\n".encode()
    assert not read(CSV, mixed, made)[1]


def test_several_columns_may_be_in_charsets_of_their_own():
    fields = (field("code", len=2), field("one", len=4, charset="cp1250"), field("two", len=4, charset="cp852"))
    made = layout("fixed", row(*fields), options={"charset": "utf-8", "width": "bytes", "newline": "lf"})
    data = b"A1" + "Říp ".encode("cp1250") + "Žár ".encode("cp852") + b"\n"
    rows, findings = read(FIXED, data, made)
    assert not findings
    assert [one.cells for one in rows] == [["A1", "Říp", "Žár"]]
    assert written(FIXED, [Row(made.records[0], ["A1", "Říp ", "Žár "], Place())], made) == data


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_what_is_no_utf_16_is_told_with_its_place_in_the_file(size):
    made = layout("csv", NAMED, options={"header": "true", "charset": "utf-16"})
    begin = "A,NAME\n1,é\n".encode("utf-16") + "1,x\n".encode("utf-16-le") * 10_000
    data = begin + b"\x00\xdcx\x00"
    with pytest.raises(Rejected) as caught:
        read(CSV, [data[at : at + size] for at in range(0, len(data), size)], made)
    assert caught.value.findings[0].text == f"not utf-16 at byte {len(begin)}: illegal encoding"
