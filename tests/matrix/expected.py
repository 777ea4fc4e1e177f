"""What `expected.yaml` says, and nothing else: this module imports nothing of what it judges."""

from pathlib import Path

import yaml

FILE = Path(__file__).with_name("expected.yaml")
KINDS = ("read", "submit", "login", "restrict")


class Expected:
    def __init__(self, text=None):
        said = yaml.safe_load(text or FILE.read_text("utf-8"))
        self._classes = said["classes"]
        self._faults = {name: row for group in said["faults"].values() for name, row in group.items()}
        self.groups = {group: tuple(rows) for group, rows in said["faults"].items()}
        self.exceptions = said["exceptions"]
        self._unknown = said["unknown"]
        self._ends = said["ends"]

    def class_of(self, operation, fault):
        """Give the class for an operation at a fault."""
        own = self.exceptions.get(operation.name, {})
        return own.get(fault) or self._faults[fault][KINDS.index(operation.kind)]

    def requests(self, name):
        return self._classes[name]["requests"]

    def then(self, name):
        return self._classes[name]["then"]

    def letter(self, name):
        return self._classes[name]["letter"]

    def letters(self):
        return {row["letter"]: name for name, row in reversed(self._classes.items())}

    def unknown(self, operation, happened):
        """Give what reading back shows of an unknown outcome."""
        rule = self._unknown[operation]
        return rule if isinstance(rule, str) else rule["applied" if happened else "not applied"]

    def ends(self, operation):
        """Give how a document ends where the first attempt was struck, and where the repeat was as well."""
        return self._ends[operation]
