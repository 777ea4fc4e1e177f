"""Read the ground of a site: `translator.yaml` by itself. No mapping, table or template is opened.

Everything wrong in it is collected and told at once (Misconfigured).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Final, TypeVar

from translator.config import words
from translator.config.agreement import agree
from translator.config.assorting import products
from translator.config.billing import billing
from translator.config.comparing import comparing
from translator.config.folders import into, out_of
from translator.config.ledger import ledger_of
from translator.config.personal import personal_of
from translator.config.places import place_of, secret
from translator.config.site import Account, Ground, Labelling, System
from translator.config.sizes import reserve
from translator.config.stocking import stocking
from translator.config.times import day, hour, midnight, seconds
from translator.config.warehouses import calendars
from translator.core.finding import Finding, Findings, Misconfigured, Place
from translator.endpoints.address import wrong
from translator.instance import SITE
from translator.mapping.strict import Items, Keys, Node, Scalar, keys, read_yaml
from translator.mapping.words import Words, names

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
LEAST: Final = 30 * 86_400.0  # seconds that what is over is kept
_MOST: Final = 4_000_000  # bytes of one file: translator.yaml, a mapping, a table, a template

T = TypeVar("T")


def read_ground(root: Path) -> Ground:
    """Read and check `translator.yaml` alone. Raises Misconfigured with all findings."""
    findings = Findings()
    ground = ground_of(root, top_of(root, contents(root / SITE), findings))
    if findings.failed:
        raise Misconfigured(findings.found)
    return ground


def top_of(root: Path, text: bytes | None, findings: Findings) -> Keys:
    """Take the keys of `translator.yaml`; None: there is no such file. Raises Misconfigured where it is no YAML."""
    if text is None:
        hint = "`translator init DIR` writes one"
        raise Misconfigured([Finding("site-missing", f"no {SITE} in {root}", rule=Place(SITE), hint=hint)])
    node = read_yaml(text, SITE)
    for one in _unnameable(node):
        hint = "take the \\0 out"
        findings.add(
            Finding("site-character", "no file, address or name can have the character \\0", rule=one, hint=hint)
        )
    if findings.failed:
        raise Misconfigured(findings.found)
    return keys(node, findings, "in the site", names(words.SITE))


def _unnameable(node: Node) -> Iterator[Place]:
    """Give the places of texts that hold a NUL: the system takes it for the end of a name."""
    if isinstance(node, Scalar):
        yield from [node.rule] if "\0" in node.text else []
        return
    inner = node.nodes if isinstance(node, Items) else [one for entry in node for one in entry]
    for one in inner:
        yield from _unnameable(one)


def ground_of(root: Path, top: Keys) -> Ground:
    """Make the ground of a site of what its file says; what is wrong is among the findings of `top`."""
    ledger, ledger_password = ledger_of(root, top)
    kept_free, history = reserve(top, "reserve"), _history(top)
    personal = personal_of(root, top)
    accounts = _each(top, "amazon", words.ACCOUNT, lambda name, k: _account(root, name, k))
    systems = _each(top, "wms", words.SYSTEM, lambda name, k: _system(root, name, k, accounts))
    compare = comparing(root, top, systems)
    top.done()
    agree(accounts, systems, top.entries, top.findings)
    return Ground(
        root=root,
        ledger=ledger,
        ledger_password=ledger_password,
        accounts=accounts,
        systems=systems,
        history=history,
        reserve=kept_free,
        master_key=personal.master_key,
        keep=personal.keep,
        key_backups=personal.key_backups,
        compare=compare,
    )


def contents(path: Path) -> bytes | None:
    """Give what is in a file of the site, as far as it is read; None: there is no such file. Raises Misconfigured."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        text = f"it cannot be read: {(error.strerror or 'error').lower()}"
        hint = "see whose it is, and who may read it: the service's user does (sudo -u translator …)"
        raise Misconfigured([Finding("file-unreadable", text, rule=Place(str(path)), hint=hint)]) from None


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


def _system(root: Path, name: str, k: Keys, accounts: Mapping[str, Account]) -> System:
    policy = k.keys("acknowledge", "in 'acknowledge'", names(words.ACKNOWLEDGE))
    open_when = calendars(k)
    rules, gate = stocking(k, open_when)
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
        tables=products(name, k),
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
    found = wrong(text) if text else None
    if found is None:
        return text
    k.fault("site-url", f"'{name}' is no address: {found.text}", k.place(name), "http://127.0.0.1:8080")
    return ""


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
