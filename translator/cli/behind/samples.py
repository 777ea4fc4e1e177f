"""Samples: folders that show what a mapping makes of a file, and hold it to that.

`samples/<wms>/<mapping>/<what it shows>/` holds `in.*` (documents as JSON, or a file of the WMS; `in/` for several that
are read together) and, as they come out,
`out.*` (the file, or the payloads as JSON) or `out/` (several files, by their names), and `findings.txt`. `stored/`:
orders to complete from. `given.yaml`: the time, numbers, settings. `why.md`: what a reader should see.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.cli.behind.given import given_for
from translator.cli.behind.translate import files_of, in_order, payloads_of
from translator.cli.behind.visible import difference
from translator.core import jsontext
from translator.core.document import File
from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected
from translator.mapping.layout import MappingFile
from translator.translation import Translation

TOP: Final = "samples"
FINDINGS: Final = "findings.txt"
_COPIES: Final = ("~", ".bak", ".orig", ".swp")  # what editors leave beside a file
_ENDINGS: Final = {
    "csv": ".csv", "xml": ".xml", "json": ".json", "x12": ".edi", "edifact": ".edi", "tradacoms": ".edi",
}  # fmt: skip

Files = dict[str, bytes]  # by their names in the sample's folder: `out.csv`, `out/H.csv`


@dataclass(frozen=True, slots=True)
class Sample:
    """One folder."""

    folder: Path

    @property
    def name(self) -> str:
        """Name it below `samples`."""
        return "/".join(self.folder.parts[-3:])

    @property
    def system(self) -> str:
        """Name the warehouse system."""
        return self.folder.parts[-3]

    @property
    def top(self) -> Path:
        """Give the folder `samples`."""
        return self.folder.parents[2]

    @property
    def mapping(self) -> Path:
        """Give the file of its mapping."""
        return self.top.parent / "mappings" / self.system / f"{self.folder.parent.name}.yaml"

    def sources(self) -> list[tuple[str, bytes]]:
        """Give what goes in: files by their names. Raises Misconfigured where one could be taken for another."""
        paths = sorted(path for path in self.folder.glob("in.*") if not path.name.endswith(_COPIES))
        if len(paths) > 1:
            text = f"several files go in: {', '.join(path.name for path in paths)}"
            hint = "keep one of them; files that belong together stand in a folder `in`"
            raise Misconfigured([Finding("sample-ambiguous", text, Place(str(self.folder)), hint=hint)])
        paths = paths or sorted((self.folder / "in").glob("*"))
        return [(path.name, path.read_bytes()) for path in paths]

    def wanted(self) -> Files:
        """Give what stands in the folder as what should come out."""
        paths = [*sorted(self.folder.glob("out.*")), *sorted((self.folder / "out").glob("*"))]
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    def wanted_words(self) -> str:
        """Give what should be said."""
        path = self.folder / FINDINGS
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def renamed_words(self) -> str:
        """Give what should be said, with this system's name for the one that the folders had when it was written."""
        words = self.wanted_words()
        found = re.search(rf"(?<![\w./-])([\w.-]+)/{re.escape(self.mapping.name)}:", words)
        return re.sub(rf"(?<![\w./-]){re.escape(found[1])}/", f"{self.system}/", words) if found else words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sample came to."""

    sample: Sample
    mapping: MappingFile
    files: Files
    findings: tuple[Finding, ...]
    words: str  # the findings, a line each

    @property
    def same(self) -> bool:
        """Tell whether all came out as it stands there."""
        return self.files == self.sample.wanted() and self.said

    @property
    def said(self) -> bool:
        """Tell whether all was said, whatever the folder of the mapping was called when that was written."""
        return self.words in (self.sample.wanted_words(), self.sample.renamed_words())

    @property
    def new(self) -> bool:
        """Tell a sample that nothing stands in yet but what goes in."""
        return not self.sample.wanted() and not self.sample.wanted_words()


def samples_in(folder: Path) -> list[Sample]:
    """Find samples: in a site, in its `samples`, in any folder below, or the one folder. Raises Misconfigured."""
    whole = folder.absolute()
    if TOP not in whole.parts or (whole / TOP).is_dir():
        whole /= TOP
    folders = {source.parent for pattern in ("in.*", "in") for source in whole.rglob(pattern)}
    found = [Sample(path) for path in sorted(folders) if _is_sample(path)]
    if not found:
        hint = f"{TOP}/newark/orders/one-line/in.json beside mappings/newark/orders.yaml"
        raise Misconfigured([Finding("samples-missing", "no sample is there", Place(str(folder)), hint=hint)])
    return found


def _is_sample(path: Path) -> bool:
    return len(path.parts) > 3 and path.parts[-4] == TOP


def run(sample: Sample, translation: Translation) -> Outcome:
    """Translate what goes in. Raises Misconfigured where what is given is wrong."""
    found = Findings()
    try:
        files = _made(sample, translation, found)
    except Rejected as error:
        found.found.extend(error.findings)
        files = {}
    words = "".join(f"{finding}\n" for finding in found.found).replace(str(sample.folder), ".")
    return Outcome(sample, translation.file, files, tuple(found.found), words)


def _made(sample: Sample, translation: Translation, found: Findings) -> Files:
    given = given_for(sample.folder, sample.top, sample.system)
    sources = in_order(translation, sample.sources())
    if translation.file.direction == "reads":
        tree = payloads_of(translation, [(name, [data]) for name, data in sources], given, found)
        return {"out.json": (jsontext.pretty(tree) + "\n").encode()}
    (name, data), *_ = sources
    return _named(files_of(translation, data, name, given, found), translation)


def _named(files: list[File], translation: Translation) -> Files:
    if len(files) == 1:
        ending = Path(files[0].name).suffix.lower() or _ENDINGS.get(translation.file.format, ".txt")
        return {f"out{ending}": files[0].data}
    return {f"out/{file.name}": file.data for file in files}


def accept(outcome: Outcome) -> None:
    """Write what came out into the sample's folder, in place of what stood there."""
    folder = outcome.sample.folder
    for old in outcome.sample.wanted():
        (folder / old).unlink()
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / FINDINGS).unlink(missing_ok=True)
    for name, data in _writable(outcome):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


def _writable(outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    from translator.endpoints.publish import checked

    for name, data in outcome.files.items():
        top, _, own = name.partition("/")
        yield (f"{top}/{checked(own)}" if own else name), data
    if outcome.words:
        yield FINDINGS, outcome.words.encode()


def differences(outcome: Outcome) -> Iterator[str]:
    """Show how what came out differs from what stands there: files byte for byte, then what is said."""
    wanted = outcome.sample.wanted()
    for name in dict.fromkeys([*wanted, *outcome.files]):
        if name not in outcome.files:
            yield f"  {name} did not come out"
        elif name not in wanted:
            yield f"  {name} is not there; this came out:"
            yield from _difference(name, b"", outcome)
        elif wanted[name] != outcome.files[name]:
            yield f"  {name}: - is what stands there, + is what came out"
            yield from _difference(name, wanted[name], outcome)
    words = outcome.words.splitlines()
    said = words if outcome.said else outcome.sample.wanted_words().splitlines()
    yield from (f"  no longer said: {line}" for line in said if line not in words)
    yield from (f"  now said: {line}" for line in words if line not in said)
    if sorted(said) == sorted(words) and said != words:
        yield "  the same is said, in another order"


def _difference(name: str, wanted: bytes, outcome: Outcome) -> list[str]:
    file = outcome.mapping
    newline = file.options.get("newline", "any") if file.direction == "writes" else "any"
    return difference(wanted, outcome.files[name], _charset(name, file), fixed=_is_fixed(file), newline=newline)


def _is_fixed(file: MappingFile) -> bool:
    return file.format == "fixed" and file.direction == "writes"


def _charset(name: str, file: MappingFile) -> str:
    return "utf-8" if file.direction == "reads" else file.options.get("charset") or "utf-8"
