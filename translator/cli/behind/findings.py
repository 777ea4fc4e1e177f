"""Findings for people and for GitHub: the line of the mapping they are about, with a caret under the place.

A file a finding names is looked for in the site, and beside the mapping; one that is not there is not shown. Nor is a
line of `translator.yaml`: a secret may have been written into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.core.finding import Finding, Place, Severity

WIDE: Final = 110  # columns of a source line that are shown
LONGEST: Final = 1_000_000  # bytes; a longer file is not looked into
_WORD: Final = re.compile(r"[\w.@/*-]+|\S")
_SITE: Final = "translator.yaml"
_GITHUB: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the files lie that findings name: the folder of a site, the folder of a mapping."""

    folders: tuple[Path, ...] = ()
    always: bool = False  # also where the finding has a place in the data

    def path(self, name: str) -> Path | None:
        """Find a file by the name a finding gives it."""
        if not name or ".." in Path(name).parts:
            return None
        tops = [top for folder in self.folders for top in (folder, folder / "mappings", folder / "templates")]
        found = next((top / name for top in tops if (top / name).is_file()), None)
        return found or self._only(name)

    def _only(self, name: str) -> Path | None:
        """Find a table, which is named without its warehouse system, where there is one of that name only."""
        found = [path for folder in self.folders for path in (folder / "mappings").glob(f"*/{name}") if path.is_file()]
        return found[0] if len(found) == 1 else None

    def line(self, place: Place) -> str:
        """Give the line a place is in; empty: it is not at hand."""
        path = self.path(place.file) if place.line and place.file != _SITE else None
        if path is None or path.stat().st_size > LONGEST:
            return ""
        lines = path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
        return lines[place.line - 1].rstrip("\r") if place.line <= len(lines) else ""


def sources_of(root: Path | None, mapping: Path | None = None) -> Sources:
    """Look in a site, and where a mapping lies: in its own folder, or in `mappings/<wms>/` of its site."""
    beside = mapping.absolute().parent if mapping else None
    site = [beside.parent.parent] if beside and beside.parent.name == "mappings" else []
    return Sources(tuple(folder for folder in (beside, *site, root) if folder is not None))


def caret(finding: Finding, sources: Sources) -> list[str]:
    """Give the line of the mapping and a caret under the place; nothing where it is not known."""
    place = finding.rule
    line = sources.line(place) if place else ""
    if place is None or not line.strip():
        return []
    start = min(max(0, place.column - 1), len(line))
    word = _WORD.match(line, start)
    width = word.end() - word.start() if word else 1
    begin = max(0, start - WIDE // 2) if len(line) > WIDE else 0
    shown = line[begin : begin + WIDE].replace("\t", " ").rstrip()
    gutter = f"{place.line:>6} | "
    if not place.column:
        return [gutter + shown]
    mark = ("^" + "~" * (width - 1))[: max(1, WIDE - (start - begin))]
    return [gutter + shown, f"{'':>6} | {'':>{start - begin}}{mark}"]


def github(finding: Finding, sources: Sources) -> str:
    """Give the finding as a workflow command of GitHub, which shows it beside the line."""
    place = finding.rule or finding.data or Place()
    path = sources.path(place.file)
    words = {"file": _relative(path) if path else place.file, "line": place.line, "col": place.column}
    given = ",".join(f"{name}={_property(str(value))}" for name, value in words.items() if value)
    title = f"{',' if given else ''}title={_property(finding.code)}"
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"::{_GITHUB[finding.severity]} {given}{title}::{_escaped(finding.text + hint)}"


def _relative(path: Path) -> str:
    here = Path.cwd()
    return path.absolute().relative_to(here).as_posix() if path.absolute().is_relative_to(here) else str(path)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
