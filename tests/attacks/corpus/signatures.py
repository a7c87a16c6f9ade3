"""Hostile tokens whose signature is none, or nearly one: all families (rows S1 to S4, S7, S9)."""

import json
from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.attacks.case import Case
from tests.attacks.forge import Mint, b64, signer, unb64
from tests.attacks.keyring import rsa_key

P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P384_ORDER: Final = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    16,
)
ED25519_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
ED25519_FIELD: Final = 2**255 - 19


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield tokens that only a check of the whole signature refuses."""
    yield from _cut_or_foreign(mint)
    yield from _flipped(mint)
    yield from _ecdsa_corners(mint)
    yield from _ecdsa_encodings(mint)
    yield from _rsa_lengths(mint)
    yield from _ed25519(mint)
    yield from _claims_changed(mint)


def legal(mint: Mint) -> Iterator[Case]:
    """Yield the second valid text that ECDSA gives every token (row S8)."""
    for algorithm, order in (("ES256", P256_ORDER), ("ES384", P384_ORDER)):
        text, r, s, size = _signed(mint, algorithm)
        yield Case("S8", f"{algorithm} with r and n - s", _token(text, r, order - s, size))


def _cut_or_foreign(mint: Mint) -> Iterator[Case]:
    for algorithm, key in mint.keys.issuer.items():
        text, _, signature = mint.token(key=key).rpartition(".")
        yield Case("S1", f"{algorithm}, no signature", f"{text}.", "token_malformed")
        raw = unb64(signature)
        yield Case("S1", f"{algorithm}, cut", f"{text}.{b64(raw[:-1])}", "signature_invalid")
    text, _, signature = mint.token().rpartition(".")
    other = mint.token(claims=mint.claims(sub="someone else")).rpartition(".")[2]
    raw = unb64(signature)
    for name, wrong in {
        "another token's signature": unb64(other),
        "its first byte": raw[:1],
        "zeros": bytes(len(raw)),
        "ones": b"\xff" * len(raw),
        "the signature twice": raw + raw,
        "the signing input": text.encode()[: len(raw)],
    }.items():
        yield Case("S1", name, f"{text}.{b64(wrong)}", "signature_invalid")


def _flipped(mint: Mint) -> Iterator[Case]:
    for algorithm in ("RS256", "PS256", "ES256", "EdDSA"):
        text, _, signature = mint.token(key=mint.keys.issuer[algorithm]).rpartition(".")
        raw = unb64(signature)
        for index in (0, len(raw) // 2, len(raw) - 1):
            wrong = bytearray(raw)
            wrong[index] ^= 0x01
            token = f"{text}.{b64(bytes(wrong))}"
            yield Case(
                "S1", f"{algorithm}, bit flipped in byte {index}", token, "signature_invalid"
            )


def _signed(mint: Mint, algorithm: str) -> tuple[str, int, int, int]:
    key = mint.keys.issuer[algorithm]
    text, _, signature = mint.token(key=key).rpartition(".")
    raw = unb64(signature)
    size = len(raw) // 2
    return text, int.from_bytes(raw[:size]), int.from_bytes(raw[size:]), size


def _token(text: str, r: int, s: int, size: int) -> str:
    return f"{text}.{b64(r.to_bytes(size) + s.to_bytes(size))}"


def _ecdsa_corners(mint: Mint) -> Iterator[Case]:
    for algorithm, order in (("ES256", P256_ORDER), ("ES384", P384_ORDER)):
        text, r, s, size = _signed(mint, algorithm)
        largest = 2 ** (8 * size) - 1
        for name, pair in {
            "r = s = 0": (0, 0),
            "r = 0": (0, s),
            "s = 0": (r, 0),
            "r = s = 1": (1, 1),
            "r = 0, s = 1": (0, 1),
            "r = 1, s = 0": (1, 0),
            "r = n": (order, s),
            "s = n": (r, order),
            "r = s = n": (order, order),
            "r = n - 1, s = 1": (order - 1, 1),
            "r = s = n - 1": (order - 1, order - 1),
            "r and s largest": (largest, largest),
            "s one more": (r, (s + 1) % order),
            "r negated": (order - r, s),
        }.items():
            token = _token(text, *pair, size)
            yield Case("S2", f"{algorithm}, {name}", token, "signature_invalid")


def _ecdsa_encodings(mint: Mint) -> Iterator[Case]:
    text, r, s, size = _signed(mint, "ES256")
    half = (r.to_bytes(size), s.to_bytes(size))
    for name, wrong in {
        "DER": encode_dss_signature(r, s),
        "halves swapped": half[1] + half[0],
        "33-byte halves": b"\0" + half[0] + b"\0" + half[1],
        "a zero in front": b"\0" + half[0] + half[1],
        "a zero behind": half[0] + half[1] + b"\0",
        "r alone": half[0],
        "halves of P-384's size": r.to_bytes(48) + s.to_bytes(48),
    }.items():
        yield Case("S3", f"ES256, {name}", f"{text}.{b64(wrong)}", "signature_invalid")


def _rsa_lengths(mint: Mint) -> Iterator[Case]:
    for algorithm in ("RS256", "PS256"):
        key = mint.keys.issuer[algorithm]
        modulus = rsa_key(key).public_key().public_numbers().n
        text, _, signature = mint.token(key=key).rpartition(".")
        raw = unb64(signature)
        raised = int.from_bytes(raw) + modulus
        negated = modulus - int.from_bytes(raw)
        for name, wrong in {
            "a zero in front": b"\0" + raw,
            "a zero behind": raw + b"\0",
            "s + n": raised.to_bytes(len(raw) + 1).removeprefix(b"\0"),
            "n - s": negated.to_bytes(len(raw)),
            "n itself": modulus.to_bytes(len(raw)),
        }.items():
            yield Case("S4", f"{algorithm}, {name}", f"{text}.{b64(wrong)}", "signature_invalid")
        yield Case(
            "S4",
            f"{algorithm}, its leading zero dropped",
            _zero_dropped(mint, algorithm),
            "signature_invalid",
        )


def _zero_dropped(mint: Mint, algorithm: str) -> str:
    """Return a token whose signature began with a zero byte: one in 256 does."""
    key = mint.keys.issuer[algorithm]
    for attempt in range(10_000):
        text, _, signature = mint.token(key=key, claims=mint.claims(jti=str(attempt))).rpartition(
            "."
        )
        raw = unb64(signature)
        if raw[0] == 0:
            return f"{text}.{b64(raw[1:])}"
    raise AssertionError("one in 256 signatures begins with a zero byte")


def _ed25519(mint: Mint) -> Iterator[Case]:
    text, _, signature = mint.token(key=mint.keys.issuer["EdDSA"]).rpartition(".")
    raw = unb64(signature)
    point, scalar = raw[:32], int.from_bytes(raw[32:], "little")
    raised = (scalar + ED25519_ORDER).to_bytes(32, "little")
    for name, wrong in {
        "S + L": point + raised,
        "R of small order": (1).to_bytes(32, "little") + raw[32:],
        "R = 0 and S = 0": bytes(64),
        "R the identity and S = 0": (1).to_bytes(32, "little") + bytes(32),
        "R not reduced": (ED25519_FIELD + 1).to_bytes(32, "little") + bytes(32),
        "S largest": point + b"\xff" * 32,
        "63 bytes": raw[:63],
        "65 bytes": raw + b"\0",
        "halves swapped": raw[32:] + raw[:32],
    }.items():
        yield Case("S7", f"Ed25519, {name}", f"{text}.{b64(wrong)}", "signature_invalid")


def _claims_changed(mint: Mint) -> Iterator[Case]:
    header, payload, signature = mint.token().split(".")
    claims = json.loads(unb64(payload))
    for name, value in {"sub": "admin", "scope": "admin", "exp": claims["exp"] + 1}.items():
        changed = b64(json.dumps({**claims, name: value}).encode())
        yield Case("S9", f"{name} changed", f"{header}.{changed}.{signature}", "signature_invalid")
    respelled = b64(json.dumps(claims, indent=1).encode())
    yield Case("S9", "respelled", f"{header}.{respelled}.{signature}", "signature_invalid")
    by_attacker = mint.token(sign=signer(mint.keys.attacker))
    yield Case("S9", "signed by somebody else", by_attacker, "signature_invalid")
