"""JWS algorithm -> a private key that signs tokens, made at start and kept in memory only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import Algorithm, get_default_algorithms

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | Ed25519PrivateKey

RSA_BITS = 2048

_CURVES: Mapping[str, ec.EllipticCurve] = {
    "ES256": ec.SECP256R1(),
    "ES384": ec.SECP384R1(),
    "ES512": ec.SECP521R1(),
}


jwt.register_algorithm("Ed25519", get_default_algorithms()["EdDSA"])  # RFC 9864: PyJWT has it not


def jws_algorithm(name: str) -> Algorithm:
    """Return PyJWT's algorithm of this JWS name."""
    return get_default_algorithms()["EdDSA" if name == "Ed25519" else name]


def generate_private_key(algorithm: str) -> PrivateKey:
    """Return a new private key for a JWS algorithm: RS*, PS*, ES*, EdDSA or Ed25519."""
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm])
    if algorithm in ("EdDSA", "Ed25519"):
        return Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the algorithm and the kid that its tokens carry."""

    algorithm: str
    private_key: PrivateKey
    kid: str

    @classmethod
    def generate(cls, algorithm: str) -> "SigningKey":
        """Return a new key; its kid is a digest of its public half."""
        private_key = generate_private_key(algorithm)
        public = json.dumps(_public_jwk(algorithm, private_key), sort_keys=True)
        return cls(algorithm, private_key, sha256(public.encode()).hexdigest()[:22])

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as its issuer publishes it (RFC 7517)."""
        public = _public_jwk(self.algorithm, self.private_key)
        return {**public, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
        """Return a JWT of these claims; `header` overrides members, None removes one."""
        members = {"kid": self.kid, **(header or {})}
        if members["kid"] is None:
            # PyJWT leaves a None out by itself, except here: it wants a string or no member.
            del members["kid"]
        return jwt.encode(dict(claims), self.private_key, algorithm=self.algorithm, headers=members)


def _public_jwk(algorithm: str, private_key: PrivateKey) -> dict[str, Any]:
    jwk: dict[str, Any] = jws_algorithm(algorithm).to_jwk(private_key.public_key(), as_dict=True)
    return {name: value for name, value in jwk.items() if name not in ("key_ops", "alg", "use")}
