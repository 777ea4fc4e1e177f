"""The old algorithms of SSH that a site may allow one server, each with what is wrong with it.

All of them are off unless the server's place names them. What is not here is not there at all: DSA keys, the 1,024-bit
key exchange group1, arcfour, blowfish and single DES are gone from the library, and nobody should bring them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Part = Literal["kex", "key", "cipher", "mac"]


@dataclass(frozen=True, slots=True)
class Old:
    """One old algorithm: which part of the connection it serves, and why it is a risk."""

    part: Part
    risk: str


_SHA1: Final = "SHA-1: whoever can make collisions may stand between us and the server"
_CBC: Final = "CBC: parts of what is sent may be guessed by who changes packets under way"
_MAC: Final = "an old checksum: changed packets are harder to tell"

OLD: Final[dict[str, Old]] = {
    "diffie-hellman-group14-sha1": Old("kex", _SHA1),
    "diffie-hellman-group-exchange-sha1": Old("kex", _SHA1),
    "ssh-rsa": Old("key", _SHA1),
    "aes128-cbc": Old("cipher", _CBC),
    "aes192-cbc": Old("cipher", _CBC),
    "aes256-cbc": Old("cipher", _CBC),
    "3des-cbc": Old("cipher", "3DES: so small a block repeats itself within some gigabytes"),
    "hmac-sha1": Old("mac", _MAC),
    "hmac-sha1-96": Old("mac", _MAC),
    "hmac-md5": Old("mac", _MAC),
    "hmac-md5-96": Old("mac", _MAC),
}
