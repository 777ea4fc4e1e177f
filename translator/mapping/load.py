"""A mapping file out of its YAML text: read, completed with its tables and template, checked, hashed.

Raises Misconfigured with everything that is wrong, each with file, line and column. Reads nothing itself: companion
files come through `fetch`, what formats and document kinds know is handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, errors
from translator.mapping import lint, words
from translator.mapping.envelope import Envelopes
from translator.mapping.expression import Environment
from translator.mapping.extend import NONE, WHAT, resolved
from translator.mapping.fields import table_file
from translator.mapping.layout import Limits, MappingFile
from translator.mapping.lints.advice import Looked, Paths, advise
from translator.mapping.source import Fetch, Source
from translator.mapping.strict import Keys
from translator.mapping.tables import by_column, faults
from translator.mapping.top import Known, Options, format_options, mapping_file

MOST: Final = 1_000  # findings of one mapping: beyond, the rest of it is not looked at


def load(  # noqa: PLR0913 (one for each thing that formats and kinds know)
    data: bytes,
    name: str,
    *,
    fetch: Fetch,
    options: Options,
    environment: Environment,
    paths: Paths | None = None,
    limits: Mapping[str, Limits] | None = None,
    lenient: Collection[str] = (),
    envelopes: Envelopes = NONE,
) -> MappingFile:
    """Read one mapping file.

    `name`: under `mappings/`. `fetch` gives a file of a site (`mappings/newark/tables/carriers.csv`, `templates/…`), None:
    not there.
    `options`: those of each format. `paths`: the fields of each document kind, lists marked: `items[].title`.
    `limits`: how much is read at most, of each kind that says so. `lenient`: kinds that go on although something is missing.
    `envelopes`: of formats that bring headers and trailers.
    """
    findings = Findings(most=MOST)
    source = Source(name, fetch, findings)
    top = Keys(resolved(data, source, envelopes), findings, WHAT)
    top.known = (*words.names(words.TOP), *format_options(options, top))
    found = mapping_file(top, source, Known(options, tuple(paths or ()), limits or {}, envelopes))
    top.done(also=_formats_of(options))
    seen = lint.lint(found, environment, paths or {}, findings)
    tables = {asked: table for asked, rule in seen.tables if (table := table_file(asked, rule, source))}
    for asked, give, column, rule in seen.questions:
        findings.found.extend(faults(by_column(tables[asked], give, column), rule) if asked in tables else ())
    findings.found.extend(advise(_looked(found, seen, paths or {}, lenient)))
    told = sorted(dict.fromkeys(findings.found), key=_order)
    if findings.failed:
        raise Misconfigured(errors(told))
    return replace(
        found,
        tables=tables,
        notes=tuple(told),
        companions=tuple(sorted(source.used)),
        hash=_hash(name, data, source.used),
    )


def _formats_of(options: Options) -> dict[str, str]:
    """Say of each option which formats have it."""
    found: dict[str, list[str]] = {}
    for name, some in options.items():
        for option in some:
            found.setdefault(option.name, []).append(name)
    return {name: f"format: {' or '.join(some)}" for name, some in found.items()}


def _looked(found: MappingFile, seen: lint.Seen, paths: Paths, lenient: Collection[str]) -> Looked:
    return Looked(
        found, seen.origins, frozenset(seen.asked), paths, lenient, tuple(seen.expressions), tuple(seen.compared)
    )


def _order(finding: Finding) -> tuple[str, int, int]:
    place = finding.rule or Place()
    return place.file, place.line, place.column


def _hash(name: str, data: bytes, used: Mapping[str, bytes]) -> str:
    digest = sha256()
    for part, body in [(name, data), *sorted(used.items())]:
        digest.update(f"{len(part)} {len(body)} {part} ".encode())
        digest.update(body)
    return digest.hexdigest()
