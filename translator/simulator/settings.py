"""What one pretend Amazon is told before it opens: whom it knows, how slow it is, what it thinks of repeats.

Promises values only. Everything in here has a default but the vendor code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from translator.simulator.account_types import TREATMENTS, AccountType, Treatment
from translator.simulator.orders import ASIN_BY_SKU
from translator.simulator.papers import LabelFormat

Repeat = Literal["refuse", "ignore", "apply"]
"""What becomes of a second acknowledgement or confirmation: Failure, Success without effect, or applied twice."""


@dataclass(frozen=True, slots=True)
class AmazonSettings:
    vendor: str
    client_id: str = "amzn1.application-oa2-client.simulated"
    client_secret: str = field(default="simulated-client-secret", repr=False)
    refresh_token: str = field(default="Atzr|simulated-refresh-token", repr=False)
    port: int = 0
    transaction_seconds: float = 2.0
    """How long a transaction says Processing; it is judged and takes effect when that time is over."""
    visibility_seconds: float = 0.0
    """How long a change of an order (added, acknowledged, shipped, cancelled) stays unseen by getOrder and getOrders."""
    token_seconds: int = 3600
    repeat: Repeat = "refuse"
    type: AccountType = "mixed"
    label_format: LabelFormat = "PNG"
    changed_method: str = ""
    """The ship method of a label that is requested again; none: the order's, as the first time."""
    sandbox: bool = False
    """Whether this is a sandbox: orders can be asked for, and all operations share one limit."""
    limits: bool = False
    """Whether calls that come too fast are refused."""
    page_size: int = 100
    """The most orders of one page, whatever limit was asked for."""
    failure_as_list: bool = False
    """True: a 2021-12-28 transaction gives its errors as a flat list, as was seen; False: as an object, by the model."""
    warehouses: frozenset[str] = frozenset()
    """Warehouse codes that inventory may name; none: any."""
    catalogue: Mapping[str, str] = field(default_factory=lambda: dict(ASIN_BY_SKU))
    """ASIN by SKU: the products that Amazon knows, beside those in its orders."""
    body_bytes: int = 5_000_000

    @property
    def treatment(self) -> Treatment:
        return TREATMENTS[self.type]
