"""A mapping tried on a sample, with the world frozen: what preview shows and explain asks.

Without a sample, one of the mapping's own is taken, else one of the site's that fits, else one that came with the
program. Orders a file is about and nobody gave are assumed, so that its picture can be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from translator.cli import presets
from translator.cli.behind import at_hand
from translator.cli.behind.given import AT, given_for
from translator.cli.behind.samples import TOP, Sample
from translator.cli.behind.translate import Given, documents_in, in_order, payloads_of
from translator.core.document import Document, Tree
from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, Severity, suggestion
from translator.documents.kind import kinds
from translator.mapping.context import Context
from translator.translation import TracedFile, TracedRead, Translation, batches, trace_read, trace_written

_MOST: Final = 20  # samples that are looked into for one that fits


@dataclass(frozen=True, slots=True)
class Source:
    """What goes in: a file, or several that are read together. `folder`: the sample they stand in, if any."""

    files: tuple[tuple[str, bytes], ...]
    folder: Path | None = None

    @property
    def name(self) -> str:
        """Name the first file."""
        return self.files[0][0]

    @property
    def data(self) -> bytes:
        """Give the first file."""
        return self.files[0][1]


@dataclass(slots=True)
class Trial:
    """What came of it. Of a writing mapping the files with the documents in them, of a reading one what was read."""

    translation: Translation
    source: Source
    findings: list[Finding] = field(default_factory=list)
    files: list[tuple[TracedFile, list[Document]]] = field(default_factory=list)
    read: TracedRead | None = None
    payloads: list[dict[str, Any]] = field(default_factory=list)


def tried(translation: Translation, source: Source, given: Given) -> Trial:
    """Try a mapping on a sample; what is wrong with the data is among the findings."""
    trial = Trial(translation, source)
    try:
        _try_writing(trial, given) if translation.file.direction == "writes" else _try_reading(trial, given)
    except Rejected as error:
        trial.findings.extend(error.findings)
    trial.findings[:] = dict.fromkeys(trial.findings)
    return trial


def _try_writing(trial: Trial, given: Given) -> None:
    kind = kinds()[trial.translation.file.kinds[0]]
    documents = []
    for document in documents_in(kind, trial.source.data, trial.source.name):
        trial.findings.extend(document.findings)
        documents += [] if document.rejected else [document]
    context = given.context()
    for places in batches(trial.translation, documents):
        group = [documents[place] for place in places]
        found = Findings()
        trial.files += [(file, group) for file in trace_written(trial.translation, group, context, found)]
        trial.findings.extend(found.found)


def _try_reading(trial: Trial, given: Given) -> None:
    found, files = Findings(), trial.source.files
    trial.read = trace_read(trial.translation, files, _Assuming(given.context()))
    trial.payloads = payloads_of(trial.translation, [(name, [data]) for name, data in files], given, found)
    trial.findings.extend(found.found)


@dataclass(frozen=True, slots=True)
class _Assuming:
    """A context that knows every order: one that nobody gave has its number and nothing else."""

    inner: Context

    def now(self) -> datetime:
        return self.inner.now()

    def number(self, name: str) -> int:
        return self.inner.number(name)

    def order(self, by: str, value: str) -> Tree | None:
        return self.inner.order(by, value) or {"purchaseOrderNumber": value}

    def partner(self) -> Mapping[str, str]:
        return self.inner.partner()

    def zone(self, warehouse: str) -> str:
        return self.inner.zone(warehouse)


# --- what goes in ----------------------------------------------------------------------------------------------------


def world_of(mapping: Path, source: Source, said: Callable[[Given], Given]) -> Given:
    """Give the world for a sample: what `given.yaml` tells, and over it what the command line said."""
    site = _site(mapping)
    if source.folder is not None and TOP in source.folder.parts:
        at = len(source.folder.parts) - source.folder.parts[::-1].index(TOP)
        return said(given_for(source.folder, Path(*source.folder.parts[:at]), mapping.absolute().parent.name))
    if site is not None:
        return said(given_for(site / TOP, site / TOP, mapping.absolute().parent.name))
    return said(Given(AT))


def source_for(mapping: Path, translation: Translation, named: Path | None) -> Source:
    """Find what goes in: the file that was named, else a sample that fits. Raises Misconfigured where there is none."""
    if named is not None:
        return _named(sample_at(mapping, named), translation)
    found = next(_fitting(mapping, translation), None)
    if found is None:
        what = "an order as JSON" if translation.file.direction == "writes" else "a file of the warehouse system"
        text = f"there is no sample for {translation.file.name}: name {what}"
        hint = f"or put one into {TOP}/{translation.file.name.removesuffix('.yaml')}/first/"
        raise Misconfigured([Finding("sample-missing", text, rule=translation.file.rule, hint=hint)])
    return found


def sample_at(mapping: Path, named: Path) -> Path:
    """Find what a person names: a file, a folder, or a sample of the mapping by its name. Raises Misconfigured."""
    own = _own(mapping)
    found = own / named if own else named
    if named.exists() or found.is_dir():
        return named if named.exists() else found
    names = [path.name for path in sorted(own.iterdir()) if path.is_dir()] if own and own.is_dir() else []
    hint = suggestion(named.name, names) or (f"its samples: {', '.join(names[:12])}" if names else "")
    raise Misconfigured(
        [Finding("sample-missing", "there is no such file, and no sample of that name", Place(str(named)), hint=hint)]
    )


def source_of(sample: Sample, translation: Translation) -> Source:
    """Give what goes in of a sample."""
    return Source(tuple(in_order(translation, sample.sources())), sample.folder)


def _named(path: Path, translation: Translation) -> Source:
    """Take a file, or all files of a folder: a set that is read together."""
    whole = path.absolute()
    folder = whole.parent if _is_sample(whole.parent) else None
    if not path.is_dir():
        return Source(((path.name, at_hand.read(path)),), folder)
    if _is_sample(whole):
        return source_of(Sample(whole), translation)
    files = [(one.name, one.read_bytes()) for one in sorted(path.iterdir()) if one.is_file()]
    if not files:
        raise Misconfigured([Finding("sample-missing", "no file is in it", Place(str(path)))])
    return Source(tuple(in_order(translation, files)), folder)


def _is_sample(folder: Path) -> bool:
    return len(folder.parts) > 3 and folder.parts[-4] == TOP


def _site(mapping: Path) -> Path | None:
    beside = mapping.absolute().parent
    return beside.parent.parent if beside.parent.name == "mappings" else None


def _own(mapping: Path) -> Path | None:
    """Give the folder of the mapping's own samples."""
    site = _site(mapping)
    return site / TOP / mapping.absolute().parent.name / mapping.stem if site else None


def _fitting(mapping: Path, translation: Translation) -> Iterator[Source]:
    site, own = _site(mapping), _own(mapping)
    if own and own.is_dir():
        samples = [
            Sample(path.parent.absolute()) for path in _good([*sorted(own.glob("*/in.*")), *sorted(own.glob("*/in"))])
        ]
        yield from (source_of(one, translation) for one in samples)
    if translation.file.direction == "reads":
        return
    kind = translation.file.kinds[0]
    like = f"/{mapping.stem}/"
    paths = sorted((site / TOP).rglob("in.json"), key=lambda path: _preferred(path.as_posix(), like)) if site else []
    others = (Source(((path.name, path.read_bytes()),), path.parent.absolute()) for path in _good(paths)[:_MOST])
    yield from (one for one in others if _fits(kind, one))
    for preset in presets.names():
        files = presets.samples(preset)
        names = sorted((name for name in files if name.endswith("/in.json")), key=lambda name: _preferred(name, like))
        with_it = (Source(((name.rpartition("/")[2], files[name]),)) for name in names)
        yield from (one for one in with_it if _fits(kind, one))


def _preferred(path: str, like: str) -> tuple[bool, bool, str]:
    """Order samples: those of mappings of the same name first; an order of two lines shows most."""
    return like not in path, "two-lines" not in path, path


def _good(paths: list[Path]) -> list[Path]:
    """Put those samples first of which nothing is said, and last those of which something is refused."""
    return sorted(paths, key=lambda path: _worst(Sample(path.parent).wanted_words()))


def _worst(words: str) -> int:
    """Tell how bad it is what stands there as what should be said: 0 nothing, 1 a remark, 2 an error."""
    return 2 if f": {Severity.ERROR} " in words else int(bool(words))


def _fits(kind: str, source: Source) -> bool:
    """Tell whether a sample holds documents of a kind, and nothing is wrong with them."""
    try:
        found = documents_in(kinds()[kind], source.data, source.name)
    except (Rejected, AttributeError, TypeError, KeyError):
        return False
    return bool(found) and not any(one.rejected or any(map(_told, one.findings)) for one in found)


def _told(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO
