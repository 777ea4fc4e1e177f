"""What an operator asks: hold, release, retry, reject what waits; refuse, deny, relabel an order at Amazon; read or send

a file once more, or approve one.

The command writes the wish; the service carries it out and answers.
"""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from translator.cli import say
from translator.core.finding import Finding, Severity

if TYPE_CHECKING:
    from translator.ledger.moves import Move

REASON: Final = click.option(
    "--reason", type=say.TEXT, default="", help="Why: kept in the clear for a time, so name no person."
)
WAIT: Final = click.option(
    "--wait", type=say.SECONDS, default=5.0, show_default=True, help="Seconds to wait for the service's answer."
)
LOOK: Final = 0.1  # seconds between looks for the answer
_HELP: Final = {
    "hold": "Keep what waits under TARGET from going on, until it is released.",
    "release": "Let go on what is held under TARGET.",
    "retry": "Try at once what waits under TARGET, or at a partner of that name.",
    "reject": "Give up what waits under TARGET; its sender is answered.",
}
_MANY: Final = {  # may be asked of all that failed: what that is
    "release": "held, or tried later",
    "retry": "held, or tried later",
    "reoffer": "files out of which a document was rejected that waits for you",
    "resend": "files told as not taken; of one that still lies there nothing is written",
}
_DECISIONS: Final = {
    "deny": "Tell Amazon that the whole accepted order PO cannot be shipped after all (a floor denial).",
    "relabel": "Ask Amazon for the label of PO once more: its tracking number and ship method may change.",
}


_FILES: Final = {
    "reoffer": "Read the bytes of a file that came once more, by the mappings in force now: after one was mended.",
    "approve": "Let a stock file go on that is held for what it would do (show inventory); the thresholds stay.",
    "resend": "Send a file once more, the same bytes under the same name: only when the warehouse has lost it.",
}


def _verb(name: str, help: str, named: str) -> click.Command:
    many = _MANY.get(name)

    @click.command(name, help=help)
    @click.argument(
        "target",
        type=say.TEXT,
        metavar=f"[{named}]" if many else named,
        required=not many,
        default="" if many else None,
    )
    @REASON
    @WAIT
    @say.site_option
    @say.json_option
    @say.told
    def move(target: str, reason: str, wait: float, root: Path, as_json: bool, failed: bool = False) -> None:
        if bool(target) == failed:
            raise click.UsageError(f"say a {named}, or --failed")
        said = {"target": target, "reason": reason} | ({"failed": "yes"} if failed else {})
        asked_for(name, said, wait, root, as_json=as_json)

    if many:
        help = f"All that failed, instead of one {named}: {many}."
        move.params.append(click.Option(["--failed"], is_flag=True, help=help))
    return move


@click.command()
@click.argument("number", type=say.TEXT, metavar="PO")
@click.option(
    "--code", type=say.TEXT, required=True, help="Amazon's code: 03 out of stock, 02 unknown SKU, 71 discontinued…"
)
@REASON
@WAIT
@say.site_option
@say.json_option
@say.told
def refuse(number: str, code: str, reason: str, wait: float, root: Path, as_json: bool) -> None:
    """Tell Amazon that the whole order PO will not ship: before its acknowledgement was accepted."""
    from translator.documents.acknowledgement import cost

    if not as_json:
        click.echo(cost(code), err=True)
    asked_for("refuse", {"target": number, "code": code, "reason": reason}, wait, root, as_json=as_json)


VERBS = (
    *(
        _verb(
            name,
            f"{help} TARGET: a purchase order number, the number of a row, or a file's name ('ORD-*').",
            "TARGET",
        )
        for name, help in _HELP.items()
    ),
    refuse,
    _verb(
        "arrived",
        "Take as arrived, or taken, what is held with that question: you have seen it. TARGET: as `release` takes it.",
        "TARGET",
    ),
    *(_verb(name, help, "PO") for name, help in _DECISIONS.items()),
    *(_verb(name, f"{help} FILE: its number, or its name ('ORD-*').", "FILE") for name, help in _FILES.items()),
)


def asked_for(verb: str, arguments: dict[str, str], wait: float, root: Path, *, as_json: bool) -> NoReturn:
    """Ask for a move, wait for the answer, say it and end."""
    from translator.cli.behind.book import asking

    with asking(root) as moves:
        number, within = moves.ask(verb, arguments, operator()), f"in {wait:g} s"
        try:
            answer = _answer(lambda: moves.get(number), wait)
        except KeyboardInterrupt:  # who does not wait takes nothing back: `Aborted!` would say that
            answer, within = None, "yet"
    if answer is None:
        text = f"move {number} is written; no service has answered {within}"
        finding = Finding("move-waits", text, hint="it is carried out when the service runs", severity=Severity.WARNING)
        say.refuse([finding], say.REJECTED, as_json=as_json)
    if as_json:
        say.data({"ok": bool(answer.ok), "move": number, "outcome": answer.outcome})
    else:
        say.line(answer.outcome)
    sys.exit(0 if answer.ok else say.REJECTED)


def operator() -> str:
    """Say who asks: the name of the login; a service account without one has its number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _answer(look: Callable[[], Move | None], wait: float) -> Move | None:
    """Wait for the answer; None: none came in time."""
    until = time.monotonic() + wait
    while True:
        move = look()
        if move is not None and move.answered is not None:
            return move
        if time.monotonic() >= until:
            return None
        time.sleep(LOOK)
