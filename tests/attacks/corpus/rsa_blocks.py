"""Hostile tokens with faulty RSA blocks, made with the real private key (rows S5 and S6).

A verifier that parses the block instead of comparing the whole of it takes some of these.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha1, sha256, sha512

from tests.attacks.case import Case
from tests.attacks.forge import Mint, b64
from tests.attacks.keyring import rsa_key
from tests.attacks.pkcs1 import SHA256_PREFIX, padded, pss_block, raw_signer

MakeBlock = Callable[[bytes, int], bytes]

SHA1_PREFIX = bytes.fromhex("3021300906052b0e03021a05000414")
SHA512_PREFIX = bytes.fromhex("3051300d060960864801650304020305000440")
WITHOUT_NULL = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20"


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield RS256 and PS256 tokens whose block is not the one that RFC 8017 makes."""
    rs256, ps256 = rsa_key(mint.key), rsa_key(mint.keys.issuer["PS256"])
    for name, make in _pkcs1_faults().items():
        token = mint.token(sign=raw_signer(rs256, make))
        yield Case("S5", name, token, "signature_invalid")
    yield Case("S5", "the cube root of a block with garbage", _cube_root(mint), "signature_invalid")
    for name, make in _pss_faults().items():
        token = mint.token(key=mint.keys.issuer["PS256"], sign=raw_signer(ps256, make))
        yield Case("S6", name, token, "signature_invalid")
    good_pss = mint.token(sign=raw_signer(rs256, pss_block))
    yield Case("S6", "a good PSS block under RS256", good_pss, "signature_invalid")


def _pkcs1_faults() -> Mapping[str, MakeBlock]:
    def info(prefix: bytes, tail: bytes = b"") -> MakeBlock:
        return lambda digest, length: padded(prefix + digest + tail, length)

    return {
        "block type 0": lambda d, n: b"\0\0" + padded(SHA256_PREFIX + d, n)[2:],
        "block type 2": lambda d, n: b"\0\x02" + padded(SHA256_PREFIX + d, n)[2:],
        "first byte 1": lambda d, n: b"\x01\x01" + padded(SHA256_PREFIX + d, n)[2:],
        "no DigestInfo": padded,
        "no padding": lambda d, n: (b"\0\x01\0" + SHA256_PREFIX + d).ljust(n, b"\0"),
        "eight bytes of padding, then garbage": _short_padding,
        "garbage before the DigestInfo": lambda d, n: padded(b"garbage" + SHA256_PREFIX + d, n),
        "garbage behind the digest": info(SHA256_PREFIX, b"garbage"),
        "a zero behind the digest": info(SHA256_PREFIX, b"\0"),
        "padding of zeros": lambda d, n: _repadded(d, n, b"\0"),
        "padding of 0xFE": lambda d, n: _repadded(d, n, b"\xfe"),
        "one byte of the padding wrong": _one_padding_byte,
        "a separator of 0xFF": lambda d, n: padded(SHA256_PREFIX + d, n).replace(
            b"\xff\0" + SHA256_PREFIX[:4], b"\xff\xff" + SHA256_PREFIX[:4]
        ),
        "no NULL parameters": info(WITHOUT_NULL),
        "NULL of length 1": info(bytes.fromhex("3032300e06096086480165030402010501000420")),
        "BER: long length of the sequence": info(b"\x30\x81\x31" + SHA256_PREFIX[2:]),
        "BER: two-byte length of the sequence": info(b"\x30\x82\x00\x31" + SHA256_PREFIX[2:]),
        "BER: long length of the digest": info(b"\x30\x32" + SHA256_PREFIX[2:-1] + b"\x81\x20"),
        "BER: indefinite length": info(b"\x30\x80" + SHA256_PREFIX[2:], b"\0\0"),
        "wrong length of the sequence": info(b"\x30\x32" + SHA256_PREFIX[2:]),
        "wrong length of the digest": info(SHA256_PREFIX[:-1] + b"\x1f"),
        "no digest": lambda _d, n: padded(SHA256_PREFIX[:-1] + b"\0", n),
        "the digest cut": lambda d, n: padded(SHA256_PREFIX + d[:-1], n),
        "the digest reversed": lambda d, n: padded(SHA256_PREFIX + d[::-1], n),
        "the digest twice": lambda d, n: padded(SHA256_PREFIX + d + d, n),
        "SHA-1 by name": lambda d, n: padded(SHA1_PREFIX + d[:20], n),
        "SHA-1 of the digest": lambda d, n: padded(
            SHA1_PREFIX + sha1(d, usedforsecurity=False).digest(), n
        ),
        "SHA-512 by name": lambda d, n: padded(SHA512_PREFIX + sha512(d).digest(), n),
        "SHA-384's name": info(SHA256_PREFIX.replace(b"\x02\x01\x05", b"\x02\x02\x05")),
        "an unknown hash": info(SHA256_PREFIX.replace(b"\x02\x01\x05", b"\x02\x7f\x05")),
        "a sequence too many": info(b"\x30\x33" + SHA256_PREFIX),
        "a wrong tag for the digest": info(SHA256_PREFIX[:-2] + b"\x03\x20"),
        "a wrong tag for the parameters": info(SHA256_PREFIX.replace(b"\x05\0\x04", b"\x06\0\x04")),
        "zero": lambda _d, n: bytes(n),
        "one": lambda _d, n: (1).to_bytes(n),
    }


def _short_padding(digest: bytes, length: int) -> bytes:
    start = b"\0\x01" + b"\xff" * 8 + b"\0" + SHA256_PREFIX + digest
    return start + b"\x5a" * (length - len(start))


def _repadded(digest: bytes, length: int, filler: bytes) -> bytes:
    info = SHA256_PREFIX + digest
    return b"\0\x01" + filler * (length - 3 - len(info)) + b"\0" + info


def _one_padding_byte(digest: bytes, length: int) -> bytes:
    made = bytearray(padded(SHA256_PREFIX + digest, length))
    made[20] = 0x7F
    return bytes(made)


def _cube_root(mint: Mint) -> str:
    """Return Bleichenbacher's forgery of 2006: it needs no key where e is 3 and tails are ignored."""
    text = mint.token().rpartition(".")[0]
    wanted = _short_padding(sha256(text.encode()).digest(), 256)
    low, high = 0, 2**700
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**3 < int.from_bytes(wanted) else (low, middle)
    return f"{text}.{b64(low.to_bytes(256))}"


def _pss_faults() -> Mapping[str, MakeBlock]:
    return {
        "no salt": partial(pss_block, salt=b""),
        "a salt of 20 bytes": partial(pss_block, salt=b"s" * 20),
        "a salt of 31 bytes": partial(pss_block, salt=b"s" * 31),
        "a salt of 33 bytes": partial(pss_block, salt=b"s" * 33),
        "a salt of 64 bytes": partial(pss_block, salt=b"s" * 64),
        "the longest salt": partial(pss_block, salt=b"s" * 222),
        "trailer 0xBD": partial(pss_block, trailer=b"\xbd"),
        "trailer 0xCC": partial(pss_block, trailer=b"\xcc"),
        "filler 0x01": partial(pss_block, filler=b"\x01"),
        "separator 0x02": partial(pss_block, separator=b"\x02"),
        "another digest": lambda d, n: pss_block(d[::-1], n),
        "SHA-512 inside": lambda d, n: pss_block(sha512(d).digest(), n),
        "a PKCS#1 v1.5 block": lambda d, n: padded(SHA256_PREFIX + d, n),
        "zero": lambda _d, n: bytes(n),
    }
