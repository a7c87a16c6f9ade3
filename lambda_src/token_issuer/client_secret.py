"""A client's secret <-> what the table keeps of it: scrypt with a salt of its client's (RFC 7914).

Secrets are 256 random bits, which nobody guesses; the hash stands between a read of the table and
the use of a client. The two secrets of one client have one salt: a secret costs one hash to check,
however many are valid, and so an unknown client costs what a known one does.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

SECRET_BYTES: Final = 32
SALT_BYTES: Final = 16
MAX_SECRETS: Final = 2
"""The one in use and the one that replaces it."""

COST: Final = 2**14
BLOCK_SIZE: Final = 8
PARALLELISM: Final = 1
"""16 MiB and some 40 ms of a whole CPU for each try (OWASP, Password Storage Cheat Sheet)."""

_PREFIX: Final = f"scrypt${COST}${BLOCK_SIZE}${PARALLELISM}"
_HASH: Final = re.compile(rf"{re.escape(_PREFIX)}\$[A-Za-z0-9+/]{{22}}==\$[A-Za-z0-9+/]{{43}}=")
_SECRET_ID_CHARACTERS: Final = 8


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A new secret, to be shown once, and its hash, to be kept."""

    secret: str
    hashed: str


def new_secret(beside: Collection[str] = ()) -> NewSecret:
    """Make a secret that is safe in a URL, a form and a header.

    Args:
        beside: The hashes of the client's other secrets, whose salt it shares.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    salt = _salt(min(beside)) if beside else secrets.token_bytes(SALT_BYTES)
    return NewSecret(secret, _hashed(secret, salt))


def secret_id(hashed: str) -> str:
    """Return an administrator's name for a secret: the beginning of its hash's SHA-256."""
    return hashlib.sha256(hashed.encode()).hexdigest()[:_SECRET_ID_CHARACTERS]


UNKNOWN_CLIENT: Final = ("$".join((_PREFIX, "A" * 22 + "==", "A" * 43 + "=")),)
"""Hashes that no secret has, so that an unknown client costs exactly what a known one does."""


def hash_problem(hashes: Collection[str]) -> str:
    """Say what is wrong with the hashes of one client; empty if nothing is."""
    if not all(map(_HASH.fullmatch, hashes)):
        return "one is not a hash in our format"
    if len({_salt(hashed) for hashed in hashes}) > 1:
        return "they have different salts"
    return ""


def is_right(secret: str, hashes: Collection[str]) -> bool:
    """Return whether the secret has one of these hashes.

    Args:
        secret: What the caller sends.
        hashes: Of one client, at least one, without a `hash_problem`; the time that this takes
            depends on nothing but their number.
    """
    given = _hashed(secret, _salt(min(hashes))).encode()
    # All are compared, so that the time does not tell which one it is.
    matches = [hmac.compare_digest(given, hashed.encode()) for hashed in hashes]
    return any(matches)


def _salt(hashed: str) -> bytes:
    return base64.b64decode(hashed.split("$")[4])


def _hashed(secret: str, salt: bytes) -> str:
    digest = hashlib.scrypt(
        secret.encode(), salt=salt, n=COST, r=BLOCK_SIZE, p=PARALLELISM, dklen=32
    )
    return "$".join((_PREFIX, *(base64.b64encode(part).decode() for part in (salt, digest))))
