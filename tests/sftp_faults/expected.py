"""What `expected.yaml` says, and nothing else: this module imports nothing of what it judges."""

from pathlib import Path

import yaml

FILE = Path(__file__).with_name("expected.yaml")


class Expected:
    def __init__(self, text=None):
        said = yaml.safe_load(text or FILE.read_text("utf-8"))
        self.classes = said["classes"]
        self.faults = said["faults"]
        self.phases = said["phases"]
        self.rows = said["rows"]
        self._exceptions = said["exceptions"]

    def class_of(self, flow, step, fault, personality, mid):
        """Give the class of a first attempt that is struck at this step."""
        for rule in self._exceptions:
            if self._fits(rule, flow, step, fault, personality, mid):
                return rule["class"]
        row = self.rows[flow].get(step)
        return row[self.faults.index(fault)] if row else "a step that is expected"

    def _fits(self, rule, flow, step, fault, personality, mid):
        asked = {"flow": flow, "step": step, "fault": fault, "personality": personality, "mid": mid}
        return all(asked[name] in (value if isinstance(value, list) else [value]) for name, value in rule["at"].items())

    def of_phase(self, flow):
        """Give the class of a first attempt that is struck while connecting."""
        return self.phases[flow]

    def letter(self, name):
        return self.classes[name]
