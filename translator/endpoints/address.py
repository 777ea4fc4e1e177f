"""The address of an API: scheme, host and port, nothing more; https, but for a loopback address (the simulator)."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from translator.core.finding import Finding


def wrong(url: str) -> Finding | None:
    """Say what is wrong with an address; None: nothing is."""
    try:
        parts = urlsplit(url)
        bare = parts.hostname and not (parts.username or parts.path.strip("/") or parts.query or parts.fragment)
        whole = bool(bare) and parts.port != 0  # asking for the port raises where it is none
    except ValueError:
        whole = False
    if not whole:
        return Finding("url-shape", "scheme, host and port are meant, nothing more")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback(url)):
        return Finding("url-scheme", "Amazon is asked over https; http only at a loopback address")
    return None


def loopback(url: str) -> bool:
    """Tell whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
