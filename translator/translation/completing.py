"""Documents completed from what is stored, checked by Amazon's rules, and as Amazon takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Place, errors
from translator.documents.kind import Asked, kinds
from translator.translation.columns import column, turn
from translator.translation.compiled import Translation


def placed(
    findings: Iterable[Finding], document: Document, name: str = "", by: Translation | None = None
) -> tuple[Finding, ...]:
    """Say where in its file each finding about a document is, as far as its records tell.

    `name`: its file, unread. `by`: the mapping that read it, which knows the field.
    """
    return tuple(_placed(finding, document, name, by) for finding in findings)


def _placed(finding: Finding, document: Document, name: str, by: Translation | None) -> Finding:
    data = finding.data or Place()
    if data.file or not (document.records or name):
        return finding
    if not document.records:
        return replace(finding, data=replace(data, file=name, record=data.record or document.about))
    place = document.records[turn(document, data.path)]
    field = data.field or (column(by, document.kind, data.path) if by else "")
    there = replace(data, file=place.file, line=place.line, record=data.record or place.record, field=field)
    return replace(finding, data=there)


def complete(document: Document, asked: Asked) -> Document:
    """Fill what the sender left out from what is stored, and check it by Amazon's rules."""
    kind = kinds()[document.kind]
    plain = kind.plainly(document, asked) if kind.plainly else None
    if plain is not None:
        return plain
    made = kind.complete(document, asked) if kind.complete else document
    if errors(made.findings) or kind.check is None:
        return made
    found = tuple(kind.check(made.tree))
    if not found:
        return made
    return Document(made.kind, made.tree, made.about, made.records, (*made.findings, *found), made.kept)


def payload(document: Document) -> Tree:
    """Give a completed document as Amazon takes it: operation, path and body."""
    operation = kinds()[document.kind].operation
    if operation is None or operation.body is None:
        raise LookupError(document.kind)
    path = operation.path_of(document.tree) if operation.path_of else operation.path
    return {"operation": operation.name, "path": path, "body": operation.body([document.tree])}


def unknown_order(document: Document) -> Finding:
    """Say that an order is not known."""
    hint = "is it an order of this account, sent to this warehouse?"
    return Finding(
        "unknown-order", f"order {document.awaits} is not known", next(iter(document.records), None), None, hint
    )
