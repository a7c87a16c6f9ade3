"""An RSA JWK -> a key that checks PKCS1-v1_5 or PSS signatures (RFC 7518 sections 3.3, 3.5)."""

from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import (
    MGF1,
    PSS,
    AsymmetricPadding,
    PKCS1v15,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from jwt_verifier.verification_key import KeyInvalid, SignatureCheck, VerificationKey, octets_of

MIN_RSA_BITS: Final = 2048
MAX_RSA_BITS: Final = 8192
MIN_RSA_EXPONENT: Final = 2**16 + 1
MAX_RSA_EXPONENT: Final = 2**32

_HASHES: Final[Mapping[str, HashAlgorithm]] = {"256": SHA256(), "384": SHA384(), "512": SHA512()}


def rsa_key(name: str, jwk: Mapping[str, object]) -> VerificationKey:
    """Return the key for `RS256` to `PS512`.

    Raises:
        KeyInvalid: it is malformed, or weaker than RFC 8725 section 3.2 and NIST SP 800-131A allow.
    """
    modulus, exponent = _unsigned(jwk, "n"), _unsigned(jwk, "e")
    if not MIN_RSA_BITS <= modulus.bit_length() <= MAX_RSA_BITS or modulus % 2 == 0:
        raise KeyInvalid("RSA modulus")
    if not MIN_RSA_EXPONENT <= exponent <= MAX_RSA_EXPONENT or exponent % 2 == 0:
        raise KeyInvalid("RSA exponent")
    key = RSAPublicNumbers(exponent, modulus).public_key()
    return VerificationKey(("RSA", modulus, exponent), _check(name, key))


def _unsigned(jwk: Mapping[str, object], member: str) -> int:
    """Decode a Base64urlUInt (RFC 7518 section 2), at most the largest modulus with a sign byte."""
    return int.from_bytes(octets_of(jwk, member, MAX_RSA_BITS // 8 + 1))


def _check(name: str, key: RSAPublicKey) -> SignatureCheck:
    digest = _HASHES[name[2:]]
    padding: AsymmetricPadding = PKCS1v15()
    if name.startswith("PS"):
        padding = PSS(mgf=MGF1(digest), salt_length=digest.digest_size)
    octets = (key.key_size + 7) // 8

    def check(signing_input: bytes, signature: bytes) -> bool:
        if len(signature) != octets:  # RFC 8017 sections 8.1.2 and 8.2.2, step 1
            return False
        try:
            key.verify(signature, signing_input, padding, digest)
        except InvalidSignature:
            return False
        return True

    return check
