"""Where a warehouse system's files lie, and where secrets stand: never the secrets themselves."""

from __future__ import annotations

from pathlib import Path

from translator.config import words
from translator.config.site import LocalPlace, Reference, SftpPlace, SshServer
from translator.core.finding import Finding, Misconfigured, Severity, suggestion
from translator.endpoints.host_keys import pinned
from translator.endpoints.old_algorithms import OLD
from translator.mapping.strict import Entries, Keys
from translator.mapping.words import names

CALLS = 4
EACH = 8  # OpenSSH opens ten channels over one connection, unless told


def place_of(root: Path, k: Keys) -> LocalPlace | SftpPlace:
    """Take `place`: a folder of this machine, or of an SFTP server."""
    place = k.keys("place", "in 'place'")
    if place is None:
        k.fault(
            "site-place",
            "'place' is missing",
            k.place(),
            "place: {folder: /srv/wms} or {sftp: host, user: …, host_key: …}",
        )
        return LocalPlace(root)
    place.known = names(words.SFTP if place.has("sftp") else words.FOLDER)
    made = _sftp(root, place) if place.has("sftp") else LocalPlace(root / place.required("folder"))
    place.done()
    return made


def _sftp(root: Path, k: Keys) -> SftpPlace:
    jump = k.keys("jump", "in 'jump'", names(words.JUMP))
    calls = k.whole("calls", CALLS, 1, 64) or CALLS
    place = SftpPlace(
        server=_server(root, k, "sftp"),
        jump=_server(root, jump, "host") if jump else None,
        root=k.text("root", "."),
        calls=calls,
        each=k.whole("each", min(calls, EACH), 1, EACH) or EACH,
        rename=k.word("rename", words.RENAME, "plain"),  # type: ignore[arg-type]
    )
    if jump:
        jump.done()
    return place


def _server(root: Path, k: Keys, host: str) -> SshServer:
    """Take what is said of one server: where it is, whose key is pinned, and who we are there."""
    if not k.has("key", "password"):
        k.fault("site-login", "neither 'key' nor 'password'", k.place(), "key: {credential: newark-key}")
    if k.has("passphrase") and not k.has("key"):
        k.fault("site-login", "a 'passphrase', and no 'key' it belongs to", k.place("passphrase"))
    known = k.text("known_hosts")
    return SshServer(
        host=(name := k.required(host)),
        port=k.whole("port", 22, 1, 65535) or 22,
        user=k.required("user"),
        host_key=_host_key(k, name, k.has("known_hosts")),
        known_hosts=root / known if known else None,
        key=secret(root, k, "key") if k.has("key") else None,
        passphrase=secret(root, k, "passphrase") if k.has("passphrase") else None,
        password=secret(root, k, "password") if k.has("password") else None,
        old=_old(k, name),
        rule=k.place(host),
    )


def _host_key(k: Keys, host: str, elsewhere: bool) -> str:  # noqa: FBT001 - which of the two keys is there
    """Take the pinned keys: one, or two while the server's owner changes it."""
    text = "\n".join(node.text for node in k.scalars("host_key"))
    hint = "host_key: SHA256:… as `ssh-keygen -lf` prints it, or known_hosts: FILE"
    if elsewhere == k.has("host_key"):
        what = "'host_key' and 'known_hosts' are both there" if elsewhere else "'host_key' is missing"
        k.fault("host-key", what, k.place("host_key"), hint)
    elif not elsewhere:
        try:
            pinned(text, host, k.whole("port", 22) or 22)
        except Misconfigured as error:
            k.fault("host-key", error.findings[0].text, k.place("host_key"), hint)
    return text


def _old(k: Keys, host: str) -> tuple[str, ...]:
    """Take the old algorithms that a server is allowed; each is a risk, and said to be one."""
    allowed = k.scalars("old")
    for node in allowed:
        if node.text in OLD:
            hint = "have the server's owner bring it up to date, then take this away"
            text = f"{host} is allowed {node.text}, which is a risk: {OLD[node.text].risk}"
            k.findings.add(Finding("sftp-old", text, rule=node.rule, hint=hint, severity=Severity.WARNING))
        else:
            hint = suggestion(node.text, OLD) or f"one of: {', '.join(OLD)}"
            k.fault("sftp-old", f"'{node.text}' is no old algorithm that can be allowed", node.rule, hint)
    return tuple(node.text for node in allowed if node.text in OLD)


def secret(root: Path, k: Keys, name: str) -> Reference:
    """Take where a secret stands."""
    node = k.node(name)
    hint = f"{name}: {{credential: {name.replace('_', '-')}}} (or file: …, env: …)"
    if not isinstance(node, Entries):
        text = f"'{name}' must say where the secret stands, never hold it" if node else f"'{name}' is missing"
        k.fault("secret-reference", text, node.rule if node else k.place(), hint)
        return Reference("file", "", root, k.place(name))
    inner = Keys(node, k.findings, f"in '{name}'")
    how = next((word for word in names(words.SECRET) if inner.has(word)), "")
    if not how:
        k.fault("secret-reference", f"'{name}' names no place", node.rule, hint)
    what = inner.text(how) if how else ""
    inner.done(dict.fromkeys(names(words.SECRET), "a secret that stands elsewhere: one place holds it"))
    return Reference(how or "file", what, root, node.rule)  # type: ignore[arg-type]
