"""Values that must be found nowhere: a mark in each personal field of an order, and a search that knows its disguises."""

import base64
import copy
import re
import zlib

from translator.documents.kind import kinds

MARK = "ZQcanaryZQ"
_HIDDEN = [f.path for f in kinds()["order"].fields if f.personal and f.type == "text" and not f.one_of]
PATHS = [*_HIDDEN, "orderDetails.customerOrderNumber", "orderDetails.shipToParty.postalCode"]


def marked(order):
    """Give an order with a mark in each of its personal fields, each another one."""
    made = copy.deepcopy(order)
    for number, path in enumerate(PATHS):
        _put(made, path.split("."), f"{MARK}{made['purchaseOrderNumber'][-7:]}{number:02d}")
    return made


def _put(tree, names, value):
    name, rest = names[0], names[1:]
    is_list, name = name.endswith("[]"), name.removesuffix("[]")
    if not rest:
        tree[name] = value
    elif is_list:
        for one in tree.setdefault(name, [{}]):
            _put(one, rest, value)
    else:
        _put(tree.setdefault(name, {}), rest, value)


def _base64(word):
    """Give what is the same in Base64 wherever a word begins."""
    return [base64.b64encode(b"\0" * at + word)[(0, 2, 3)[at] + (at > 0) : -4] for at in range(3)]


WORDS = [
    MARK.encode(),
    MARK.encode("utf-16-le"),
    MARK.encode("utf-16-be"),
    MARK[::-1].encode(),
    "".join(f"\\u{ord(letter):04x}" for letter in MARK).encode(),
    "".join(f"&#{ord(letter)};" for letter in MARK).encode(),
    "".join(f"&#x{ord(letter):x};" for letter in MARK).encode(),
    MARK.encode().hex().encode(),
    *_base64(MARK.encode()),
]


def seen_in(data):
    """Tell the disguises in which a mark is seen in bytes, those that are pressed among them."""
    found = [word for word in WORDS if word in data]
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        try:
            opened = zlib.decompressobj(47).decompress(data[start.start() : start.start() + (1 << 16)], 1 << 22)
        except zlib.error:
            continue
        found += [b"pressed " + word for word in WORDS if word in opened]
    return found


def seen_below(folder, skip=()):
    """Tell the files below a folder in which a mark is seen, or that are named by one."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if any(part in path.parents or part == path for part in skip):
            continue
        words = seen_in(str(path.name).encode()) + (seen_in(path.read_bytes()) if path.is_file() else [])
        if words:
            found[str(path.relative_to(folder))] = words
    return found
