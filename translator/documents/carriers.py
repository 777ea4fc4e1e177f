"""The carrier of each container, which Amazon must know where the vendor ships with carriers of his own (reference §6.4).

In North America it goes by its SCAC, in Europe by its name. A warehouse that names neither has the partner's
`assume_scac` or `assume_carrier`; else it is told, since Amazon may refuse the confirmation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding, Severity
from translator.documents.kind import Asked
from translator.documents.types import fault, note

_NAMES: Final = {"scacCode": "assume_scac", "carrier": "assume_carrier"}
_HINT: Final = (
    "say scacCode (North America) or carrier (Europe) in the mapping, or assume_scac, assume_carrier in the site"
)


def carried(containers: Sequence[Tree], asked: Asked, found: list[Finding]) -> list[Tree]:
    """Give the containers with their carriers, as far as somebody names them."""
    assumed = {name: asked.settings[setting] for name, setting in _NAMES.items() if setting in asked.settings}
    return [_carried(n, one, assumed, found) for n, one in enumerate(containers)]


def _carried(n: int, container: Tree, assumed: Tree, found: list[Finding]) -> Tree:
    path = f"/containers/{n}"
    if any(name in container for name in _NAMES):
        return container
    if not assumed:
        text = "no carrier was said: Amazon wants one from a vendor with carriers of his own"
        found.append(fault("carrier-missing", text, path, _HINT, Severity.WARNING))
        return container
    found.append(note("carrier-assumed", f"no carrier was said, {', '.join(assumed.values())} assumed", path))
    return {**container, **assumed}
