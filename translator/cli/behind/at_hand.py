"""What the command line brings along: a mapping from wherever it lies, stored orders, the time, numbers, settings.

In trouble: Misconfigured, since it is the person's to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from translator.core.document import Tree
from translator.core.finding import Finding, Findings, Misconfigured, Place, errors, suggestion
from translator.mapping.extend import resolved
from translator.mapping.source import Source
from translator.mapping.spell import Line, spelled
from translator.translation import Translation, load, read_amazon


def loaded(path: Path, settings: Mapping[str, str]) -> Translation:
    """Load a mapping from wherever it lies: in a site's `mappings/<wms>/`, or alone with its tables beside it."""
    name, fetch = _site(path)
    return load(name, read(path), fetch, settings or None)


def written_out(path: Path) -> list[Line]:
    """Give a mapping as if everything it extends and uses were written out, line by line."""
    name, fetch = _site(path)
    findings = Findings()
    whole = resolved(read(path), Source(name, fetch, findings))
    if findings.failed:
        raise Misconfigured(errors(findings.found))
    return spelled(whole)


def _site(path: Path) -> tuple[str, Callable[[str], bytes | None]]:
    """Name a mapping, and say how the files of its site are fetched."""
    where = path.absolute()
    if where.parent.parent.name == "mappings":
        return f"{where.parent.name}/{where.name}", _in_site(where.parent.parent.parent)
    return where.name, _beside(where.parent)


def mapping_at(name: str, root: Path) -> Path:
    """Find a mapping: of the site by its name, `newark/orders.yaml`, or any file by its path. Raises Misconfigured."""
    top = root / "mappings"
    for path in (top / name, top / f"{name}.yaml", Path(name)):
        if path.is_file():
            return path
    known = [str(path.relative_to(top)) for path in sorted(top.glob("*/*.yaml"))]
    alike = [one for one in known if one.rpartition("/")[2] in (name, f"{name}.yaml")]
    listed = f"known here: {', '.join(known)}" if known else "NAME is newark/orders.yaml, or a path"
    hint = f"did you mean {' or '.join(alike)}?" if alike else suggestion(name, known) or listed
    raise Misconfigured([Finding("mapping-missing", f"no mapping '{name}'", hint=hint)])


def _in_site(root: Path) -> Callable[[str], bytes | None]:
    return lambda name: _bytes(root / name)


def _beside(folder: Path) -> Callable[[str], bytes | None]:
    def fetch(name: str) -> bytes | None:
        top, _, rest = name.partition("/")
        places = [folder / rest, folder / name]
        if top == "templates":
            places += [above / name for above in folder.parents]
        return next((data for place in places if (data := _bytes(place)) is not None), None)

    return fetch


def _bytes(path: Path) -> bytes | None:
    return read(path) if path.is_file() else None


def read(path: Path) -> bytes:
    """Read a file named on the command line."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> Misconfigured:
    """Say that a file named on the command line cannot be read."""
    return Misconfigured(
        [Finding("file-unreadable", f"it cannot be read: {(error.strerror or 'error').lower()}", Place(str(path)))]
    )


def unwritable(path: str, error: OSError) -> Misconfigured:
    """Say that a file cannot be written where the command line wants it."""
    return Misconfigured(
        [Finding("file-unwritable", f"it cannot be written: {(error.strerror or 'error').lower()}", Place(path))]
    )


def orders(paths: Sequence[Path]) -> dict[str, Tree]:
    """Read stored orders, each path a JSON file or a folder of them; give them by purchase order number.

    What has no number is passed over; what is no order at all raises Rejected.
    """
    return {str(tree.get("purchaseOrderNumber", "")): tree for path in paths for tree in _orders(path)}


def _orders(path: Path) -> Iterator[Tree]:
    for one in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
        for document in read_amazon("order", read(one), str(one)):
            yield document.tree


def moment(text: str) -> datetime:
    """Read --at; without a zone it is UTC; without a word it is now."""
    try:
        given = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError:
        raise Misconfigured([Finding("option-at", "--at is no time", hint="--at 2026-12-01T12:00:00Z")]) from None
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)


def zone(name: str) -> str:
    """Read --zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        hint = "an IANA name such as America/New_York"
        raise Misconfigured([Finding("option-zone", "--zone is no time zone", hint=hint)]) from None
    return name


def numbers(pairs: Mapping[str, str]) -> dict[str, int]:
    """Read --sequence."""
    return {name: _whole(name, text) for name, text in pairs.items()}


def _whole(name: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Misconfigured(
            [Finding("option-sequence", f"--sequence {name} wants a whole number", hint=f"--sequence {name}=1")]
        )
    return int(text)
