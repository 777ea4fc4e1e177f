"""Read a site folder: `translator.yaml`, the mappings it lists, their tables and templates.

Everything wrong is collected and told at once (Misconfigured); a site that loads can run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

from translator.config.agreement import followed, place_in
from translator.config.assorting import alone_in, assorted
from translator.config.ground import contents, ground_of, top_of
from translator.config.routes import routes_of, sources_of
from translator.config.site import Site, System
from translator.core.finding import Finding, Findings, Misconfigured
from translator.instance import SITE
from translator.mapping.overlay import Alone, Laid, overlaid
from translator.mapping.strict import Entries, read_yaml
from translator.translation import Translation, load

Files = Callable[[str], bytes | None]


def read_site(root: Path, laid: Mapping[str, Sequence[Laid]] = MappingProxyType({})) -> Site:
    """Read and check a site folder. `laid`: rows over its tables, by their files. Raises Misconfigured with all findings."""
    seen: dict[str, bytes] = {}
    alone = _alone(root) if laid else {}

    def fetch(name: str) -> bytes | None:
        data, table = contents(root / name), name.removeprefix("mappings/")
        if data is not None and (rows := laid.get(table)):
            data = overlaid(data, rows, alone.get(table, ()))
        if data is not None:
            seen[name] = data
        return data

    return site_of(root, fetch, seen)


def _alone(root: Path) -> dict[str, Alone]:
    text = contents(root / SITE)
    return {} if text is None else alone_in(read_yaml(text, SITE))


def site_of(root: Path, fetch: Files, seen: Mapping[str, bytes]) -> Site:
    """Make a site of its files, wherever they lie. `seen`: what fetch has given so far, for the hash."""
    findings = Findings()
    top = top_of(root, fetch(SITE), findings)
    ground = ground_of(root, top)
    systems = assorted(ground.systems, top.entries, fetch, findings)
    translations = _translations(systems, top.entries, fetch, findings)
    ground = replace(ground, systems=followed(systems, translations, top.entries, findings))
    if findings.failed:
        raise Misconfigured([*dict.fromkeys(findings.found)])
    return Site(
        **{one.name: getattr(ground, one.name) for one in fields(ground)},
        translations=translations,
        files=dict(seen),
        hash=_hash(seen),
        sources=sources_of(ground.accounts, ground.systems),
        routes=routes_of(ground.accounts, ground.systems, translations),
        notes=tuple(findings.found),
    )


def _hash(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def _translations(
    systems: Mapping[str, System], site: Entries, fetch: Files, findings: Findings
) -> dict[str, Translation]:
    found: dict[str, Translation] = {}
    for system in systems.values():
        for (word, folder), mapping in _names(system):
            name = f"{system.name}/{mapping}"
            try:
                text = fetch(f"mappings/{name}")
                if text is None:
                    rule = place_in(site, "wms", system.name, word, folder, mapping)
                    hint = "is its name as the file has it? mappings lie in the folder of their warehouse system"
                    findings.add(Finding("mapping-missing", f"no file mappings/{name}", rule=rule, hint=hint))
                    continue
                found[name] = load(name, text, fetch, system.settings)
            except Misconfigured as error:
                findings.found.extend(error.findings)
    return found


def _names(system: System) -> list[tuple[tuple[str, str], str]]:
    """Give the mappings of a system, each with the word and the folder under which it is listed first."""
    first: dict[str, tuple[str, str]] = {}
    for word, folders in (("to", system.to), ("from", system.from_)):
        for folder, one in folders.items():
            for name in one.mappings:
                first.setdefault(name, (word, folder))
    return [(where, name) for name, where in first.items()]
