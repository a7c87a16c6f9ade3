"""The shortest honest code on `cryptography`: what is physically left. No verifier to use.

It checks the signature, `exp`, `iss`, `client_id` and `token_use`, length, alphabet and canonical
form. It leaves out what a product owes: `nbf`, `iat`, leeway, duplicate members, depth, scopes and
groups, rotation of keys, a reason for each refusal.
"""

import json
import time
from binascii import a2b_base64
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

USE: Final = "access"
MOST_BYTES: Final = 8_192
_TO_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_PADDING: Final = (b"", b"", b"==", b"=")
_LAST: Final = (None, frozenset[int](), frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))
_SCAN: Final = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # undocumented


def _decode(segment: bytes) -> bytes:
    rest = len(segment) & 3
    if rest and segment[-1] not in (_LAST[rest] or ()):
        raise ValueError
    return a2b_base64(segment.translate(_TO_STANDARD) + _PADDING[rest], strict_mode=True)


def _key(jwk: Mapping[str, str]) -> RSAPublicKey:
    exponent, modulus = (int.from_bytes(_decode(jwk[name].encode())) for name in ("e", "n"))
    return RSAPublicNumbers(exponent, modulus).public_key()


def floor(question: Mapping[str, Any]) -> Callable[[str], dict[str, Any]]:
    """Return a verifier that only the benchmark may use."""
    keys = {jwk["kid"]: _key(jwk) for jwk in question["jwks"]["keys"]}
    issuer, client = question["issuer"], question["client_id"]
    padding, digest, now = PKCS1v15(), SHA256(), time.time
    known: dict[bytes, RSAPublicKey] = {}

    def verify(token: str) -> dict[str, Any]:
        raw = token.encode("ascii")
        if len(raw) > MOST_BYTES or b"+" in raw or b"/" in raw:
            raise ValueError
        signed, _, signature = raw.rpartition(b".")
        head, _, body = signed.partition(b".")
        key = known.get(head)
        if key is None:
            header = json.loads(_decode(head))
            if header["alg"] != "RS256" or "crit" in header:
                raise ValueError
            key = keys[header["kid"]]
        key.verify(_decode(signature), signed, padding, digest)
        known[head] = key
        text = _decode(body).decode()
        claims: dict[str, Any]
        claims, end = _SCAN(text, 0)
        if end != len(text) or claims["iss"] != issuer or claims["exp"] <= now():
            raise ValueError
        if claims["client_id"] != client or claims["token_use"] != USE:
            raise ValueError
        return claims

    return verify


def raw_signature(question: Mapping[str, Any]) -> Callable[[str], None]:
    """Return the check of signatures alone, as `cryptography` makes it: parts cut beforehand."""
    keys = {jwk["kid"]: _key(jwk) for jwk in question["jwks"]["keys"]}
    verify, padding, digest = keys[question["kid"]].verify, PKCS1v15(), SHA256()
    parts = {}
    for token in question["tokens"]["good"]:
        signed, _, signature = token.encode().rpartition(b".")
        parts[token] = (_decode(signature), signed)

    def check(token: str) -> None:
        signature, signed = parts[token]
        verify(signature, signed, padding, digest)

    return check


def cache_hit(question: Mapping[str, Any]) -> Callable[[str], dict[str, Any]]:
    """Return what a cache of verified tokens would take where it has the token: its best case."""
    verify, now = floor(question), time.time
    kept = {sha256(token.encode()).digest(): verify(token) for token in question["tokens"]["good"]}

    def find(token: str) -> dict[str, Any]:
        claims = kept[sha256(token.encode()).digest()]
        if claims["exp"] <= now():
            raise ValueError
        return claims

    return find
