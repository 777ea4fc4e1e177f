"""Amazon's own models, read where they lie beside the project: schemas to check by, and the fullest body each allows.

The models leave three things to their prose: that names are checked strictly, the pattern of decimals, and that of purchase order
numbers in acknowledgements. They are added here.
"""

import copy
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from jsonschema import Draft4Validator, FormatChecker

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "spapi-models"
MISSING = f"Amazon's models are not beside the project ({FOLDER})"
DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
CHECKER = FormatChecker(formats=())
WRONG = [None, True, False, 0, 1, 1.5, "", "x", "1", "False", [], {}, [None], [[]], [{}], {"x": 1}]
BAD_DATES = [
    "",
    "2026-12-01",
    "2026-12-01T10:00:00",
    "20261201T100000Z",
    "2026-13-01T10:00:00Z",
    "2026-02-30T10:00:00Z",
]
BAD_DATES += [
    "2026-12-01 10:00:00Z",
    "2026-12-01T25:00:00Z",
    "2026-12-01T10:00Z",
    "12/01/2026",
    "2026-12-01T10:00:00+0100",
]
BAD_DATES += ["2026-12-01T10:00:00Z\n", "2026-12-01T10:00:00.Z", " 2026-12-01T10:00:00Z", "٢٠٢٦-12-01T10:00:00Z"]
BAD_TEXTS = [
    "",
    " ",
    "../../x",
    "A-1",
    "D3rC3KTxG ",
    "D3rC3KTxG\n",
    "é",
    "+1",
    "012",
    "1,5",
    ".5",
    "1.",
    "1e",
    "0x1",
    "NaN",
    "١",
]


@CHECKER.checks("date-time")
def _is_date_time(value):
    if not isinstance(value, str):
        return True
    if not DATE.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


def validator(file: str, definition: str) -> Draft4Validator:
    model = json.loads((FOLDER / file).read_text("utf-8"))
    definitions = copy.deepcopy(model["definitions"])
    if "Decimal" in definitions:
        definitions["Decimal"]["pattern"] = r"^-?(0|([1-9][0-9]*))(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z"
    for part in list(definitions.values()):
        _sharpen(part)
    return Draft4Validator({"$ref": f"#/definitions/{definition}", "definitions": definitions}, format_checker=CHECKER)


def _sharpen(schema: dict) -> None:
    if "properties" in schema:
        schema["additionalProperties"] = False
    number = schema.get("properties", {}).get("purchaseOrderNumber")
    if number is not None:
        number["pattern"] = r"^[a-zA-Z0-9]+\Z"
    for part in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        _sharpen(part)


def fullest(check: Draft4Validator, known: dict):
    """A valid body with every property there is; `known` gives values by property name."""
    return _fullest(check.schema, check, "", known)


def _fullest(schema, check, name, known):
    schema = resolved(schema, check)
    if name in known:
        return copy.deepcopy(known[name])
    if "properties" in schema:
        return {inner: _fullest(part, check, inner, known) for inner, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [_fullest(schema["items"], check, "", known)]
    plain = {"string": "text", "integer": 1, "boolean": False}[schema["type"]]
    if "enum" in schema:
        return schema["enum"][0]
    return {"date-time": "2026-12-01T10:00:00.5Z"}.get(schema.get("format"), "1.5" if "pattern" in schema else plain)


def resolved(schema, check):
    while "$ref" in schema:
        schema = check.schema["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema


def places(value, schema, check, path=()) -> Iterator[tuple]:
    """Every place of a body with its value and its schema."""
    schema = resolved(schema, check)
    yield path, value, schema
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(
            part, schema["properties"][key] if isinstance(key, str) else schema["items"], check, (*path, key)
        )


def with_value(body, path, value):
    """The body with one value changed; what lies beside it is shared."""
    if not path:
        return value
    changed = copy.copy(body)
    changed[path[0]] = with_value(body[path[0]] if path[0] in _keys(body) else None, path[1:], value)
    return changed


def without(body, path):
    changed = copy.copy(body)
    if len(path) == 1:
        del changed[path[0]]
    else:
        changed[path[0]] = without(body[path[0]], path[1:])
    return changed


def _keys(body):
    return body if isinstance(body, dict) else range(len(body))


def mutations(body, check) -> Iterator[tuple[str, object]]:
    """Every single change that might make a valid body invalid, with its description; not all of them do."""
    for path, value, schema in places(body, check.schema, check):
        where = "/" + "/".join(map(str, path))
        for wrong in [*WRONG, *_near(value, schema)]:
            yield f"{where} = {wrong!r}", with_value(body, path, wrong)
        if isinstance(value, dict):
            for name in value:
                yield f"{where} without {name}", without(body, (*path, name))
            for name in ("unknownProperty", "", *(_other_spelling(name) for name in value)):
                yield f"{where} with {name!r}", with_value(body, (*path, name), "x")


def _near(value, schema) -> list:
    if isinstance(value, list):
        return [value[0], [*value, None], [*value, 1], [value]]
    if isinstance(value, dict):
        return [[value], json.dumps(value)]
    near = [[value], str(value), {"value": value}]
    if isinstance(value, str):
        near += [spelt for word in schema.get("enum", [value]) for spelt in _spellings(word)]
        near += [*BAD_DATES, *BAD_TEXTS]
    return near


def _spellings(word: str) -> list[str]:
    return [word.lower(), word.upper(), word.title(), word.swapcase(), word + "x", word + " ", word[:-1]]


def _other_spelling(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower() if re.search("[A-Z]", name) else name.upper()
