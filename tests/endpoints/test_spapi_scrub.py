"""What comes through of Amazon's sentences, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.endpoints.spapi.scrub import scrubbed, scrubbed_names, word


@pytest.mark.parametrize(
    "text",
    [
        "Access to requested resource is denied.",
        "Application do not have access to some or all requested resource",
        "One of '{inventory}' is expected",
        "Could not decode your NextToken",
        "The request is invalid: createdBefore must lie after createdAfter.",
        "orderAcknowledgements[].itemAcknowledgements is required",
        "Ensure that your product ID (SKU/UPC/EAN) is correctly mapped to an Amazon ASIN.".replace(
            "Ensure", "Please ensure"
        ),
    ],
)
def test_harmless_sentences_come_through(text):
    assert scrubbed(text) == text


@pytest.mark.parametrize(
    "text, shown",
    [
        ("Value 'Maria Müller' at 'shipToParty.name' failed", "Value '…' at 'shipToParty.name' failed"),
        ("Invalid name Maria Müller", "Invalid name …"),
        ("phone +1 (555) 010-9999", "phone +# (#) #-#"),
        ("mail maria@example.com now", "mail … now"),
        ("12 Elm Street, Springfield IL 62704", "# … #"),
        ("token Atzr|IwEBIabc", "token …"),
        ("D3rC3KTxG is unknown", "… is unknown"),
        ('"long quoted text, with commas" is wrong', '"…" is wrong'),
        ("a\r\nb\x1b[31mc\u202ed", "a …"),
        ("", ""),
    ],
)
def test_values_do_not_come_through(text, shown):
    assert scrubbed(text) == shown


@pytest.mark.parametrize(
    "text, shown",
    [
        ("AAA is not a valid product ID", "AAA is not a valid product ID"),
        ("409304 is not a valid product ID", "409304 is not a valid product ID"),
        ("M8x1.25/A is not a valid product ID.", "M8x1.25/A is not a valid product ID."),
        ("Order UvgABdBjQ: carton PKG_001-a missing", "Order UvgABdBjQ: carton PKG_001-a missing"),
        ("mail maria@example.com", "mail …"),
        ("token Atzr|IwEBIabc", "token …"),
        (f"token {'eyJ0.' * 9}x", "token …"),
        ("name 'Maria Müller'", "name '…'"),
    ],
)
def test_identifiers_come_through_for_transactions(text, shown):
    assert scrubbed_names(text) == shown


@given(st.text(max_size=3000))
def test_any_text_gives_one_short_line(text):
    for shown in (scrubbed(text), scrubbed_names(text)):
        assert len(shown) <= 200
        assert shown.isprintable()


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "'" * 100_000, "'a " * 50_000, "1-" * 50_000, "a" + "Aa" * 50_000, "-a" * 50_000]
)
def test_a_long_text_takes_no_long_time(text):
    assert len(scrubbed(text)) <= 200


@pytest.mark.parametrize("text", ["InvalidInput", "INVALID_ORDER_ID", "AccessDeniedException"])
def test_a_code_is_a_word(text):
    assert word(text, "error") == text


@pytest.mark.parametrize("text", ["", "Maria Müller", "x" * 65, "1", None, 17, "a\n", "a b"])
def test_what_is_no_word_is_no_code(text):
    assert word(text, "error") == "error"
