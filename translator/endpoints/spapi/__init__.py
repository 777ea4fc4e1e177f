"""Amazon's Selling Partner API (SP-API), Vendor Direct Fulfillment: orders out, submissions in.

One `Account` for each vendor account carries the connection and its tokens; `Orders` collects, `Submission` puts and
looks. Each call is tried once and the truth is told: the table of answers stands in `answers`, the arithmetic of the
windows in `windows`.
"""

from translator.endpoints.spapi.access import Credentials
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.hosts import Hosts, hosts
from translator.endpoints.spapi.orders import Orders
from translator.endpoints.spapi.submission import Submission
from translator.endpoints.spapi.windows import Rules
from translator.endpoints.spapi.wire import Limits

__all__ = ["Account", "Credentials", "Hosts", "Limits", "Orders", "Rules", "Submission", "hosts"]
