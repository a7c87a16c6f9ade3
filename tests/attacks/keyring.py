"""Real keys for forged tokens, made once a session: making an RSA key is the slow part."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.signing_key import SigningKey, generate_private_key


@dataclass(frozen=True, slots=True)
class Keyring:
    """The issuer's keys by algorithm, and the keys of an attacker and of another issuer."""

    issuer: Mapping[str, SigningKey]
    attacker: SigningKey
    other_issuer: SigningKey

    def jwks(self) -> dict[str, Any]:
        """The set that the issuer publishes."""
        return {"keys": [key.jwk for key in self.issuer.values()]}


ALGORITHMS = (
    ("RS256", "RS384", "RS512"),  # one RSA key a row
    ("PS256", "PS384", "PS512"),
    ("ES256",),
    ("ES384",),
    ("ES512",),
    ("EdDSA",),
)


@cache
def keyring() -> Keyring:
    """Return the session's keys; kids look like Cognito's."""
    issuer: dict[str, SigningKey] = {}
    for names in ALGORITHMS:
        private_key = generate_private_key(names[0])
        for name in names:
            issuer[name] = SigningKey(name, private_key, f"{name}-kid+abcdefghijklmnop=")
    return Keyring(
        issuer,
        SigningKey("RS256", generate_private_key("RS256"), "attacker"),
        SigningKey("RS256", generate_private_key("RS256"), issuer["RS256"].kid),
    )


def rsa_key(key: SigningKey) -> rsa.RSAPrivateKey:
    """Return a key's private half, which must be RSA."""
    assert isinstance(key.private_key, rsa.RSAPrivateKey)
    return key.private_key


def ec_key(key: SigningKey) -> ec.EllipticCurvePrivateKey:
    """Return a key's private half, which must be on a NIST curve."""
    assert isinstance(key.private_key, ec.EllipticCurvePrivateKey)
    return key.private_key
