"""A public key as one algorithm uses it: what the modules of each key type make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jwt_verifier import base64url

SignatureCheck = Callable[[bytes, bytes], bool]
"""Takes the signing input and a signature; whether the signature is the key's."""

Material = tuple[str, int, int]
"""What tells two public keys apart whatever their JWKs say: `RSA`, modulus and exponent, or the
name of a curve, x and y (0 where the curve's keys have only x)."""


class KeyInvalid(ValueError):
    """The JWK is not a key that this algorithm may be used with."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key as one algorithm uses it."""

    material: Material
    check: SignatureCheck


def octets_of(jwk: Mapping[str, object], member: str, most_octets: int) -> bytes:
    """Return a member's bytes (RFC 7518 section 2).

    Raises:
        KeyInvalid: it is not canonical base64url of at most `most_octets` bytes.
    """
    text = jwk.get(member)
    if not isinstance(text, str) or len(text) > (most_octets * 4 + 2) // 3:
        raise KeyInvalid(member)
    try:
        return base64url.decode(text)
    except base64url.Base64urlInvalid:
        raise KeyInvalid(member) from None
