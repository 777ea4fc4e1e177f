"""Read a site folder: `translator.yaml`, the mappings it lists, their tables and templates.

Everything wrong is collected and told at once (Misconfigured); a site that loads can run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar
from urllib.parse import urlsplit

from translator.config import words
from translator.config.agreement import agree
from translator.config.assorting import alone_in, assorting
from translator.config.billing import billing
from translator.config.comparing import comparing
from translator.config.folders import into, out_of
from translator.config.ledger import ledger_of
from translator.config.personal import personal_of
from translator.config.places import place_of, secret
from translator.config.routes import routes_of, sources_of
from translator.config.site import Account, Into, Labelling, OutOf, Site, System
from translator.config.sizes import reserve
from translator.config.stocking import stocking
from translator.config.times import day, hour, midnight, seconds
from translator.config.warehouses import calendars
from translator.core.finding import Finding, Findings, Misconfigured, Place
from translator.instance import SITE
from translator.mapping.overlay import Alone, Laid, overlaid
from translator.mapping.strict import Keys, keys, read_yaml
from translator.mapping.words import Words, names
from translator.translation import Translation, load

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
LEAST: Final = 30 * 86_400.0  # seconds that what is over is kept
_MOST: Final = 4_000_000  # bytes of one mapping, table or template

T = TypeVar("T")
Files = Callable[[str], bytes | None]


def read_site(root: Path, laid: Mapping[str, Sequence[Laid]] = MappingProxyType({})) -> Site:
    """Read and check a site folder. `laid`: rows over its tables, by their files. Raises Misconfigured with all findings."""
    seen: dict[str, bytes] = {}
    alone = _alone(root) if laid else {}

    def fetch(name: str) -> bytes | None:
        data, table = _read(root / name), name.removeprefix("mappings/")
        if data is not None and (rows := laid.get(table)):
            data = overlaid(data, rows, alone.get(table, ()))
        if data is not None:
            seen[name] = data
        return data

    return site_of(root, fetch, seen)


def _alone(root: Path) -> dict[str, Alone]:
    text = _read(root / SITE)
    return {} if text is None else alone_in(read_yaml(text, SITE))


def site_of(root: Path, fetch: Files, seen: Mapping[str, bytes]) -> Site:
    """Make a site of its files, wherever they lie. `seen`: what fetch has given so far, for the hash."""
    findings = Findings()
    text = fetch(SITE)
    if text is None:
        hint = "`translator init DIR` writes one"
        raise Misconfigured([Finding("site-missing", f"no {SITE} in {root}", rule=Place(SITE), hint=hint)])
    top = keys(read_yaml(text, SITE), findings, "in the site", names(words.SITE))
    ledger, ledger_password = ledger_of(root, top)
    kept_free, history = reserve(top, "reserve"), _history(top)
    personal = personal_of(root, top)
    accounts = _each(top, "amazon", words.ACCOUNT, lambda name, k: _account(root, name, k))
    systems = _each(top, "wms", words.SYSTEM, lambda name, k: _system(root, name, k, accounts, fetch))
    compare = comparing(root, top, systems)
    top.done()
    translations = _translations(systems, fetch, findings)
    systems = agree(accounts, systems, translations, top.entries, findings)
    if findings.failed:
        raise Misconfigured(findings.found)
    routes = routes_of(accounts, systems, translations)
    return Site(
        root=root,
        ledger=ledger,
        ledger_password=ledger_password,
        accounts=accounts,
        systems=systems,
        translations=translations,
        files=dict(seen),
        hash=_hash(seen),
        sources=sources_of(accounts, systems),
        routes=routes,
        notes=tuple(findings.found),
        reserve=kept_free,
        history=history,
        master_key=personal.master_key,
        keep=personal.keep,
        key_backups=personal.key_backups,
        compare=compare,
    )


def _hash(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _each(top: Keys, section: str, known: Words, make: Callable[[str, Keys], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    entries = top.mapping(section)
    if entries is None or not entries.entries:
        top.fault("site-empty", f"'{section}' lists nothing", top.place(section))
        return found
    for key, node in entries:
        if not _NAME.fullmatch(key.text):
            top.fault("site-name", f"'{key.text}' is no name", key.rule, "small letters, digits and -, at most 31")
        inner = keys(node, top.findings, f"in {section}.{key.text}", names(known))
        found[key.text] = make(key.text, inner)
        inner.done()
    return found


def _account(root: Path, name: str, k: Keys) -> Account:
    return Account(
        name=name,
        vendor=k.required("vendor"),
        region=k.word("region", words.REGIONS, "na"),
        client_id=k.required("client_id"),
        client_secret=secret(root, k, "client_secret"),
        refresh_token=secret(root, k, "refresh_token"),
        start=midnight(k, "start"),
        url=_url(k, "url"),
        login_url=_url(k, "login_url"),
        every=seconds(k, "every", 120.0),
        lag=seconds(k, "lag", 120.0),
        sweep=seconds(k, "sweep", 1800.0),
        settle=seconds(k, "settle", 0.0),
        sandbox=k.flag("sandbox"),
        rotated=day(k, "rotated"),
        invoices=billing(k),
    )


def _system(root: Path, name: str, k: Keys, accounts: Mapping[str, Account], fetch: Files) -> System:
    policy = k.keys("acknowledge", "in 'acknowledge'", names(words.ACKNOWLEDGE))
    open_when = calendars(k)
    rules, gate = stocking(k, open_when)
    assortment, tables = assorting(name, k, fetch)
    system = System(
        name=name,
        account=_account_of(k, accounts),
        warehouses={code: calendar.zone for code, calendar in open_when.items()},
        place=place_of(root, k),
        to=into(k),
        from_=out_of(k),
        when=policy.word("when", words.WHEN, "taken") if policy else "taken",  # type: ignore[arg-type]
        silent=seconds(policy, "silent", 72000.0) if policy else 72000.0,
        then=policy.word("then", words.THEN, "hold") if policy else "hold",  # type: ignore[arg-type]
        refusal=policy.word("code", words.REFUSALS, "03") if policy else "03",
        label=_label(k),
        carrier=k.word("carrier", words.CARRIER, "amazon"),  # type: ignore[arg-type]
        calendars=open_when,
        settled=k.word("settled", words.SETTLED, "taken"),  # type: ignore[arg-type]
        wait=seconds(k, "wait", 60.0),
        late=seconds(k, "late", 14400.0),
        quiet=seconds(k, "quiet", 0.0) if k.has("quiet") else None,
        every=seconds(k, "every", 30.0),
        dispose=k.word("dispose", words.DISPOSE, "archive"),  # type: ignore[arg-type]
        settings=_settings(k),
        rules=rules,
        gate=gate,
        assortment=assortment,
        tables=tables,
    )
    if policy:
        policy.done()
    return system


def _history(k: Keys) -> float:
    history = seconds(k, "history", 400 * 86_400.0)
    if history < LEAST:
        hint = "30d: until then Amazon, or a warehouse, may come back to an order"
        k.fault("site-history", "'history' is too short", k.place("history"), hint)
    return history


def _label(k: Keys) -> Labelling:
    inner = k.keys("label", "in 'label'", names(words.LABEL))
    if inner is None:
        return Labelling()
    made = Labelling(
        methods=inner.texts("methods") or ("*",),
        day=inner.word("day", words.LABEL_DAY, "ship"),  # type: ignore[arg-type]
        at=hour(inner, "at", time(0)),
        boxes=inner.word("boxes", words.BOXES, "single"),  # type: ignore[arg-type]
    )
    inner.done()
    return made


def _url(k: Keys, name: str) -> str:
    text = k.text(name)
    try:
        fits = not text or bool(urlsplit(text).hostname)
    except ValueError:
        fits = False
    if not fits:
        k.fault("site-url", f"'{name}' is no address", k.place(name), "http://127.0.0.1:8080")
    return text if fits else ""


def _account_of(k: Keys, accounts: Mapping[str, Account]) -> str:
    named = k.text("account")
    if named and named not in accounts:
        k.fault(
            "site-account", f"no account '{named}' under amazon", k.place("account"), f"known: {', '.join(accounts)}"
        )
    if not named and len(accounts) > 1:
        k.fault("site-account", "several accounts: say whose this is", k.place(), f"account: {next(iter(accounts))}")
    return named or next(iter(accounts), "")


def _settings(k: Keys) -> dict[str, str]:
    entries = k.mapping("partner")
    return {key.text: k.scalar(node, key.text) for key, node in entries} if entries else {}


def _translations(systems: Mapping[str, System], fetch: Files, findings: Findings) -> dict[str, Translation]:
    found: dict[str, Translation] = {}
    for system in systems.values():
        for mapping in _names(system):
            name = f"{system.name}/{mapping}"
            text = fetch(f"mappings/{name}")
            rule = Place(SITE)
            if text is None:
                findings.add(Finding("mapping-missing", f"no file mappings/{name}", rule=rule))
                continue
            try:
                found[name] = load(name, text, fetch, system.settings)
            except Misconfigured as error:
                findings.found.extend(error.findings)
    return found


def _names(system: System) -> list[str]:
    folders: list[Into | OutOf] = [*system.to.values(), *system.from_.values()]
    return list(dict.fromkeys(name for folder in folders for name in folder.mappings))
