"""What became of what was put: one question for each, judged; transactions followed to Success or Failure.

Promises: trouble of one thing alone (Amazon can fail for a single transaction) is an answer about that one; trouble of
all is Unavailable, but never takes back what was answered before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from translator.core.finding import Finding, Rejected, Severity, Unavailable
from translator.core.tree import at, nothing
from translator.endpoints.endpoint import Looked, Put, Verdict
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import asked, findings_of
from translator.endpoints.spapi.scrub import scrubbed_names, word
from translator.endpoints.spapi.wire import Answer, Lost

NO_REASON: Final = Finding("amazon-failure", "Amazon failed the transaction and gave no reason")


def each(puts: Sequence[Put], looked: Callable[[Put], Looked]) -> list[Looked]:
    """Look for each in turn. Raises Unavailable where that is told of none."""
    answers: list[Looked] = []
    for put in puts:
        try:
            answers.append(looked(put))
        except Unavailable as trouble:
            if not answers:
                raise
            rest = Looked(Verdict.WAITING, f"not asked: {trouble.reason}")
            return [*answers, *[rest] * (len(puts) - len(answers))]
    return answers


def judged(account: Account, path: str, absent: Verdict, refused: Verdict, judge: Callable[[Any], Looked]) -> Looked:
    """Ask for one thing, and judge what came: `absent` where Amazon knows none, `refused` where it does not say.

    Raises Unavailable.
    """
    answer = account.get(path)
    try:
        tree = asked(answer).tree
    except Rejected as trouble:  # asked for too early, or for good: the clocks decide
        verdict = absent if isinstance(answer, Answer) and answer.status == 404 else refused
        return Looked(verdict, f"Amazon does not show it: {trouble.findings[0]}")
    except Unavailable as trouble:
        if not _its_own(answer):
            raise
        return Looked(Verdict.WAITING, trouble.reason)
    return judge(tree)


def transaction(account: Account, number: str) -> Looked:
    """Say what became of a transaction."""
    path = account.path("transactions", "transactions", number)
    return judged(account, path, Verdict.WAITING, Verdict.WAITING, _result)


def there(tree: Any) -> bool:
    """Tell whether a body holds what it is for: an order, the content of a document, a label for each package."""
    labels = at(tree, "labelData")
    if isinstance(labels, list):
        return bool(labels) and all(_full(at(label, "content")) for label in labels)
    contents = at(tree, "content"), at(tree, "containerLabel.content")
    return any(map(_full, contents)) or isinstance(at(tree, "orderDetails"), dict)


def _full(content: object) -> bool:
    return isinstance(content, str) and not nothing(content)


def _its_own(answer: Answer | Lost) -> bool:
    """Tell trouble of this one (getTransactionStatus can fail for a single transaction) from trouble of all."""
    return isinstance(answer, Answer) and (answer.status == 500 or answer.status < 300)


def _result(tree: Any) -> Looked:
    result = at(tree, "transactionStatus", tree)
    status = word(at(result, "status"), "unreadable")
    inside, beside = (findings_of(at(place, "errors"), scrubbed_names) for place in (result, tree))
    findings = inside or beside
    if status.casefold() == "success":
        odd = tuple(replace(finding, severity=Severity.WARNING) for finding in findings)
        return Looked(Verdict.ACCEPTED, status, odd)
    if status.casefold() == "failure":
        return Looked(Verdict.REFUSED, status, findings or (NO_REASON,))
    return Looked(Verdict.WAITING, f"the transaction is {status}")
