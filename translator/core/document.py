"""A business document as a value: the hub between N formats on one side and Amazon on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from translator.core.finding import Finding, Place, errors

Tree = dict[str, Any]  # Amazon's names on the wire; text, int, Decimal, bool, lists and mappings; never null or empty


class Document(Struct, frozen=True):  # a long file gives very many: a dataclass takes four times as long to make
    """One order, acknowledgement, shipment confirmation…, as its sender said it or as completed.

    `about` is the purchase order number it is about ("" for none). `records` are the places it was read from.
    `kept` are values a mapping asked to remember with it. An error among `findings` means: rejected.
    """

    kind: str
    tree: Tree
    about: str = ""
    records: Sequence[Place] = ()
    findings: tuple[Finding, ...] = ()
    kept: Mapping[str, str] = {}
    awaits: str = ""  # the order it is about is not known: its number, or what was asked
    asked: str = ""  # what its sender calls the order it is about: its number, or another value of it

    def completed(self, tree: Tree, findings: Iterable[Finding]) -> Document:
        """Give it with what was filled in, and what was found by that."""
        found = (*self.findings, *findings)
        return Document(self.kind, tree, self.about, self.records, found, self.kept, self.awaits, self.asked)

    def but(self, **changes: Any) -> Document:
        """Give it with some of it otherwise."""
        return replace(self, **changes)

    @property
    def rejected(self) -> bool:
        """Tell whether it cannot go on."""
        return bool(errors(self.findings))


@dataclass(frozen=True, slots=True)
class File:
    """A file or an API body to be sent: its name and its exact bytes."""

    name: str
    data: bytes
    media: str = "application/octet-stream"


def sign(kind: str, account: str, key: str, fact: str) -> str:
    """Name a fact that others wait for: `order us D3rC known`."""
    return f"{kind} {account} {key} {fact}"
