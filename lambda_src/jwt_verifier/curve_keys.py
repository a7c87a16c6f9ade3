"""An EC or OKP JWK -> a key that checks ECDSA or Ed25519 signatures (RFC 7518 3.4, RFC 8037 3.1).

Imported only where an issuer's list has such an algorithm: RS256 alone pays nothing for it.
"""

from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurve,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from jwt_verifier.verification_key import KeyInvalid, VerificationKey, octets_of

_CURVES: Final[Mapping[str, tuple[EllipticCurve, HashAlgorithm]]] = {
    "P-256": (SECP256R1(), SHA256()),
    "P-384": (SECP384R1(), SHA384()),
    "P-521": (SECP521R1(), SHA512()),
}
_ED25519_OCTETS: Final = 32


def ec_key(curve_name: str, jwk: Mapping[str, object]) -> VerificationKey:
    """Return the key for ES256, ES384 or ES512 on its curve.

    Raises:
        KeyInvalid: a coordinate is not of the curve's full length (RFC 7518 section 6.2.1.2), or
            the point is not on the curve.
    """
    curve, digest = _CURVES[curve_name]
    octets = (curve.key_size + 7) // 8
    x, y = (int.from_bytes(_exactly(jwk, member, octets)) for member in ("x", "y"))
    try:
        key = EllipticCurvePublicNumbers(x, y, curve).public_key()
    except ValueError:
        raise KeyInvalid("point") from None
    algorithm = ECDSA(digest)

    def check(signing_input: bytes, signature: bytes) -> bool:
        if len(signature) != 2 * octets:  # R and S, each of full length (RFC 7518 section 3.4)
            return False
        r, s = int.from_bytes(signature[:octets]), int.from_bytes(signature[octets:])
        try:
            key.verify(encode_dss_signature(r, s), signing_input, algorithm)
        except InvalidSignature:
            return False
        return True

    return VerificationKey((curve_name, x, y), check)


def ed25519_key(jwk: Mapping[str, object]) -> VerificationKey:
    """Return the key for Ed25519 (RFC 8037 section 2).

    Raises:
        KeyInvalid: x is not a public key of 32 bytes.
    """
    raw = _exactly(jwk, "x", _ED25519_OCTETS)
    try:
        key = Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise KeyInvalid("point") from None

    def check(signing_input: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, signing_input)
        except InvalidSignature:
            return False
        return True

    return VerificationKey(("Ed25519", int.from_bytes(raw), 0), check)


def _exactly(jwk: Mapping[str, object], member: str, octets: int) -> bytes:
    raw = octets_of(jwk, member, octets)
    if len(raw) != octets:
        raise KeyInvalid(member)
    return raw
