"""What must agree across a site: names, folders, warehouses, who writes what, and who acknowledges.

Each key may be right alone and wrong beside another. Nothing is chosen silently: it is told, with its line.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from translator.config.routes import acknowledges, brought, operations
from translator.config.site import Account, Into, LocalPlace, OutOf, System, When
from translator.core.finding import Finding, Findings, Place, Severity
from translator.documents.acknowledgement import CODES
from translator.mapping.strict import Entries, Items, Node, Scalar
from translator.translation import Translation

Translations = Mapping[str, Translation]


def agree(accounts: Mapping[str, Account], systems: Mapping[str, System], site: Node, findings: Findings) -> None:
    """Tell what does not agree within `translator.yaml`."""
    wms = _wms(site)
    _environments(accounts, site, findings)
    _names(accounts, systems, wms, findings)
    _warehouses(systems, wms, findings)
    _folders(systems, wms, findings)
    _refusals(systems, wms, findings)


def followed(
    systems: Mapping[str, System], translations: Translations, site: Node, findings: Findings
) -> dict[str, System]:
    """Tell what does not agree with the mappings; give the systems with what follows from those where it is not said."""
    wms = _wms(site)
    _directions(systems, translations, wms, findings)
    _ways(systems, translations, wms, findings)
    _writers(systems, translations, wms, findings)
    _labels(systems, translations, wms, findings)
    return {name: _followed(one, translations, wms, findings) for name, one in systems.items()}


def _wms(site: Node) -> Node | None:
    return site.get("wms") if isinstance(site, Entries) else None


def _followed(system: System, translations: Translations, wms: Node | None, findings: Findings) -> System:
    return replace(
        system,
        when=_when(system, translations, wms, findings),
        label=replace(system.label, boxes=_boxes(system, translations, wms, findings)),
        carrier=_carrier(system, translations, wms, findings),
    )


def _environments(accounts: Mapping[str, Account], site: Node, findings: Findings) -> None:
    """One ledger holds the orders of one Amazon: invented ones and real ones never mix."""
    first = next(iter(accounts.values()), None)
    for account in accounts.values():
        if first and account.environment != first.environment:
            text = f"{account.name} is at {account.environment}, {first.name} at {first.environment}"
            hint = "give each a site, and so a ledger, of its own"
            findings.add(Finding("site-environment", text, rule=place_in(site, "amazon", account.name), hint=hint))


def _names(
    accounts: Mapping[str, Account], systems: Mapping[str, System], wms: Node | None, findings: Findings
) -> None:
    """A place is named `us/orders`, whether it is an account's or a system's."""
    for name in (name for name in systems if name in accounts):
        hint = "give the warehouse system a name of its own"
        findings.add(Finding("site-name", f"'{name}' is an account, too", rule=place_in(wms, name), hint=hint))


def _warehouses(systems: Mapping[str, System], wms: Node | None, findings: Findings) -> None:
    owner: dict[tuple[str, str], str] = {}
    for system in systems.values():
        for warehouse in system.warehouses:
            first = owner.setdefault((system.account, warehouse), system.name)
            if first != system.name:
                text = f"{warehouse} belongs to {first} and to {system.name}"
                rule = place_in(wms, system.name, "warehouses", warehouse)
                findings.add(Finding("site-warehouse", text, rule=rule))


def _folders(systems: Mapping[str, System], wms: Node | None, findings: Findings) -> None:
    """What is read out of a folder is nobody else's: neither read twice, nor what we wrote there ourselves."""
    owner: dict[tuple[str, ...], str] = {}
    for system in systems.values():
        for folder, into in system.to.items():
            owner.setdefault(_lies(system, folder), f"'to' of {system.name}")
            if into.mode is not None and not isinstance(system.place, LocalPlace):
                text = "'mode' is for folders of this machine: on a server its owner says who may read"
                findings.add(Finding("file-mode", text, rule=place_in(wms, system.name, "to", folder)))
    for system in systems.values():
        for folder in system.from_:
            first = owner.setdefault(_lies(system, folder), mine := f"'from' of {system.name}: {folder}")
            if first != mine:
                text = f"the folder {folder} is listed under {first.partition(': ')[0]}, too"
                findings.add(Finding("site-folder", text, rule=place_in(wms, system.name, "from", folder)))


def _lies(system: System, folder: str) -> tuple[str, ...]:
    """Name the folder by where it is, since two systems may share a place."""
    place = system.place
    if isinstance(place, LocalPlace):
        return (posixpath.normpath(str(place.root / folder)),)
    server = place.server
    return (server.host, str(server.port), server.user, posixpath.normpath(posixpath.join(place.root, folder)))


def _directions(
    systems: Mapping[str, System], translations: Translations, wms: Node | None, findings: Findings
) -> None:
    for system in systems.values():
        for folders, direction, word in ((system.to, "writes", "to"), (system.from_, "reads", "from")):
            for folder, mapping, made in _made(system, folders, translations):
                if made.file.direction != direction:
                    text = f"{mapping} {made.file.direction}, but is listed under '{word}' of {system.name}"
                    hint = f"list it under '{'from' if word == 'to' else 'to'}'"
                    rule = place_in(wms, system.name, word, folder, mapping)
                    findings.add(Finding("site-direction", text, rule=rule, hint=hint))


def _ways(systems: Mapping[str, System], translations: Translations, wms: Node | None, findings: Findings) -> None:
    """What Amazon takes is never written into a file, and what Amazon gives is never read out of one."""
    taken, given = operations(), brought()
    for system in systems.values():
        for folders, word, kinds, what in (
            (system.to, "to", taken, "goes to Amazon"), (system.from_, "from", given, "comes from Amazon"),
        ):  # fmt: skip
            for folder, mapping, made in _made(system, folders, translations):
                if made.file.direction != ("writes" if word == "to" else "reads"):
                    continue  # told already
                for kind in (kind for kind in made.file.kinds if kind in kinds and kind != "order"):
                    text = f"{mapping} {made.file.direction} {kind}, which {what}: no document would ever come this way"
                    rule = place_in(wms, system.name, word, folder, mapping)
                    findings.add(Finding("site-way", text, rule=rule, hint="take it off the list"))


def _writers(systems: Mapping[str, System], translations: Translations, wms: Node | None, findings: Findings) -> None:
    """A document goes one way: a mapping behind one that takes all of a kind would never be asked."""
    for system in systems.values():
        first: dict[str, str] = {}
        for folder, mapping, made in _made(system, system.to, translations):
            for kind in made.file.kinds:
                mine = f"{mapping} in {folder}"
                other = first.get(kind) if made.file.takes else first.setdefault(kind, mine)
                if other not in (None, mine):
                    text = f"{other} writes {kind}, and {mine} as well"
                    rule = place_in(wms, system.name, "to", folder, mapping)
                    hint = f"list one of them under {system.name}, or say in the first what it takes: takes: …"
                    findings.add(Finding("site-writers", text, rule=rule, hint=hint))


def _when(system: System, translations: Translations, wms: Node | None, findings: Findings) -> When:
    """Say when its orders are acknowledged: by its own files where it sends some, else on the last sign it gives."""
    reads = _mapping(system, system.from_, translations, "acknowledgement")
    unseen = system.settled == "sent" and not acknowledges(system, translations)
    if not _said(wms, system.name, "acknowledge", "when"):
        return "file" if reads else "delivered" if unseen else "taken"
    rule = place_in(wms, system.name, "acknowledge", "when")
    if reads and system.when != "file":
        text = f"'when: {system.when}', but {reads} reads acknowledgements: two words on one order"
        hint = f"when: file; or do not list {reads}"
        findings.add(Finding("site-acknowledge", text, rule=rule, hint=hint))
    if unseen and system.when == "taken":
        text = "'when: taken', but 'settled: sent': nobody looks whether a file is taken"
        findings.add(Finding("site-acknowledge", text, rule=rule, hint="when: delivered"))
    return system.when


def _labels(systems: Mapping[str, System], translations: Translations, wms: Node | None, findings: Findings) -> None:
    """A label that nobody takes is not asked for: what is said about labels needs a mapping that writes them."""
    for system in systems.values():
        if _mapping(system, system.to, translations, "shipping_label"):
            continue
        hint = f"list a mapping that writes shipping_label under 'to' of {system.name}"
        if reads := _mapping(system, system.from_, translations, "label_request"):
            text = f"{reads} asks for labels, and no mapping writes them"
            findings.add(Finding("site-label", text, rule=place_in(wms, system.name, "from"), hint=hint))
        elif _said(wms, system.name, "label"):
            text = "'label' says when labels are asked for, and no mapping writes them"
            findings.add(Finding("site-label", text, rule=place_in(wms, system.name, "label"), hint=hint))


def _boxes(
    system: System, translations: Translations, wms: Node | None, findings: Findings
) -> Literal["single", "file"]:
    """Say who knows the boxes of an order: the WMS where it sends pack files, else it is one box."""
    reads = _mapping(system, system.from_, translations, "label_request")
    follows: Literal["single", "file"] = "file" if reads else "single"
    if not _said(wms, system.name, "label", "boxes") or system.label.boxes == follows:
        return follows
    if reads:
        text, hint = f"'boxes: single', but {reads} says what is in which box", f"boxes: file; or do not list {reads}"
    else:
        text, hint = "'boxes: file', but no mapping reads a pack file", "list one under 'from': reads: label_request"
    findings.add(Finding("site-label", text, rule=place_in(wms, system.name, "label", "boxes"), hint=hint))
    return follows


def _carrier(
    system: System, translations: Translations, wms: Node | None, findings: Findings
) -> Literal["amazon", "own"]:
    """Say whose the carriers are: its own where its files say where the parcels are."""
    reads = _mapping(system, system.from_, translations, "shipment_status")
    if not _said(wms, system.name, "carrier"):
        return "own" if reads else "amazon"
    if reads and system.carrier == "amazon":
        text = f"'carrier: amazon', but {reads} reads where the parcels are: Amazon takes that from own carriers only"
        rule = place_in(wms, system.name, "carrier")
        findings.add(Finding("site-carrier", text, rule=rule, hint=f"carrier: own; or do not list {reads}"))
    return system.carrier


def _refusals(systems: Mapping[str, System], wms: Node | None, findings: Findings) -> None:
    """A refusal that nobody decided has its price, which is told; a code without a refusal says nothing."""
    for system in systems.values():
        rule = place_in(wms, system.name, "acknowledge", "code" if system.then != "refuse" else "then")
        if system.then == "refuse":
            text = (
                f"an order on which the WMS is silent is refused whole, as {system.refusal} "
                f"({CODES[system.refusal].text}): Amazon counts it against you, and may stop selling the items"
            )
            hint = "then: hold has a person asked instead"
            findings.add(Finding("site-refusal", text, rule=rule, hint=hint, severity=Severity.WARNING))
        elif _said(wms, system.name, "acknowledge", "code"):
            text = f"'code' is what a refusal says, but 'then' is {system.then}"
            findings.add(Finding("site-acknowledge", text, rule=rule, hint="then: refuse; or leave 'code' out"))


def _mapping(
    system: System, folders: Mapping[str, Into] | Mapping[str, OutOf], translations: Translations, kind: str
) -> str:
    """Name the first mapping of a kind; "" where there is none."""
    made = _made(system, folders, translations)
    return next((name for _, name, one in made if kind in one.file.kinds), "")


def _made(
    system: System, folders: Mapping[str, Into] | Mapping[str, OutOf], translations: Translations
) -> Iterator[tuple[str, str, Translation]]:
    for folder, one in folders.items():
        for mapping in one.mappings:
            if made := translations.get(f"{system.name}/{mapping}"):
                yield folder, mapping, made


def _said(node: Node | None, *path: str) -> bool:
    for name in path:
        node = node.get(name) if isinstance(node, Entries) else None
    return node is not None


def place_in(node: Node | None, *path: str) -> Place:
    """Give the place of what a path leads to, as deep as it goes."""
    place = node.rule if node else Place()
    for name in path:
        if isinstance(node, Entries):
            key = next((key for key, _ in node if key.text.strip("/") == name), None)
            place, node = (key.rule, node.get(key.text)) if key else (node.rule, None)
            if name not in ("to", "from") and isinstance(node, Entries) and node.get("mappings"):
                node = node.get("mappings")  # a folder with more to say
        elif isinstance(node, Items):
            return next((one.rule for one in node.nodes if isinstance(one, Scalar) and one.text == name), place)
        else:
            break
    return place
