"""What an answer means: the table of `reference/reliability-security.md` §2.1, once for asking and once for submitting.

Promises: exactly one of Unavailable, Unknown, Rejected, or the tree (the transaction id). Reasons and findings name
status, code and request id; Amazon's sentences go through `scrub`. In doubt a GET is Unavailable, a POST Unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from translator.core.finding import Finding, Rejected, Unavailable, Unknown
from translator.core.jsontext import decode
from translator.endpoints.spapi.scrub import scrubbed, word
from translator.endpoints.spapi.skew import moment
from translator.endpoints.spapi.wire import Answer, Lost

LONG: Final = 900.0  # seconds: only a person can mend it, and should not wait long once it is mended
LONGEST: Final = 3600.0
REFUSALS: Final = frozenset({400, 404, 413, 415})
DENIALS: Final = frozenset({401, 403})
MOST: Final = 100  # errors of one answer
DENIED: Final = (
    "the role Direct-to-Consumer Shipping (Restricted) is missing, "
    "the vendor has to authorise again, or the region is wrong"
)
_ID: Final = re.compile(r"[A-Za-z0-9][\x21-\x7e]{0,199}")


@dataclass(frozen=True, slots=True)
class Body:
    """What a GET brought: the bytes as they came, and the tree in them: out of its v1 `payload`, `errors` beside it."""

    data: bytes = field(repr=False)
    tree: Any = field(repr=False)


def asked(answer: Answer | Lost) -> Body:
    """Give what a GET brought. Raises Unavailable or Rejected."""
    if isinstance(answer, Lost):
        raise _unanswered(answer)
    if 200 <= answer.status < 300:
        return Body(answer.body or b"", _tree(answer))
    _raise_not_applied(answer)
    raise Unavailable(f"Amazon answered {named(answer)}", _wait(answer))


def submitted(answer: Answer | Lost) -> str:
    """Give the transaction id of a POST. Raises Unavailable, Rejected or Unknown."""
    if isinstance(answer, Lost):
        raise _lost(answer)
    if 200 <= answer.status < 300:
        return _transaction(answer)
    _raise_not_applied(answer)
    raise Unknown(f"Amazon answered {named(answer)}")


def brought(answer: Answer | Lost) -> Body:
    """Give what a POST brought in its answer. Raises Unavailable, Rejected or Unknown."""
    if isinstance(answer, Lost):
        raise _lost(answer)
    if 200 <= answer.status < 300:
        try:
            return Body(answer.body or b"", _tree(answer))
        except Unavailable as trouble:
            raise Unknown(trouble.reason) from None
    _raise_not_applied(answer)
    raise Unknown(f"Amazon answered {named(answer)}")


def _lost(answer: Lost) -> Unknown | Unavailable:
    return Unknown(answer.reason) if answer.begun else _unanswered(answer)


def _unanswered(answer: Lost) -> Unavailable:
    """Say that nothing came back. Who could be asked may answer the next one."""
    return Unavailable(answer.reason, sort="" if answer.begun else "away")


def findings_of(errors: Any, show: Callable[[str], str] = scrubbed, hint: str = "") -> tuple[Finding, ...]:
    """Read Amazon's errors: a list, an object that holds the list, or one bare error. `show` masks the message."""
    if isinstance(errors, dict):
        return findings_of(errors.get("errors", [errors]), show, hint)
    if not isinstance(errors, list):
        return ()
    return tuple(_finding(error, show, hint) for error in errors[:MOST] if _is_error(error))


def codes(answer: Answer) -> frozenset[str]:
    """Give the codes of the errors in an answer, and the type of its error."""
    said = {finding.code.removeprefix("amazon-") for finding in findings_of(_json(answer))}
    return frozenset(said | {word(answer.headers.get("x-amzn-errortype", "").partition(":")[0], "")}) - {""}


def unwrapped(tree: Any) -> Any:
    """Give what stands in `payload`, whatever the version; else the tree itself."""
    return tree["payload"] if isinstance(tree, dict) and isinstance(tree.get("payload"), dict) else tree


def _raise_not_applied(answer: Answer) -> None:
    """Raise where the status says that nothing was done."""
    if answer.status == 429:
        raise Unavailable(f"Amazon asks to slow down: {named(answer)}", _wait(answer))
    if answer.status in DENIALS:
        raise Unavailable(f"Amazon denies access, also with fresh tokens: {named(answer)}; {DENIED}", LONG)
    if 300 <= answer.status < 400:
        raise Unavailable(f"Amazon's host redirects, which is never followed: {named(answer)}", LONG)
    findings = _refusal(answer) if answer.status in REFUSALS else ()
    if findings:
        raise Rejected(findings)


def _refusal(answer: Answer) -> tuple[Finding, ...]:
    return findings_of(_json(answer), hint=request_id(answer.headers))


def _json(answer: Answer) -> Any:
    """Give the body as a tree; None where it is none."""
    try:
        return None if answer.body is None else decode(answer.body)
    except Rejected:
        return None


def _tree(answer: Answer) -> Any:
    tree = _json(answer)
    if not isinstance(tree, dict):
        raise Unavailable(f"Amazon's answer cannot be used: {named(answer)}")
    found = findings_of(tree.get("errors"))
    if found and tree.keys() == {"errors"}:
        raise Unavailable(f"Amazon answered with errors: {named(answer)}, {found[0].code}")
    return unwrapped(tree) | ({"errors": tree["errors"]} if found else {})


def _transaction(answer: Answer) -> str:
    tree = unwrapped(_json(answer))
    number = tree.get("transactionId") if isinstance(tree, dict) else None
    if not isinstance(number, str) or not _ID.fullmatch(number):
        raise Unknown(f"Amazon's answer names no transaction: {named(answer)}")
    return number


def _is_error(error: Any) -> bool:
    return isinstance(error, dict) and any(isinstance(error.get(name), str) for name in ("code", "message"))


def _finding(error: Mapping[str, Any], show: Callable[[str], str], hint: str) -> Finding:
    message, details = error.get("message"), error.get("details")
    said = [
        show(text) for text, show in ((message, show), (details, scrubbed)) if isinstance(text, str) and text.strip()
    ]
    code = word(error.get("code"), "error")
    return Finding(f"amazon-{code}", "; ".join(said) or f"Amazon says {code} and no more", hint=hint)


def named(answer: Answer) -> str:
    """Name an answer by what may be shown of it: status, flaw, type of error, request id."""
    parts = [f"status {answer.status}", answer.flaw, word(answer.headers.get("x-amzn-errortype", ""), "")]
    return ", ".join(part for part in [*parts, request_id(answer.headers)] if part)


def request_id(headers: Mapping[str, str]) -> str:
    """Name the request as Amazon's support knows it; empty where it has no name."""
    number = headers.get("x-amzn-requestid", "")
    return f"request id {number}" if re.fullmatch(r"[A-Za-z0-9-]{1,64}", number) else ""


def _wait(answer: Answer) -> float:
    """Give the seconds the other side asks for: Retry-After, or one call of the rate; 0 where it does not say."""
    after = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", after, re.ASCII):
        return min(LONGEST, float(after))
    if after:
        return _until(after, answer.headers.get("date", ""))
    rate = answer.headers.get("x-amzn-ratelimit-limit", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d{1,9})?", rate, re.ASCII) and float(rate) > 0:
        return min(LONGEST, max(1.0, 1 / float(rate)))
    return 0.0


def _until(after: str, date: str) -> float:
    """Count from the answer's own date: our clock need not agree with it."""
    try:
        seconds = (moment(after) - moment(date)).total_seconds()
    except (ValueError, OverflowError):
        return 0.0
    return min(LONGEST, max(0.0, seconds))
