"""German names of columns, said in English words: `Auftragsnr`, `Empfängername`, `Straße`, `Verfügbarer Bestand`.

A compound is parted where all of it is known here (`Artikel-bezeichnung`, `Kunden-auftrags-nummer`); a word that is not
is left as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_FOLDED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"})
_LEAST: Final = 4  # letters of a word that is parted

# English words, and the German ones that say them; of a compound its parts do, where they are not said by themselves.
WORDS: Final = {german: tuple(english.split()) for english, some in ((line.split(":")) for line in """
order: auftrag auftr bestell bestellung lieferauftrag order
number: nummer nr kennung
customer: kunde kunden kd
date: datum stand
order number: bestnr
line: position pos zeile auftragsposition
item: artikel art material produkt
description: bezeichnung bez artikeltext beschreibung
quantity: menge stueck stueckzahl anzahl liefermenge versandmenge bestellmenge auftragsmenge
price: preis
unit: einheit mengeneinheit einzel
unit price: stueckpreis
net: netto
gross: brutto
currency: waehrung waehrungscode
weight: gewicht
carton: karton paket packstueck colli kolli packmittel nve palette ladeeinheit lhm behaelter
tracking number: sendungsnummer sendungsnr sendungsverfolgung sendungsverfolgungsnummer trackingnummer frachtbrief frachtbriefnummer
 paketscheinnummer
carrier: versender spediteur spedition frachtfuehrer paketdienst versanddienstleister dienstleister
ship method: versandart versandweg lieferart versandmethode transportart
ship: versand liefer lieferung empfaenger warenempfaenger sendung
required ship date: liefertermin versandtermin wunschtermin lieferdatum wunschlieferdatum versandfrist
shipped: warenausgang warenausgangsdatum versandt versendet
available: bestand lagerbestand verfuegbar verfuegbare verfuegbarer freier freie verfuegbarkeit
warehouse: lager lagerort lagernummer lagernr standort lagerplatz werk
address: strasse adresse anschrift
address 2: adresszusatz zusatz
zip: postleitzahl
city: ort stadt wohnort
state: bundesland region
country: land laendercode laenderkennzeichen landeskennzeichen laenderkuerzel
phone: telefon telefonnummer telefonnr
attention: ansprechpartner kontakt firma
message: bemerkung bemerkungen hinweis nachricht mitteilung lieferhinweis
gift: geschenk
status: ergebnis rueckmeldung
event: ereignis
time: uhrzeit zeit zeitpunkt
internal: interne intern lieferschein
line: datensaetze saetze positionen zeilen
record type: satzart satzkennung satztyp zeilenart zeilentyp
total: gesamt summe
name: name
invoice: rechnung rechnungs
vendor: lieferant lieferanten absender
""".strip().replace("\n ", " ").splitlines()) for german in some.split()}  # fmt: skip


def folded(title: str) -> str:
    """Write umlauts as two letters."""
    return title.translate(_FOLDED)


@cache
def english(piece: str) -> tuple[str, ...]:
    """Say a German compound in English; empty: it is none. `piece`: small letters, folded."""
    found: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(piece) + 1 if len(piece) >= _LEAST else 0):
        starts = [start for start in found if _said(piece[start:end], last=end == len(piece))]
        if starts:  # the longest word that ends here
            found[end] = found[min(starts)] + _said(piece[min(starts) : end], last=end == len(piece))
    return found.get(len(piece), ())


def _said(word: str, *, last: bool) -> tuple[str, ...]:
    """Say one word; inside a compound an `s` may bind it to the next: `Auftrags-nummer`."""
    return WORDS.get(word) or (() if last else WORDS.get(word.removesuffix("s"), ()))
