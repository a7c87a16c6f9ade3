"""A public key as KMS gives it -> its JWK. Pure."""

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from key_rotation.errors import KeyNotReady


def public_jwk(der: bytes) -> dict[str, str]:
    """Return the JWK of an RSA public key; its `kid` is its thumbprint (RFC 7517, 7518 6.3, 7638).

    Args:
        der: A SubjectPublicKeyInfo, as KMS gives it.

    Raises:
        KeyNotReady: It is not an RSA key.
    """
    key = load_der_public_key(der)
    if not isinstance(key, RSAPublicKey):
        raise KeyNotReady("KMS has made a key that is not RSA")
    numbers = key.public_numbers()
    required = {"e": _base64url(numbers.e), "kty": "RSA", "n": _base64url(numbers.n)}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    thumbprint = hashlib.sha256(canonical.encode()).digest()
    return {**required, "alg": "RS256", "use": "sig", "kid": _encoded(thumbprint)}


def _base64url(number: int) -> str:
    return _encoded(number.to_bytes((number.bit_length() + 7) // 8))


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
