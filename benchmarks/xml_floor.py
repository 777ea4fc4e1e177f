"""The floor of row 2: the same template in a plain Jinja environment, escaped, and the same check that it is XML."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Undefined
from jinja2.utils import pass_context
from lxml import etree

from benchmarks.floors import CARRIERS, HERE, METHODS, named
from benchmarks.orders import ZONES

_PLACES: Final = {code: ZoneInfo(name) for code, name in ZONES.items()}
_TABLES: Final = {"ship_methods": {"": METHODS, "name": CARRIERS}}


@lru_cache(maxsize=16384)
def _written(text: str, pattern: str, warehouse: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return moment.astimezone(_PLACES[warehouse]).strftime(pattern)


@pass_context
def _date(context: Any, text: str, pattern: str, zone: str) -> str:
    return _written(text, pattern, context["order"]["orderDetails"]["shipFromParty"]["partyId"])


def _lookup(value: str, table: str, give: str = "") -> str:
    return _TABLES[table][give][value]


def _redacted(value: Any, other: str) -> Any:
    return other if isinstance(value, Undefined) or not value.lower().strip("x") else value


def _template() -> Any:
    jinja = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    jinja.filters |= {"date": _date, "lookup": _lookup, "redacted": _redacted}
    jinja.tests["present"] = lambda value: not isinstance(value, Undefined) and value not in (None, "")
    return jinja.from_string((HERE / "templates/bench/order.xml.j2").read_text(encoding="utf-8"))


_TEMPLATE: Final = _template()


def to_xml(data: bytes) -> tuple[str, bytes]:
    """Write orders-xml.yaml's file."""
    order = json.loads(data)
    made = _TEMPLATE.render(order=order).encode()
    etree.fromstring(made, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    return f"order-{named(order['purchaseOrderNumber'])}.xml", made
