"""Content <-> a cookie's value that only we can read or make: AES-256-GCM. Pure but for the nonce.

A value is base64url of version (1 byte), nonce (12 bytes), ciphertext and tag. The name of the
cookie and the version are authenticated with it: no cookie serves in another's place.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from session.errors import CookieInvalid

VERSION: Final = b"\x01"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
"""Drawn at random: one key may seal 2**32 values (NIST SP 800-38D section 8.3), so rotate it."""


def key_of(secret: str) -> bytes:
    """The AES key that a secret stands for (HKDF, RFC 5869)."""
    derivation = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"session cookie AES-256-GCM 1")
    return derivation.derive(secret.encode())


def sealed(key: bytes, cookie: str, content: bytes) -> str:
    """A value for the cookie of this name."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, content, _associated(cookie))
    return _encoded(VERSION + nonce + ciphertext)


def opened(keys: Iterable[bytes], cookie: str, value: str) -> bytes:
    """What was sealed into the cookie of this name, with any of the keys.

    Raises:
        CookieInvalid: Tampered with, truncated, of another cookie, version or key.
    """
    raw = _decoded(value)
    version, nonce, ciphertext = raw[:1], raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :]
    if version != VERSION or len(nonce) != NONCE_BYTES:
        raise CookieInvalid("the cookie is of another version", "cookie_version")
    for key in keys:
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, _associated(cookie))
        except (InvalidTag, ValueError):  # a ValueError: too short to hold a tag
            continue
    raise CookieInvalid("no key opens the cookie", "cookie_sealed_otherwise")


def _associated(cookie: str) -> bytes:
    return VERSION + cookie.encode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(value: str) -> bytes:
    """Exactly what `_encoded` makes: a bit that is of no account would be a way to change it."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if _encoded(raw) != value:
        raise CookieInvalid("the cookie is no base64url", "cookie_malformed")
    return raw
