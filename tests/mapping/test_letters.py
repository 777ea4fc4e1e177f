"""Letters that a charset or a format lacks: written as the mapping says, counted, before width is looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.made import ENVIRONMENT, frozen, made, order
from tests.mapping.reading import codes, line
from tests.mapping.reading import order as stored
from tests.mapping.reading import read as read_file
from translator.core import jsontext
from translator.core.alike import composed, look, odd_letter
from translator.core.finding import Misconfigured, Severity
from translator.documents.types import coerce
from translator.mapping.cells import HINT
from translator.mapping.letters import lacking, plain
from translator.mapping.writer import compile_writer


def wrote(text: str, name: str, *, careful: bool = False):
    tree = order(shipToParty={"name": name, "addressLine1": "x"})
    rows, findings = compile_writer(made(text), ENVIRONMENT, careful=careful).rows({"order": tree}, frozen())
    return [cell for row in rows for cell in row.cells], [(one.code, one.severity, one.text) for one in findings]


NAME = "order.orderDetails.shipToParty.name"
ASCII = f"""\
writes: order
format: fixed
charset: ascii
substitute: plain_letters
records: {{R: {{fields: {{name: {{len: 8, from: {NAME}}}}}}}}}
"""


@pytest.mark.parametrize("careful", [False, True])
def test_letters_are_written_plain_and_counted_before_width_is_looked_at(careful):
    cells, findings = wrote(ASCII, "Zoë Roß", careful=careful)
    assert cells == ["Zoe Ross"]
    assert findings == [("substituted", Severity.INFO, "name: 2 written otherwise: ß ë")]
    assert wrote(ASCII, "Zoe Ross", careful=careful) == (["Zoe Ross"], [])


def test_a_text_that_is_too_long_when_it_is_written_plain_is_an_error():
    _, findings = wrote(ASCII, "Zoë Strauß")
    assert [code for code, _, _ in findings if code != "substituted"] == ["value-too-long"]


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize("name, more", [("12345…", 2), ("Zoë Strauß", 1), ("Zoë Miller", 0)])
def test_what_was_substituted_is_told_where_it_made_a_text_too_long(name, more, careful):
    tree = order(shipToParty={"name": name, "addressLine1": "x"})
    text = ASCII.replace("len: 8", "len: 7")
    _, findings = compile_writer(made(text), ENVIRONMENT, careful=careful).rows({"order": tree}, frozen())
    (found,) = [one for one in findings if one.code == "value-too-long"]
    assert found.hint == (f"`substitute` made it longer by {more}; " if more else "") + HINT


def test_characters_that_a_format_cannot_escape_are_replaced_in_every_text_of_data():
    text = f"""\
writes: order
format: csv
substitute: {{"*": " ", "~": "-"}}
fields:
  A: {{from: {NAME}}}
  B: {{from: {NAME}, max: 12}}
  C: ["order.orderDetails.customerOrderNumber", {NAME}]
  D: {{from: {NAME}, lookup: {{"a*b~c": "x*y"}}}}
  E: {{maybe: order.orderDetails.customerOrderNumber, default: "n*a"}}
  F: {{from: {NAME}, max: 3, rest: G}}
  G: {{max: 3}}
  H: {{text: "z*"}}
  I: {{from: "'<' ~ {NAME}"}}
"""
    cells, findings = wrote(text, "a*b~c")
    assert cells == ["a b-c", "a b-c", "a b-c", "x y", "n a", "a", "b-c", "z ", "<a b-c"]
    assert sorted(text for _, _, text in findings) == [
        "A: 2 written otherwise: * ~", "B: 2 written otherwise: * ~", "C: 2 written otherwise: * ~",
        "D: 1 written otherwise: *", "F: 2 written otherwise: * ~", "I: 2 written otherwise: * ~",
    ]  # fmt: skip


def test_the_same_is_written_with_care_and_without():
    text = f"writes: order\nformat: csv\nsubstitute: {{é: e, '=': ''}}\nfields: {{A: {{from: {NAME}, max: 4, truncate: true}}}}\n"
    for name in ("abc", "é=éé=éé", "Aé", "====", "abcdefg"):
        assert wrote(text, name) == wrote(text, name, careful=True)


@pytest.mark.parametrize(
    "text, want",
    [
        ("Straße", "Strasse"), ("Søndergård", "Sondergard"), ("Łódź", "Lodz"), ("Ærø", "AEro"), ("œuvre", "oeuvre"),
        ("İstanbul Şişli ığ", "Istanbul Sisli ig"), ("Þór", "THor"), ("Đà Nẵng", "Da Nang"), ("ﬁn", "fin"), ("Å", "A"),
        ("“quoted” – …", '"quoted" - ...'), ("5 €", "5 EUR"), ("a\u00a0b", "a b"), ("ＡＢＣ", "ABC"), ("№ 5", "No 5"),
        ("zero\u200bwidth", "zerowidth"), ("plain", "plain"), ("Москва", "Москва"), ("東京", "東京"), ("😀", "😀"),
    ],
)  # fmt: skip
def test_plain_letters(text, want):
    assert plain(text) == want


@given(st.text(max_size=30))
def test_plain_letters_are_plain_already(text):
    once = plain(text)
    assert plain(once) == once
    assert all(letter.isascii() or letter in composed(text) for letter in once)


def test_only_letters_that_the_charset_lacks_are_replaced():
    assert "é" not in lacking("cp1252")
    assert (lacking("cp1252")["ł"], lacking("cp1250").get("ł"), lacking("ascii")["é"]) == ("l", None, "e")
    assert lacking("iso-8859-1")["€"] == "EUR"
    assert dict(lacking("utf-8")) == {}


def test_several_substitutes_are_one_and_the_first_that_names_a_character_counts():
    text = ASCII.replace("substitute: plain_letters", "substitute: [{'*': ' ', 'ß': sz}, plain_letters]")
    cells, findings = wrote(text, "Zoë*Roß")
    assert cells == ["Zoe Rosz"]
    assert [one[0] for one in findings] == ["substituted"]


def test_plain_letters_where_the_charset_has_them_all_is_refused():
    with pytest.raises(Misconfigured) as caught:
        made(ASCII.replace("charset: ascii", "charset: utf-8"))
    assert [one.code for one in caught.value.findings] == ["mapping-substitute"]


# --- composed letters, letters that look alike ----------------------------------------------------------------------

SHIP = """\
reads: shipment_confirmation
format: csv
fields: {ORDER: {}, SKU: {}, QTY: {type: integer}}
documents:
  group: ORDER
  about: {order: ORDER}
  items: {each: row, about: {item: {vendorProductIdentifier: SKU}}, shippedQuantity: {amount: QTY}}
"""


def shipped(sku: str, ordered: str):
    (found,) = read_file(SHIP, f"PO1,{sku},5\n", stored("PO1", line("1", ordered)))
    return found


@pytest.mark.parametrize(
    "sku, ordered", [("Ångström", "Ångström"), ("A\u030angstro\u0308m", "Ångström"), ("\u212bB", "ÅB")]
)
def test_51_composed_and_decomposed_letters_are_the_same_sku(sku, ordered):
    found = shipped(sku, ordered)
    assert (codes(found), found.tree["items"][0]["itemSequenceNumber"]) == ([], "1")


def test_51_what_is_read_into_a_document_is_composed():
    text = SHIP.replace("shippedQuantity", "vendorProductIdentifier: SKU, shippedQuantity")
    (found,) = read_file(text, "PO1,A\u030a,5\n", stored("PO1", line("1", "Å")))
    assert found.tree["items"][0]["vendorProductIdentifier"] == "Å"


@pytest.mark.parametrize(
    "sku, why",
    [
        ("\u0410BC", "U+0410"),  # Cyrillic
        ("A\u200bBC", "U+200B"),  # zero width
        ("ＡＢＣ", "U+FF21"),
        ("ABС", "U+0421"),
        ("\u0391BC", "U+0391"),  # Greek
        ("ABC\u3164", "U+3164"),
    ],
)
def test_51_a_sku_that_only_looks_like_another_is_told_and_never_taken_for_it(sku, why):
    found = shipped(sku, "ABC")
    assert codes(found) == ["unknown-item"]
    assert found.findings[0].hint.startswith("it looks like 'ABC', but has ")
    assert why in found.findings[0].hint


@pytest.mark.parametrize("text", ["ABC-1", "Größe", "Москва", "東京-7", "ΑΒΓ", "Ångström", "İ", ""])
def test_51_a_sku_of_one_script_is_not_odd(text):
    assert odd_letter(text) == ""


def test_51_a_level_of_a_sku_with_an_odd_letter_is_a_warning():
    _, found = coerce(
        "inventory_update", {"items": [{"vendorProductIdentifier": "A\u200bB"}, {"vendorProductIdentifier": "AB"}]}
    )
    assert [(one.code, one.severity, one.data.path) for one in found] == [
        ("identifier-odd", Severity.WARNING, "/items/0/vendorProductIdentifier")
    ]


def test_51_what_comes_through_the_door_is_composed():
    assert jsontext.decode('{"a": ["e\u0301", {"b": "A\\u030a"}]}'.encode()) == {"a": ["é", {"b": "Å"}]}


@given(st.text(max_size=20))
def test_51_a_text_looks_like_itself_however_its_letters_are_composed(text):
    assert look(composed(text)) == look(composed(composed(text)))
