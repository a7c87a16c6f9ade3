"""Content <-> a cookie's value that only we can read or make: AES-256-GCM. Pure but for the salt.

A value is base64url of version (1 byte), key id (8), salt (24), ciphertext and tag. What stands
before the ciphertext is authenticated with it, and so is the name of the cookie: none serves in
another's place.

Key and nonce of each value are derived from its own salt (HKDF, RFC 5869). So no key seals twice,
and no count of values nears the bound of AES-GCM (NIST SP 800-38D section 8.3).
"""

import base64
import binascii
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from session.errors import CookieForeign, CookieInvalid

VERSION: Final = b"\x02"
"""Changes with the layout, or with what is sealed: a release knows its own version alone."""

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 8
SALT_BYTES: Final = 24
NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(VERSION) + KEY_ID_BYTES + SALT_BYTES


class KeyUnknown(CookieForeign):
    """It may be sealed with a key that another environment has had earlier."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """What a version of the secret stands for: its id may be seen, its root not."""

    id: bytes
    root: bytes = field(repr=False)


def derive_key(secret: str) -> SealKey:
    """Derive a key from a secret."""
    return SealKey(
        _derived(secret.encode(), None, b"session cookie key id 2", KEY_ID_BYTES),
        _derived(secret.encode(), None, b"session cookie root 2", KEY_BYTES),
    )


def seal(key: SealKey, cookie: str, content: bytes) -> str:
    """Seal a value for the cookie of this name."""
    head = VERSION + key.id + secrets.token_bytes(SALT_BYTES)
    cipher, nonce = _cipher(key, head)
    return _encoded(head + cipher.encrypt(nonce, content, head + cookie.encode()))


def unseal(keys: Iterable[SealKey], cookie: str, value: str) -> bytes:
    """Unseal the value of the cookie of this name with one of the keys.

    Raises:
        CookieInvalid: Tampered with, truncated, or of another cookie.
        CookieForeign: Of another release.
        KeyUnknown: Of another key.
    """
    raw = _decoded(value)
    head, ciphertext = raw[:_HEAD_BYTES], raw[_HEAD_BYTES:]
    if head[:1] != VERSION:
        raise CookieForeign("the cookie is from another release", "cookie_version")
    key_id = head[1 : 1 + KEY_ID_BYTES]
    key = next((key for key in keys if key.id == key_id), None)
    if key is None:
        raise KeyUnknown("the cookie was not sealed with one of our keys", "cookie_key_unknown")
    cipher, nonce = _cipher(key, head)
    try:
        return cipher.decrypt(nonce, ciphertext, head + cookie.encode())
    except (InvalidTag, ValueError):  # a ValueError: too short to hold a tag
        raise CookieInvalid("the cookie was changed", "cookie_sealed_otherwise") from None


def _cipher(key: SealKey, head: bytes) -> tuple[AESGCM, bytes]:
    salt = head[-SALT_BYTES:]
    derived = _derived(key.root, salt, b"session cookie value 2", KEY_BYTES + NONCE_BYTES)
    return AESGCM(derived[:KEY_BYTES]), derived[KEY_BYTES:]


def _derived(material: bytes, salt: bytes | None, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=purpose).derive(material)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(value: str) -> bytes:
    """Decode exactly what `_encoded` makes: a bit that is ignored could be changed."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or _encoded(raw) != value:
        raise CookieInvalid("the cookie is not base64url", "cookie_malformed")
    return raw
