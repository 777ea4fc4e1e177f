"""Amazon's Selling Partner API (SP-API), Vendor Direct Fulfillment: orders and documents out, submissions in.

One `Account` for each vendor account carries the connection and its tokens. `Orders` collects, `Fetched` asks order by
order; `Submission` puts and looks, `Labels` and `Bringing` put what is answered by a document. Each call is tried once
and the truth is told: the table of answers stands in `answers`, the arithmetic of the windows in `windows`.
"""

from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.fetched import Fetched
from translator.endpoints.spapi.hosts import Hosts, hosts
from translator.endpoints.spapi.label import Bringing, Labels
from translator.endpoints.spapi.login import Credentials, Logins
from translator.endpoints.spapi.orders import Orders
from translator.endpoints.spapi.submission import Submission
from translator.endpoints.spapi.windows import Rules
from translator.endpoints.spapi.wire import Limits

__all__ = [
    "Account",
    "Bringing",
    "Credentials",
    "Fetched",
    "Hosts",
    "Labels",
    "Limits",
    "Logins",
    "Orders",
    "Rules",
    "Submission",
    "hosts",
]
