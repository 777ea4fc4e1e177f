"""What the columns of warehouse systems mean: their usual names, and the thing of Amazon's that each stands for.

Names are cut into words, abbreviations are written out (`QTY_ORD`, `ShipToAddr1`, `ORDERNO`), German ones are said in
English, and the meaning with the most words in common wins. What belongs to another party (bill to, sold to, vendor) is
no ship-to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from translator.cli.behind.scaffold import german
from translator.cli.behind.scaffold.shape import Column, unprefixed

_COUNTED: Final = re.compile(
    r"\b(?:no|nr|num|number)\b\.?\s+of\s+(?:[A-Z][A-Z0-9]?[0-9]?\s+(?=(?:line|record|row)s?\b))?"
    r"|\banzahl\s+(?:der\s+)?(?=pos|zeilen|saetze|daten)",
    re.IGNORECASE,
)
_LOOKS: Final = re.compile(
    r"\b(?:\d\s+)?(?:decimal places|decimals?|places),?\s+(?:are\s+)?implied|\bimplied\s+(?:\d\s+)?decimals?"
    r"|\b(?:zero|blank)s?[- ]?(?:filled|padded)|\b(?:right|left)[- ]justified|\bjulian\b|\b[A-Z][a-z]+/[A-Z]\w+|\([^()]*\)",
    re.IGNORECASE,
)  # says how a value looks, not what it is
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _table(text: str, parted: str) -> dict[str, tuple[str, ...]]:
    """Read lines of `word: words`; a line that begins with blanks goes on."""
    pairs = (line.split(":", 1) for line in text.strip().replace("\n ", " ").splitlines())
    return {name.strip(): tuple(word.strip() for word in words.split(parted) if word.strip()) for name, words in pairs}


# A word, and how else it is written.
_SAME: Final = {same: word for word, some in _table("""
number: no num nbr nr numb id ident identifier #
quantity: quantities qty qnty quant units pieces pcs
address: addr adr street add
customer: cust cus
order: ord orders ordr
date: dt day datum
item: itm article art product prod part material
description: desc descr dscr
tracking: trk track trackno awb waybill
code: cd cde
weight: wt wgt wght lb lbs kg kgs kilo kilos pounds gram grams oz ounce ounces
carton: ctn box case package pkg parcel container cont lpn sscc pallet
warehouse: whs whse wh facility site depot dc
state: st province region prov
zip: post postal postcode zipcode plz
country: ctry cntry
service: svc serv
method: mthd mode via
carrier: carr scac shipper
message: msg comment comments note notes remark remarks instruction instructions text
line: lines ln lin seq sequence pos row
phone: tel telephone
name: nm nme
required: req requested due latest must
shipped: shpd despatched dispatched
ship: desp despatch dispatch sh shp shipping shipment shpmt deliver delivery consignee recipient receiver
purchase: purch
status: stat sts state_
available: avail atp onhand free stock
price: cost amount amt
title: titel
gift: present
count: cnt
total: tot ttl
confirmation: conf
record: rec records
flag: ind indicator yn
type: typ
city: town cty
attention: attn att contact
currency: curr ccy
unit: uom each
reference: ref
packing: pack pck
""", " ").items() for same in some}  # fmt: skip
_NOISE: Final = frozenset(
    "the a an of to in for our your is or and code field value flag amazon wms host all at in zero filled y n "
    "und der die das am im hausnummer hausnr".split()
)
_FILLERS: Final = frozenset("filler fill reserved unused spare blank blanks dummy future".split())
_OTHERS: Final = frozenset({"bill", "billto", "sold", "return", "vendor", "supplier", "from", "invoice", "remit"})

# A meaning, and the words a column of that meaning may be called by, the usual ones first.
MEANINGS: Final = _table(
    """
record: record type, record, row type, line type, segment
order: order number, purchase order number, purchase order, po number, po, order, sales order, ship order,
    customer po, host order, order reference
customer_order: customer order number, customer order, customer reference, consumer order
order_date: order date, date order, ordered, order time, created date, entry date
ship_by: ship date required, required date, ship by, required ship, ship before, ship date, date ship,
    ship not later than, ship later than
deliver_by: promised date, promised, deliver by, arrival date
warehouse: warehouse, warehouse number, ship from, ship from warehouse, location warehouse, warehouse location
ship_method: ship method, carrier service, carrier, service, service level, ship service, carrier method, method
priority: priority, rush, expedite
gift: gift, is gift
slip: packing slip, packing list, packslip
gift_message: gift message
message: message, ship message, order message, customer message, special message
name: ship name, name, customer name, ship customer name, name 1, ship name 1, ship contact
attention: attention, ship attention, ship company, company, name 2, ship name 2
address1: address 1, ship address 1, address, ship address, address line 1, ship address line 1
address2: address 2, ship address 2, address line 2, ship address line 2
address3: address 3, ship address 3, address line 3, ship address line 3
city: city, ship city
state: state, ship state
zip: zip, ship zip
country: country, ship country
phone: phone, ship phone, phone number, ship phone number
line: line number, line, order line, order line number, item line, item line number, item sequence number
sku: sku, item number, item, item code, sku number, style, item sku, merchant sku, vendor item number
asin: asin
title: item description, description, title, item name, item title
quantity: quantity, order quantity, quantity shipped, ship quantity, quantity ordered, item quantity, line quantity,
    quantity packed
price: unit price, price, item price, net price
currency: currency
unit: unit, unit measure, quantity unit, order unit
lines: line count, total line, count line, record count, count record, total record, number line, count
units: total quantity, quantity total, hash total, hash, sum quantity, total unit
carton: carton, carton number, carton code, carton count number
tracking: tracking, tracking number, carton tracking, pro number, consignment number
weight: weight, carton weight, gross weight, ship weight
shipped: ship date, shipped, date shipped, shipped date, shipped time, confirmation date, ship time,
    actual ship date, manifest date
available: available, quantity available, available quantity, quantity, on hand, quantity on hand, balance,
    available stock, item quantity
status: status, order status, result, acknowledgement status, response, accepted
event: event, event code, status, status code, scan, scan code, scan status
scanned: scan time, scan date, event time, event date, status date, status time, date, time
wms_number: wms number, wms order, wms order number, warehouse order number, warehouse order, internal order number,
    internal number, ship number, our number, reference
""",
    ",",
)


@cache
def _vocabulary() -> frozenset[str]:
    words = {word for some in MEANINGS.values() for one in some for word in one.split()}
    return frozenset(word for word in {*words, *_SAME, *_NOISE, *_OTHERS} if len(word) > 1)


def words_of(title: str) -> tuple[str, ...]:
    """Cut a title into words, written out: `QTY_ORD` is quantity order, `SHIPTONAME` ship to name."""
    pieces = (piece.lower() for piece in _WORDS.findall(_COUNTED.sub("count ", german.folded(title))))
    return tuple(_SAME.get(word, word) for piece in pieces for word in _parted(piece))


@cache
def _parted(piece: str) -> tuple[str, ...]:
    """Part words that are written as one, where all of it is words we know; the fewest. What is German is said in English."""
    if piece in _vocabulary() or (len(piece) < 4 and piece not in german.WORDS):
        return (piece,)
    if piece in german.WORDS:
        return german.WORDS[piece]
    found: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(piece) + 1):
        tried = [(*found[start], piece[start:end]) for start in found if piece[start:end] in _vocabulary()]
        if tried:
            found[end] = min(tried, key=len)
    return found.get(len(piece)) or german.english(piece) or (piece,)


def filler(title: str) -> bool:
    """Tell what is there to be blank."""
    return bool(set(words_of(title)) & _FILLERS)


def meaning(title: str, among: Iterable[str]) -> str:
    """Say what a title stands for; empty: nobody knows."""
    words = words_of(title)
    if not words or (set(words) & _OTHERS and words[:2] != ("ship", "from")):
        return ""
    scored = ((_score(words, one), -rank, name) for name in among for rank, one in enumerate(MEANINGS[name]))
    best = max(scored, default=(0.0, 0, ""))
    return best[2] if best[0] > 0 else ""


def meant(one: Column, among: Iterable[str], around: str = "") -> str:
    """Say what a column stands for: by its title, by what its list says of it, by what it stands in."""
    some = tuple(among)
    title = one.title or one.name
    return (
        meaning(title, some)
        or meaning(unprefixed(title), some)
        or meaning(_LOOKS.sub("", one.note), some)
        or (meaning(f"{around} {title}", some) if around else "")
    )


def _score(told: tuple[str, ...], wanted: str) -> float:
    """Count the words in common; what is said beyond them counts against it, and more than them is another thing."""
    words = set(wanted.split())
    if not words <= {*told}:
        return 0.0
    over = len({*told} - words - _NOISE)
    return len(words) - 0.6 * over if over < len(words) else 0.0
