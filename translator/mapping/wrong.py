"""A value that does not fit its field: raised by conversions, made a finding where the places are known."""

from __future__ import annotations

from typing import Final

from translator.core.finding import Finding, Place
from translator.core.private import shown

VALUE: Final = "{}"


class Wrong(ValueError):
    """One value is wrong: a stable code, a sentence, a hint.

    `{}` in the sentence is where the value is shown: only where a field says that it is a number, a date or a code.
    Elsewhere, as in an expression about who knows what, `bare` is the sentence without it.
    """

    def __init__(self, code: str, text: str, hint: str = "", *, value: object = None) -> None:
        self.code = code
        self.text = text if value is None else text.replace(VALUE, shown(value))
        self.bare = text if value is None else text.replace(VALUE, "the value")
        self.hint = hint
        super().__init__(self.text)

    def finding(self, data: Place | None = None, rule: Place | None = None, *, bare: bool = False) -> Finding:
        """Give it as a finding with its places; `bare`: without the value."""
        return Finding(self.code, self.bare if bare else self.text, data, rule, self.hint)
