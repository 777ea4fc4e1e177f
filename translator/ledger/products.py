"""Which ASIN a SKU has, as it was seen in what came in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from translator.core.alike import look
from translator.ledger.schema import listed, product
from translator.ledger.spoken import Spoken

_NEW: Final = insert(product)
_NOTE: Final = _NEW.on_conflict_do_update(
    index_elements=["account", "sku"],
    set_={"asin": _NEW.excluded.asin},
    where=product.c.asin != _NEW.excluded.asin,
)
_ASINS: Final = select(product.c.sku, product.c.asin).where(
    product.c.account == bindparam("whose"), product.c.sku.in_(listed("which", Text))
)
_SKUS: Final = select(product.c.sku, product.c.asin).where(
    product.c.account == bindparam("whose"), product.c.asin.in_(listed("which", Text))
)
_ALIKE: Final = select(product.c.look, product.c.sku).where(
    product.c.account == bindparam("whose"), product.c.look.in_(listed("which", Text))
)


class Products:
    """The products of the book."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection
        self._noted: dict[tuple[str, str], str] = {}  # in this commit, as far as it was not taken back
        self._taken_back = 0

    def note(self, account: str, sku: str, asin: str) -> None:
        """Remember the ASIN of a SKU; the newest is the one."""
        if self._taken_back != self._connection.taken_back:
            self._taken_back = self._connection.taken_back
            self._noted.clear()
        if self._noted.get((account, sku)) == asin:
            return
        self._noted[account, sku] = asin
        self._connection.later(_NOTE, {"account": account, "sku": sku, "asin": asin, "look": look(sku)})

    def asins(self, account: str, skus: Iterable[str]) -> dict[str, str]:
        """Give the ASINs that are known."""
        asked = {"whose": account, "which": json.dumps(sorted(set(skus)))}
        return dict(self._connection.execute(_ASINS, asked).all())

    def skus(self, account: str, asins: Iterable[str]) -> dict[str, str]:
        """Give the SKUs that have one of these ASINs, each with its own."""
        asked = {"whose": account, "which": json.dumps(sorted(set(asins)))}
        return dict(self._connection.execute(_SKUS, asked).all())

    def alike(self, account: str, looks: Iterable[str]) -> dict[str, str]:
        """Give a SKU that is known and looks so, for each look that one has."""
        asked = {"whose": account, "which": json.dumps(sorted(set(looks)))}
        return dict(self._connection.execute(_ALIKE, asked).all())
