"""The closed list of JWS algorithms, and JWK -> a key that checks signatures by one of them.

Symmetric algorithms and `none` have no entry here, so no configuration can ask for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from jwt_verifier.rsa_keys import rsa_key
from jwt_verifier.verification_key import VerificationKey


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What a JWK must be for this algorithm: its `kty`, and for curves its `crv` (RFC 7518)."""

    key_type: str
    curve: str | None = None


SUPPORTED: Final[Mapping[str, Algorithm]] = {
    "RS256": Algorithm("RSA"),
    "RS384": Algorithm("RSA"),
    "RS512": Algorithm("RSA"),
    "PS256": Algorithm("RSA"),
    "PS384": Algorithm("RSA"),
    "PS512": Algorithm("RSA"),
    "ES256": Algorithm("EC", "P-256"),
    "ES384": Algorithm("EC", "P-384"),
    "ES512": Algorithm("EC", "P-521"),
    "EdDSA": Algorithm("OKP", "Ed25519"),
    "Ed25519": Algorithm("OKP", "Ed25519"),
}

_ED25519_NAMES: Final = frozenset({"EdDSA", "Ed25519"})
"""RFC 9864 section 2.2 names the algorithm by its curve and deprecates the name EdDSA, which stood
for Ed448 too. Here there is only Ed25519, so the two are one algorithm."""


_UNSUPPORTED: Final = frozenset(
    (
        *("none", "HS256", "HS384", "HS512", "ES256K", "Ed448"),
        *("ML-DSA-44", "ML-DSA-65", "ML-DSA-87"),
    )
)
"""Names that are registered (IANA, JSON Object Signing and Encryption) and not supported."""


def in_words(name: str) -> str:
    """Return a token's `alg` as a log may have it: a registered name, or that it is not one."""
    return name if name in SUPPORTED or name in _UNSUPPORTED else "not a registered algorithm"


def with_other_names(names: Iterable[str]) -> frozenset[str]:
    """Return the algorithms with each one's other name, so that either stands for both."""
    given = frozenset(names)
    return given if given.isdisjoint(_ED25519_NAMES) else given | _ED25519_NAMES


def preload(names: Iterable[str]) -> None:
    """Import now, during init, what these algorithms will need at the first token."""
    if any(SUPPORTED[name].curve for name in names):
        import jwt_verifier.curve_keys  # noqa: F401, PLC0415  # RS256 alone never needs it


def verification_key(name: str, jwk: Mapping[str, object]) -> VerificationKey:
    """Return the key that checks the signatures which `name` makes with this JWK's private half.

    Args:
        name: one of `SUPPORTED`.
        jwk: a public JWK whose `kty` and `crv` are those of the algorithm.

    Raises:
        KeyInvalid: the key is malformed, or weaker than RFC 8725 section 3.2 and NIST SP 800-131A
            allow.
    """
    curve = SUPPORTED[name].curve
    if curve is None:
        return rsa_key(name, jwk)
    from jwt_verifier.curve_keys import ec_key, ed25519_key  # noqa: PLC0415  # see `preload`

    return ed25519_key(jwk) if name in _ED25519_NAMES else ec_key(curve, jwk)
