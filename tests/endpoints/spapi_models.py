"""Amazon's operations as its models say them, read where they lie (the project carries no copy)."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

import pytest
from jsonschema import Draft4Validator

from tests.simulator.models import CHECKER, FOLDER, MISSING

needs_models = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)
VERBS = ("get", "post")


@dataclass(frozen=True)
class Model:
    """One operation in one version."""

    file: str
    name: str
    version: str
    method: str
    path: str
    said: dict

    @property
    def key(self):
        return f"{self.name}.{self.version}"

    @cached_property
    def _definitions(self):
        return json.loads((FOLDER / self.file).read_text("utf-8"))["definitions"]

    def faults(self, schema, value):
        whole = dict(schema) | {"definitions": self._definitions}
        return [error.message for error in Draft4Validator(whole, format_checker=CHECKER).iter_errors(value)]

    def parameters(self, place):
        return {one["name"]: one for one in self.said["parameters"] if one["in"] == place}

    def body_faults(self, body):
        return self.faults(self.parameters("body")["body"]["schema"], body)

    def answer_faults(self, status, body):
        return self.faults(self.said["responses"][str(status)]["schema"], body)

    def needed(self, value, schema):
        """The value without all that its schema does not ask for."""
        while "$ref" in schema:
            schema = self._definitions[schema["$ref"].rpartition("/")[2]]
        if isinstance(value, list):
            return [self.needed(one, schema["items"]) for one in value]
        if not isinstance(value, dict):
            return value
        if "payload" in value and "payload" not in schema.get("properties", {}):
            return {"payload": self.needed(value["payload"], schema)}
        kept = set(schema.get("required", ())) | {"payload"}
        lists = {name for name, part in schema.get("properties", {}).items() if part.get("type") == "array"}
        known = schema.get("properties", {})
        return {
            name: self.needed(one, known[name]) for name, one in value.items() if name in (kept | lists) & set(known)
        }


def models():
    """Every operation in every version."""
    found = []
    for file in sorted(FOLDER.glob("*.json")):
        for path, verbs in json.loads(file.read_text("utf-8"))["paths"].items():
            version = re.search(r"/(v1|\d{4}-\d\d-\d\d)/", path)[1]
            for verb in VERBS:
                if verb in verbs:
                    said = verbs[verb]
                    found.append(Model(file.name, said["operationId"], version, verb.upper(), path, said))
    return found


def examples():
    """Every example answer: operation and version, status, body, and what was asked for."""
    for file in sorted((FOLDER / "examples").glob("*.json")):
        said = json.loads(file.read_text("utf-8"))
        operation, version = re.match(r"(\w+)\.(v1|v\d{4}-\d\d-\d\d)-", file.stem).groups()
        key = f"{operation}.{version if version == 'v1' else version[1:]}"
        yield file.stem, key, said["response"]["status"], said["response"]["body"]
