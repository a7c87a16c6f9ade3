"""JWS algorithm and JWK -> a key that checks signatures. The only user of `cryptography` and PyJWT.

RS256/384/512 go straight to `cryptography`. Everything else is PyJWT's, imported only when an
issuer lists such an algorithm, because importing it costs more than the rest of a cold start.
Symmetric algorithms and `none` have no entry here, so no configuration can ask for them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from jwt_verifier import base64url

SignatureCheck = Callable[[bytes, bytes], bool]
"""Takes the signing input and a signature; whether the signature is the key's."""

Material = tuple[str, int, int]
"""What tells two public keys apart whatever their JWKs say: `RSA`, modulus and exponent, or the
name of a curve, x and y (0 where the curve's keys have only x)."""

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192
MIN_RSA_EXPONENT = 2**16 + 1
MAX_RSA_EXPONENT = 2**32


class KeyInvalid(ValueError):
    """The JWK is not a key that this algorithm may be used with."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What a JWK must be for this algorithm: its `kty`, and for curves its `crv` (RFC 7518)."""

    key_type: str
    curve: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key as one algorithm uses it."""

    material: Material
    check: SignatureCheck


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

_PKCS1_HASHES: Final[Mapping[str, HashAlgorithm]] = {
    "RS256": SHA256(),
    "RS384": SHA384(),
    "RS512": SHA512(),
}
_PKCS1_PADDING: Final = PKCS1v15()


def with_other_names(names: Iterable[str]) -> frozenset[str]:
    """Return the algorithms with each one's other name, so that either stands for both."""
    given = frozenset(names)
    return given if given.isdisjoint(_ED25519_NAMES) else given | _ED25519_NAMES


def preload(names: Iterable[str]) -> None:
    """Import now, during init, what these algorithms will need at the first token."""
    if any(name not in _PKCS1_HASHES for name in names):
        import jwt.algorithms  # noqa: F401, PLC0415  # 66 ms that RS256 alone never needs


def verification_key(name: str, jwk: Mapping[str, object]) -> VerificationKey:
    """Return the key that checks the signatures which `name` makes with this JWK's private half.

    Args:
        name: one of `SUPPORTED`.
        jwk: a public JWK whose `kty` and `crv` are those of the algorithm.

    Raises:
        KeyInvalid: the key is malformed, or weaker than RFC 8725 section 3.2 and NIST SP 800-131A
            allow.
    """
    if SUPPORTED[name].key_type != "RSA":
        return _curve_key(name, jwk)
    key = _rsa_key(jwk)
    digest = _PKCS1_HASHES.get(name)
    check = _pss_check(name, key) if digest is None else _pkcs1_check(key, digest)
    numbers = key.public_numbers()
    return VerificationKey(("RSA", numbers.n, numbers.e), check)


def _rsa_key(jwk: Mapping[str, object]) -> RSAPublicKey:
    modulus, exponent = _unsigned(jwk, "n"), _unsigned(jwk, "e")
    if not MIN_RSA_BITS <= modulus.bit_length() <= MAX_RSA_BITS or modulus % 2 == 0:
        raise KeyInvalid("RSA modulus")
    if not MIN_RSA_EXPONENT <= exponent <= MAX_RSA_EXPONENT or exponent % 2 == 0:
        raise KeyInvalid("RSA exponent")
    return RSAPublicNumbers(exponent, modulus).public_key()


def _unsigned(jwk: Mapping[str, object], member: str) -> int:
    """A Base64urlUInt (RFC 7518 section 2), no longer than the largest modulus with a sign byte."""
    text = jwk.get(member)
    if not isinstance(text, str) or len(text) > MAX_RSA_BITS // 6 + 3:
        raise KeyInvalid(member)
    try:
        return int.from_bytes(base64url.decode(text))
    except base64url.Base64urlInvalid:
        raise KeyInvalid(member) from None


def _pkcs1_check(key: RSAPublicKey, digest: HashAlgorithm) -> SignatureCheck:
    octets = (key.key_size + 7) // 8

    def check(signing_input: bytes, signature: bytes) -> bool:
        if len(signature) != octets:  # RFC 8017 section 8.2.2 step 1
            return False
        try:
            key.verify(signature, signing_input, _PKCS1_PADDING, digest)
        except InvalidSignature:
            return False
        return True

    return check


def _pss_check(name: str, key: RSAPublicKey) -> SignatureCheck:
    algorithm, octets = _pyjwt_algorithm(name), (key.key_size + 7) // 8

    def check(signing_input: bytes, signature: bytes) -> bool:
        return len(signature) == octets and bool(algorithm.verify(signing_input, key, signature))

    return check


def _curve_key(name: str, jwk: Mapping[str, object]) -> VerificationKey:
    from jwt.exceptions import PyJWTError  # noqa: PLC0415  # see `preload`

    for member in ("x", "y") if SUPPORTED[name].key_type == "EC" else ("x",):
        if not isinstance(jwk.get(member), str):
            raise KeyInvalid(member)
    algorithm = _pyjwt_algorithm(name)
    try:
        key = algorithm.from_jwk(dict(jwk))
    except (PyJWTError, ValueError, UnsupportedAlgorithm):
        raise KeyInvalid("point") from None

    def check(signing_input: bytes, signature: bytes) -> bool:
        return bool(algorithm.verify(signing_input, key, signature))

    return VerificationKey((str(jwk["crv"]), *_point(key)), check)


def _point(key: Any) -> tuple[int, int]:  # noqa: ANN401  # a public key of any of the curves
    if hasattr(key, "public_numbers"):
        numbers = key.public_numbers()
        return numbers.x, numbers.y
    return int.from_bytes(key.public_bytes_raw()), 0


def _pyjwt_algorithm(name: str) -> Any:  # noqa: ANN401  # each of PyJWT's has other key types
    from jwt.algorithms import get_default_algorithms  # noqa: PLC0415  # see `preload`

    return get_default_algorithms()["EdDSA" if name in _ED25519_NAMES else name]
