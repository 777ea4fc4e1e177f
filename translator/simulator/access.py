"""Who may do what: Login with Amazon, restricted data tokens, and the look at a caller's token.

Promises: a token opens what it was given for, until it expires by the clock that is handed in. In trouble it raises `Refused`
with the reply to give: OAuth's shape from the token endpoint, Amazon's `errors` everywhere else.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from translator.simulator.settings import AmazonSettings
from translator.simulator.wire import Call, Reply, refusal

ORDERS = "/vendor/directFulfillment/orders/{V}/"
SHIPPING = "/vendor/directFulfillment/shipping/{V}/"
VERSIONS = ("v1", "2021-12-28")
PO = "{purchaseOrderNumber}"
GET_FAMILIES = (
    *(ORDERS + tail for tail in ("purchaseOrders", f"purchaseOrders/{PO}")),
    *(
        SHIPPING + name + tail
        for name in ("shippingLabels", "packingSlips", "customerInvoices")
        for tail in ("", f"/{PO}")
    ),
)
RESTRICTED = frozenset(
    [("GET", path.replace("{V}", version)) for path in GET_FAMILIES for version in VERSIONS]
    + [("POST", f"/vendor/directFulfillment/shipping/2021-12-28/shippingLabels/{PO}")],
)
LONGEST_AGENT = 500


class Refused(Exception):
    """The caller gets this reply instead of what was asked for."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Token:
    expires: datetime
    opens: frozenset[tuple[str, str]] | None = None
    """What a restricted data token opens; None: a plain access token."""


@dataclass(slots=True)
class Access:
    settings: AmazonSettings
    tokens: dict[str, Token] = field(default_factory=dict, repr=False)

    def log_in(self, call: Call, now: datetime) -> Reply:
        """The refresh-token grant."""
        form = _form(call)
        settings = self.settings
        if form.get("grant_type") != "refresh_token":
            raise _oauth(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        if "scope" in form or "refresh_token" not in form:
            raise _oauth(400, "invalid_request", "A refresh_token is required, and no scope.")
        if (form.get("client_id"), form.get("client_secret")) != (settings.client_id, settings.client_secret):
            raise _oauth(401, "invalid_client", "Client authentication failed.")
        if form["refresh_token"] != settings.refresh_token:
            raise _oauth(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token.")
        token = self._issue("Atza|", Token(self._end(now)))
        answer = {"access_token": token, "refresh_token": settings.refresh_token}
        return Reply(200, answer | {"token_type": "bearer", "expires_in": settings.token_seconds})

    def restrict(self, resources: list[dict[str, Any]], now: datetime) -> Reply:
        """A restricted data token for resources that have passed the field rules."""
        if any("dataElements" in resource for resource in resources):
            raise refused(
                400, "InvalidInput", "Application does not have access to one or more requested data elements."
            )
        wanted = frozenset((resource["method"], resource["path"]) for resource in resources)
        if not all(_is_restricted(method, path) for method, path in wanted):
            raise refused(400, "InvalidInput", "Application do not have access to some or all requested resource")
        token = self._issue("Atz.sprdt|", Token(self._end(now), wanted))
        return Reply(200, {"restrictedDataToken": token, "expiresIn": self.settings.token_seconds})

    def admit(self, call: Call, now: datetime, *, restricted: bool) -> None:
        """Returns when the caller may go on."""
        _check_agent(call)
        token = self._token(call, now)
        if restricted != (token.opens is not None) or not _opens(token, call):
            raise refused(403, "Unauthorized", "Access to requested resource is denied.")

    def revoke_all(self) -> None:
        self.tokens.clear()

    def _token(self, call: Call, now: datetime) -> Token:
        text = call.headers.get("x-amz-access-token")
        if not text:
            raise refused(403, "MissingAuthenticationToken", "The x-amz-access-token header is missing.")
        token = self.tokens.get(text)
        if token is None:
            raise refused(403, "Unauthorized", "The access token you provided is not valid.")
        if token.expires <= now:
            raise refused(403, "Unauthorized", "The access token you provided has expired.")
        return token

    def _issue(self, prefix: str, token: Token) -> str:
        text = f"{prefix}{uuid4().hex}{uuid4().hex}"
        self.tokens[text] = token
        return text

    def _end(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.settings.token_seconds)


def refused(status: int, code: str, message: str) -> Refused:
    return Refused(refusal(status, code, message))


def same_place(template: str, path: str) -> bool:
    """Whether a path is one of a template's; a part in braces stands for any one part."""
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(_same_part(*pair) for pair in zip(wanted, given, strict=True))


def _same_part(wanted: str, given: str) -> bool:
    return wanted == given or (wanted.startswith("{") and wanted.endswith("}") and given != "")


def _is_restricted(method: str, path: str) -> bool:
    """A part that is no placeholder of Amazon's stands for itself: such a path is let through, and opens nothing."""
    return "?" not in path and any(method == m and same_place(template, path) for m, template in RESTRICTED)


def _opens(token: Token, call: Call) -> bool:
    if token.opens is None:
        return True
    return any(call.method == method and _covers(method, path, call.path) for method, path in token.opens)


def _covers(method: str, given: str, path: str) -> bool:
    return same_place(given, path) if (method, given) in RESTRICTED else given == path


def _check_agent(call: Call) -> None:
    agent = call.headers.get("user-agent", "")
    if "Language=" not in agent or len(agent) > LONGEST_AGENT:
        raise refused(
            400, "InvalidInput", "A user-agent that names its Language, of at most 500 characters, is required."
        )


def _form(call: Call) -> dict[str, str]:
    if not call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise _oauth(400, "invalid_request", "The content type must be application/x-www-form-urlencoded.")
    try:
        fields = parse_qs(call.body.decode("utf-8"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise _oauth(400, "invalid_request", "The request body is no form.") from None
    if any(len(values) > 1 for values in fields.values()):
        raise _oauth(400, "invalid_request", "A parameter is repeated.")
    return {name: values[0] for name, values in fields.items()}


def _oauth(status: int, error: str, description: str) -> Refused:
    return Refused(Reply(status, {"error": error, "error_description": description}))
