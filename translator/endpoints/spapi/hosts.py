"""Where Amazon is: its host by region, and who we say we are.

Promises: https only, but for a loopback address (the simulator). In trouble: Misconfigured, before any secret is read.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from translator import __version__
from translator.core.finding import Finding, Misconfigured, suggestion
from translator.endpoints.address import loopback, wrong

REGIONS: Final = {region: f"https://sellingpartnerapi-{region}.amazon.com" for region in ("na", "eu", "fe")}
SANDBOXES: Final = {region: f"https://sandbox.sellingpartnerapi-{region}.amazon.com" for region in REGIONS}
LOGIN: Final = "https://api.amazon.com"
LONGEST_AGENT: Final = 500  # Amazon refuses more


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where the API and Login with Amazon (LWA) answer: scheme, host and port, nothing more."""

    api: str
    login: str

    @property
    def sandbox(self) -> bool:
        """Tell whether this is Amazon's sandbox."""
        return self.api in SANDBOXES.values()

    @property
    def tokens(self) -> str:
        """Say where restricted data tokens are given: a sandbox takes those of production, and gives none that opens."""
        return next((REGIONS[region] for region, url in SANDBOXES.items() if url == self.api), self.api)


def hosts(region: str, api: str = "", login: str = "", *, sandbox: bool = False) -> Hosts:
    """Give a region's hosts, or those named instead: the simulator. Raises Misconfigured."""
    if region not in REGIONS:
        hint = suggestion(region, REGIONS) or f"one of {', '.join(REGIONS)}"
        raise Misconfigured([Finding("region-unknown", f"no region '{region}'", hint=hint)])
    if not login:  # a pretend Amazon is its own LWA: its secrets do not go to the real one
        login = api if loopback(api) else LOGIN
    return Hosts(_checked(api or (SANDBOXES if sandbox else REGIONS)[region]), _checked(login))


def user_agent() -> str:
    """Say who we are, as Amazon requires of every request."""
    language = f"Python/{platform.python_version()}"
    agent = f"translator/{__version__} (Language={language}; Platform={platform.system()}/{platform.release()})"
    return agent if len(agent) <= LONGEST_AGENT else f"translator/{__version__} (Language={language})"


def _checked(url: str) -> str:
    if found := wrong(url):
        raise Misconfigured([replace(found, hint=REGIONS["na"])])
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
