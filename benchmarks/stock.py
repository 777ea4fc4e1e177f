"""Row 6: an XML inventory file becomes inventory updates: the file, lxml's own iterparse over it, and the same by hand.

`iterparse alone` turns over the elements of the items and frees them, as lxml's manual has it; it looks at nothing in
them, so it gives nothing. `by hand` reads what the mapping reads, each child looked at once, and gives the same bodies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from lxml import etree

from benchmarks.orders import SEED

EACH: Final = 1_000  # items of one update
_WORDS: Final = ("Kettle &amp; Lid, 1.5 L", "Folding Shelf, Oak", "Travel Mat", "Café Press", "LED Lamp 12 V")
_OBSOLETE: Final = {"A": False, "H": False, "D": True}
_encode: Final = msgspec.json.Encoder().encode


def laid(path: Path, size: int, seed: int = SEED) -> int:
    """Write a file of about so many bytes; give how many items are in it."""
    dice = random.Random(seed)
    items = 0
    with path.open("wb") as file:
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<Inventory>\n  <Warehouse>EWR1</Warehouse>\n')
        while file.tell() < size:
            items += 1
            file.write(_item(dice, items).encode())
        file.write(b"</Inventory>\n")
    return items


def _item(dice: random.Random, number: int) -> str:
    chance = dice.random
    there, kept = int(chance() * 500), int(chance() * 20)
    day, second = 1 + int(chance() * 30), int(chance() * 86_400)
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return (
        f'  <Item line="{number}">\n    <Sku>ACME-{int(chance() * 10_000):04d}-{number:06d}</Sku>\n'
        f"    <Asin>B0{number:08d}</Asin>\n    <Description>{_WORDS[int(chance() * 5)]}</Description>\n"
        f"    <Lot>L{int(chance() * 100_000):05d}</Lot>\n    <Location>{'ABCDEF'[int(chance() * 6)]}-{there:03d}</Location>\n"
        f"    <OnHand>{there + kept}</OnHand>\n    <Allocated>{kept}</Allocated>\n"
        f'    <Available unit="EA">{there}</Available>\n    <Status>{"AAAAAAAAHD"[int(chance() * 10)]}</Status>\n'
        f"    <Counted>2026-11-{day:02d}T{clock}Z</Counted>\n  </Item>\n"
    )


def turned_over(path: Path) -> int:
    """Turn over the items with iterparse and free them; give how many there are."""
    count = 0
    for _, item in etree.iterparse(path, tag="Item"):
        count += 1
        _free(item)
    return count


def by_hand(path: Path) -> Iterator[bytes]:
    """Give the bodies of the updates."""
    items: list[dict[str, Any]] = []
    for _, element in etree.iterparse(path, tag="Item"):
        items.append(_read(element))
        _free(element)
        if len(items) == EACH:
            yield _body(items)
            items = []
    if items:
        yield _body(items)


def _free(item: Any) -> None:
    item.clear(keep_tail=True)
    above = item.getparent()
    while item.getprevious() is not None:
        del above[0]


def _read(element: Any) -> dict[str, Any]:
    said = {child.tag: child.text for child in element}
    sku, asin, lot = said["Sku"], said["Asin"], said["Lot"]
    _whole(element.get("line"))
    _whole(said["OnHand"])
    _whole(said["Allocated"])
    datetime.fromisoformat(said["Counted"])
    if not (sku and asin and lot) or element.find("Available").get("unit") != "EA":
        raise ValueError("nothing stands where something must")
    level = {"amount": _whole(said["Available"]), "unitOfMeasure": "Each"}
    names = {"buyerProductIdentifier": asin, "vendorProductIdentifier": sku}
    return {**names, "availableQuantity": level, "isObsolete": _OBSOLETE[said["Status"]]}


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("no number")
    return int(text)


def _body(items: list[dict[str, Any]]) -> bytes:
    update = {"sellingParty": {"partyId": "ACMEG"}, "isFullUpdate": False, "items": items}
    return _encode({"inventory": update})
