"""Amazon's own models and examples, read where they lie (the project carries no copy), and made into questions."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, FormatChecker

MODELS = Path(__file__).parents[3] / "shared" / "spapi-models"
ORDERS = "vendorDirectFulfillmentOrders_2021-12-28.json"
ORDERS_V1 = "vendorDirectFulfillmentOrdersV1.json"
SHIPPING = "vendorDirectFulfillmentShipping_2021-12-28.json"
SHIPPING_V1 = "vendorDirectFulfillmentShippingV1.json"
INVENTORY = "vendorDirectFulfillmentInventoryV1.json"
PAYMENTS = "vendorDirectFulfillmentPaymentsV1.json"

needs_models = pytest.mark.skipif(not MODELS.is_dir(), reason=f"Amazon's models are not at {MODELS}")

DECIMAL = r"^-?(0|([1-9]\d*))(\.\d+)?([eE][+-]?\d+)?$"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _moment(value):
    return not isinstance(value, str) or bool(MOMENT.fullmatch(value) and datetime.fromisoformat(value))


@cache
def definitions(model):
    """The definitions of a model, made strict: no unknown names (Amazon checks them), decimals as their text says."""
    found = json.loads((MODELS / model).read_text(encoding="utf-8"))["definitions"]
    for one in found.values():
        if "properties" in one:
            one["additionalProperties"] = False
    found.get("Decimal", {})["pattern"] = DECIMAL
    return found


def faults(model, name, value):
    """What Amazon's model has against a value."""
    schema = {"$ref": f"#/definitions/{name}", "definitions": definitions(model)}
    return [
        f"{list(e.absolute_path)}: {e.message}"
        for e in Draft4Validator(schema, format_checker=_FORMATS).iter_errors(value)
    ]


def fields(model, name):
    """Each path below a definition -> (type, required, enum), in the words of our field tables."""
    found = {}
    _walk(definitions(model), {"$ref": f"#/definitions/{name}"}, "", False, found)
    del found[""]
    return found


def _walk(known, schema, path, required, found):
    ref = schema.get("$ref", "").rsplit("/", 1)[-1]
    schema = known[ref] if ref else schema
    kind = {"string": "text", "array": "list"}.get(schema["type"], schema["type"])
    kind = "datetime" if schema.get("format") == "date-time" else "decimal" if ref == "Decimal" else kind
    found[path] = (kind, required, tuple(sorted(schema.get("enum", ()))))
    if kind == "list":
        inner = {}
        _walk(known, schema["items"], f"{path}[]", False, inner)
        found.update({where: what for where, what in inner.items() if where != f"{path}[]"})
    for child, below in schema.get("properties", {}).items():
        _walk(known, below, f"{path}.{child}" if path else child, child in schema.get("required", ()), found)


def examples(pattern):
    """Name and body of each example answer that fits."""
    found = sorted((MODELS / "examples").glob(pattern)) if MODELS.is_dir() else []
    return [(one.stem, json.loads(one.read_text(encoding="utf-8"))["response"]["body"]) for one in found]
