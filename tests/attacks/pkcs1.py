"""PKCS#1 v1.5 and PSS blocks, right and wrong, signed with the bare RSA operation (RFC 8017)."""

from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.attacks.forge import Sign

SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 up to the digest (RFC 8017 section 9.2, note 1)."""


def raw(private_key: rsa.RSAPrivateKey, message: int) -> int:
    """Return message^d mod n by way of the two primes (RFC 8017 section 5.2.1, step 2b)."""
    numbers = private_key.private_numbers()
    first = pow(message, numbers.dmp1, numbers.p)
    second = pow(message, numbers.dmq1, numbers.q)
    return second + (first - second) * numbers.iqmp % numbers.p * numbers.q


def octets(private_key: rsa.RSAPrivateKey) -> int:
    """Return the length of the modulus in bytes."""
    return (private_key.key_size + 7) // 8


def padded(digest_info: bytes, length: int) -> bytes:
    """Return the right block around any DigestInfo (RFC 8017 section 9.2)."""
    return b"\x00\x01" + b"\xff" * (length - 3 - len(digest_info)) + b"\x00" + digest_info


def block(signing_input: bytes, length: int) -> bytes:
    """Return the one right block of a signing input under SHA-256."""
    return padded(SHA256_PREFIX + sha256(signing_input).digest(), length)


def raw_signer(private_key: rsa.RSAPrivateKey, make_block: Callable[[bytes, int], bytes]) -> Sign:
    """Return a signer that puts any block, made of the digest and the length, under the key."""

    def sign(signing_input: bytes) -> bytes:
        length = octets(private_key)
        made = make_block(sha256(signing_input).digest(), length)
        return raw(private_key, int.from_bytes(made)).to_bytes(length)

    return sign


def mgf1(seed: bytes, length: int) -> bytes:
    """Return a mask (RFC 8017 appendix B.2.1) under SHA-256."""
    chunks = (sha256(seed + counter.to_bytes(4)).digest() for counter in range(length // 32 + 1))
    return b"".join(chunks)[:length]


def pss_block(
    digest: bytes,
    length: int,
    *,
    salt: bytes = b"s" * 32,
    trailer: bytes = b"\xbc",
    filler: bytes = b"\x00",
    separator: bytes = b"\x01",
) -> bytes:
    """Return an EMSA-PSS block of a 2048-bit key (RFC 8017 section 9.1.1), faulty as asked."""
    hashed = sha256(b"\0" * 8 + digest + salt).digest()
    data = filler * (length - len(salt) - len(hashed) - 2) + separator + salt
    mask = mgf1(hashed, len(data))
    masked = bytearray(left ^ right for left, right in zip(data, mask, strict=True))
    masked[0] &= 0x7F  # the modulus has 8 x length bits, the block one less
    return bytes(masked) + hashed + trailer
