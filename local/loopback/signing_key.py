"""A private key that signs tokens with RS256, made at start and kept in memory only."""

from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

_ALGORITHM = "RS256"
_BITS = 2048


class SigningKey:
    """A new key.

    Args:
        kid: What its tokens carry.
    """

    def __init__(self, kid: str) -> None:
        self._kid = kid
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
        self.public_key = self._key.public_key()

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as its issuer publishes it (RFC 7517)."""
        members = RSAAlgorithm.to_jwk(self.public_key, as_dict=True)
        public = {name: members[name] for name in ("kty", "n", "e")}
        return {**public, "kid": self._kid, "use": "sig", "alg": _ALGORITHM}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return a JWT of these claims."""
        return jwt.encode(dict(claims), self._key, _ALGORITHM, headers={"kid": self._kid})
