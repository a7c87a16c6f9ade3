"""A client's secret <-> what the table keeps of it: scrypt with a salt of its own (RFC 7914).

Secrets are 256 random bits, which nobody guesses; the hash stands between a read of the table and
the use of a client.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

SECRET_BYTES: Final = 32
SALT_BYTES: Final = 16
COST: Final = 2**14
BLOCK_SIZE: Final = 8
PARALLELISM: Final = 1
"""16 MiB and some 40 ms of a whole CPU for each try (OWASP, Password Storage Cheat Sheet)."""

_PREFIX: Final = f"scrypt${COST}${BLOCK_SIZE}${PARALLELISM}"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A new secret, to be shown once, and its hash, to be kept."""

    secret: str
    hashed: str


def new_secret() -> NewSecret:
    """Make a secret that is safe in a URL, a form and a header."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return NewSecret(secret, _hashed(secret, secrets.token_bytes(SALT_BYTES)))


UNKNOWN_CLIENT: Final = "$".join((_PREFIX, "A" * 22 + "==", "A" * 43 + "="))
"""A hash that no secret has, so that an unknown client costs exactly what a known one does."""


def is_right(secret: str, hashed: str) -> bool:
    """Whether the secret has this hash; takes the same time for any secret and any hash of ours."""
    salt = base64.b64decode(hashed.split("$")[4])
    return hmac.compare_digest(_hashed(secret, salt).encode(), hashed.encode())


def _hashed(secret: str, salt: bytes) -> str:
    digest = hashlib.scrypt(
        secret.encode(), salt=salt, n=COST, r=BLOCK_SIZE, p=PARALLELISM, dklen=32
    )
    return "$".join((_PREFIX, *(base64.b64encode(part).decode() for part in (salt, digest))))
