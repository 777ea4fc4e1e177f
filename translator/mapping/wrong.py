"""A value that does not fit its field: raised by conversions, made a finding where the places are known."""

from __future__ import annotations

from translator.core.finding import Finding, Place


class Wrong(ValueError):
    """One value is wrong: a stable code, a sentence that holds no personal value, a hint."""

    def __init__(self, code: str, text: str, hint: str = "") -> None:
        self.code = code
        self.text = text
        self.hint = hint
        super().__init__(text)

    def finding(self, data: Place | None = None, rule: Place | None = None) -> Finding:
        """Give it as a finding with its places."""
        return Finding(self.code, self.text, data, rule, self.hint)
