"""scaffold: papers and samples of a German warehouse: names, patterns of dates, decimal comma, points between thousands."""

import pytest

from tests.cli.test_scaffold import drafted, loaded
from translator.cli.behind.scaffold.concepts import MEANINGS, meaning

GERMAN = """\
Auftragsnr;Position;Artikelnummer;Menge;Karton;Sendungsnummer;Versandart;Gewicht (kg);Versanddatum;Warenwert
D4kTz8Qw2;1;KTL-17;1;C1;1Z0001;UPG;4,5;28.11.2026;1.200,00
D4kTz8Qw2;2;00123-BLU;4;C1;1Z0001;UPG;4,5;28.11.2026;20,20
"""
GERMAN_LIST = """\
Feldname     Stellen   Länge  Typ        Beschreibung
Kopfsatz (K)
SATZART      1-1       1      alpha      immer 'K'
AUFTRAGSNR   2-21      20     alpha      Auftragsnummer
LIEFERDATUM  22-29     8      TTMMJJJJ   spätester Versandtermin
STRASSE      30-59     30     alpha      Straße und Hausnummer
RECHNAME     60-89     30     Zeichen    Rechnungsempfänger Name
Positionssatz (P), je Position
SATZART      1-1       1      alpha      immer 'P'
ARTNR        2-21      20     alpha      Artikelnummer
MENGE        22-28     7      num        Menge, mit führenden Nullen
PREIS        29-37     9      num        Einzelpreis, 2 Nachkommastellen ohne Komma
"""


def test_a_german_ship_file_is_read_by_the_names_of_its_columns():
    text = drafted(GERMAN, "VERSAND1.csv", reads_="shipment_confirmation")
    loaded(text)
    assert "about:           {order: Auftragsnr}" in text
    assert "shippedDate: max(Versanddatum)" in text
    assert "trackingNumber:      {maybe: Sendungsnummer}" in text
    assert "shipMethod:          {maybe: Versandart}" in text
    assert "about: {item: Position}, packedQuantity: {amount: Menge}" in text
    assert 'Warenwert:      {type: decimal, mark: ",", thousands: .}' in text


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_a_german_list_of_fields_is_read_in_the_charset_that_it_was_saved_in(charset):
    text = drafted(GERMAN_LIST.encode(charset), "felder.txt", writes="order")
    loaded(text)
    assert "format: fixed" in text
    assert "SATZART:     {len: 1, is: K}" in text
    assert 'LIEFERDATUM: {len: 8, from: s.shipmentDates.requiredShipDate, date: "%d%m%Y", zone: warehouse}' in text
    assert 'STRASSE:     {len: 30, from: "to.addressLine1 | one_line"' in text
    assert 'RECHNAME:    {len: 30, text: ""}' in text
    assert "each: item in d.items" in text
    assert "MENGE:   {len: 7, from: item.orderedQuantity.amount, type: integer, pad: 0}" in text
    assert "PREIS:   {len: 9, maybe: item.netPrice.amount, type: decimal, implied: 2, pad: 0}" in text


@pytest.mark.parametrize(
    "title, meant",
    [
        ("Bestellnummer", "order"), ("Kundenauftragsnummer", "customer_order"), ("Empfängername", "name"),
        ("Straße", "address1"), ("Adresszusatz", "address2"), ("Postleitzahl", "zip"), ("Ort", "city"), ("LAND", "country"),
        ("Artikel-Nr.", "sku"), ("Artikelbezeichnung", "title"), ("Währung", "currency"), ("Liefertermin", "ship_by"),
        ("Lieferscheinnr.", "wms_number"), ("Verfügbarer Bestand", "available"), ("Anzahl Positionen", "lines"),
        ("Rechnungsname", ""), ("Lieferantennummer", ""), ("SHORT", ""), ("Stand", "scanned"),
    ],
)  # fmt: skip
def test_german_names_are_understood(title, meant):
    assert meaning(title, MEANINGS) == meant


@pytest.mark.parametrize(
    "values, facts",
    [
        (["1.200,00", "20,20"], 'type: decimal, mark: ",", thousands: .'),
        (["1,200.50", "0.50"], 'type: decimal, thousands: ","'),
        (["1.200", "15"], "type: integer, thousands: ."),
        (["1.200.000", "2.000"], "type: integer, thousands: ."),
        (["1.200", "3.000"], "type: decimal}  # over a thousand, or three places?"),
        (["1.5", "15"], "type: decimal}"),
    ],
)
def test_thousands_that_are_parted_are_told_from_places(values, facts):
    rows = "".join(f'KTL-1{n};"{value}"\n' for n, value in enumerate(values))
    text = drafted(f"Sku;Bestand\n{rows}", "B1.csv", reads_="inventory_update")
    loaded(text)
    assert f"Bestand: {{{facts}" in text


def test_what_could_be_places_is_thousands_where_other_numbers_of_the_file_have_a_decimal_comma():
    text = drafted("Sku;Bestand;kg\nA1;1.200;0,450\nA2;3.000;1,5\n", "B1.csv", reads_="inventory_update")
    assert "Bestand: {type: integer, thousands: .}" in text
