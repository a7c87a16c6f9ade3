"""Tokens under key sets with keys that must not verify, beside keys that must (K10 to K15)."""

import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from tests.attacks.case import Case, changed, key_set, without
from tests.attacks.forge import Mint, b64, hmac_signer, signer, unb64
from tests.attacks.keyring import rsa_key
from tests.attacks.pkcs1 import block
from tests.signing_key import SigningKey

WEAK_BITS = 1024

NOT_FOR_SIGNATURES: tuple[dict[str, Any], ...] = (
    {"use": "enc"},
    {"use": "SIG"},
    {"use": ["sig"]},
    {"key_ops": ["encrypt"]},
    {"key_ops": ["sign"]},
    {"key_ops": []},
    {"key_ops": "verify"},
    {"alg": "RSA-OAEP-256"},
    {"alg": "RSA1_5"},
    {"alg": "rs256"},
    {"kty": "rsa"},
)


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield tokens that are rightly signed by a published key that is not fit to verify any."""
    spare = mint.keys.issuer["ES256"].jwk
    for flaw in NOT_FOR_SIGNATURES:
        jwks = key_set({**mint.key.jwk, **flaw}, spare)
        yield Case("K10", f"key with {json.dumps(flaw)}", mint.token(), "key_unknown", jwks)
    yield from _weak_rsa(mint, spare)
    yield from _bad_points(mint)
    yield from _ambiguous(mint, spare)
    yield from _secrets_published(mint, spare)


def legal(mint: Mint) -> Iterator[Case]:
    """Yield good tokens whose key has bad company, which costs the company only."""
    good = mint.key.jwk
    for name, company in _malformed(mint).items():
        yield Case("K13", f"beside {name}", mint.token(), "", key_set(company, good))
    other = mint.keys.attacker.jwk
    twin = changed(other, n=mint.keys.other_issuer.jwk["n"])
    yield Case("K14", "beside two keys of one kid", mint.token(), "", key_set(other, twin, good))
    minimal = without(good, "use", "alg")
    yield Case("K10", "key without use and alg", mint.token(), "", key_set(minimal))
    operations = changed(good, key_ops=["verify"])
    yield Case("K10", "key with key_ops verify", mint.token(), "", key_set(operations))
    extra = changed(good, x5t="YWJj", exp=0, nbf=0, iat=0, comment={"a": [1]})
    yield Case("K13", "key with unknown members", mint.token(), "", key_set(extra))


def _weak_rsa(mint: Mint, spare: dict[str, Any]) -> Iterator[Case]:
    short = SigningKey("RS256", rsa.generate_private_key(65537, WEAK_BITS), "short")
    yield Case(
        "K11", "RSA of 1024 bits", mint.token(key=short), "key_unknown", key_set(short.jwk, spare)
    )

    # With the exponent 1 a signature is the padded digest itself: anybody can write it.
    identity = changed(mint.key.jwk, e=b64(b"\x01"))
    modulus = rsa_key(mint.key).public_key().public_numbers().n
    forged = mint.token(sign=lambda signing_input: block(signing_input, modulus.bit_length() // 8))
    yield Case("K11", "RSA with the exponent 1", forged, "key_unknown", key_set(identity, spare))

    for name, members in {
        "an even exponent": {"e": b64((65538).to_bytes(3))},
        "an even modulus": {"n": b64((modulus + 1).to_bytes(257).lstrip(b"\0"))},
        "the modulus 1": {"n": b64(b"\x01")},
        "an exponent over 2^32": {"e": b64((2**64 + 1).to_bytes(9))},
        "a modulus of 16384 bits": {"n": b64(b"\xff" * 2048)},
        "a modulus of a million bits": {"n": b64(b"\xff" * 90_000)},
        "an empty modulus": {"n": ""},
    }.items():
        jwks = key_set(changed(mint.key.jwk, **members), spare)
        yield Case("K11", f"RSA with {name}", mint.token(), "key_unknown", jwks)


def _bad_points(mint: Mint) -> Iterator[Case]:
    key, spare = mint.keys.issuer["ES256"], mint.key.jwk
    y = int.from_bytes(unb64(key.jwk["y"]))
    off_curve = changed(key.jwk, y=b64((y ^ 1).to_bytes(32)))
    infinity = changed(key.jwk, x=b64(bytes(32)), y=b64(bytes(32)))
    longer = changed(key.jwk, x=b64(b"\0" + unb64(key.jwk["x"])))
    other_curve = {**mint.keys.issuer["ES384"].jwk, "crv": "P-256", "kid": key.kid, "alg": "ES256"}
    for name, jwk in {
        "off its curve": off_curve,
        "at zero": infinity,
        "with a coordinate of 33 bytes": longer,
        "of P-384 called P-256": other_curve,
        "of an unknown curve": changed(key.jwk, crv="P-192"),
        "without y": without(key.jwk, "y"),
    }.items():
        token = mint.token(key=key)
        yield Case("K12", f"point {name}", token, "key_unknown", key_set(jwk, spare))

    short = _key_with_a_leading_zero()
    stripped = changed(short.jwk, x=b64(unb64(short.jwk["x"]).lstrip(b"\0")))
    token = mint.token(key=short)
    yield Case(
        "K12", "coordinate short of its zero", token, "key_unknown", key_set(stripped, spare)
    )

    edwards = mint.keys.issuer["EdDSA"]
    cut = changed(edwards.jwk, x=b64(unb64(edwards.jwk["x"])[:31]))
    token = mint.token(key=edwards)
    yield Case("K12", "Ed25519 key of 31 bytes", token, "key_unknown", key_set(cut, spare))


def _key_with_a_leading_zero() -> SigningKey:
    """Return the first P-256 key, counting private values up, whose x begins with a zero byte."""
    for value in range(1, 10_000):
        private_key = ec.derive_private_key(value, ec.SECP256R1())
        if private_key.public_key().public_numbers().x < 2**248:
            return SigningKey("ES256", private_key, "leading-zero")
    raise AssertionError("one in 256 keys has such a coordinate")


def _malformed(mint: Mint) -> dict[str, Any]:
    good = changed(mint.key.jwk, kid="companion")
    point = changed(mint.keys.issuer["ES256"].jwk, kid="companion")
    return {
        "a key with an array as alg": changed(good, alg=["RS256"]),
        "a key with an object as kty": changed(good, kty={"RSA": 1}),
        "a key with a number as n": changed(good, n=65537),
        "a key with null as e": changed(good, e=None),
        "a key without n": without(good, "n"),
        "a key without kty": without(good, "kty"),
        "a key without kid": without(good, "kid"),
        "a key with a number as kid": changed(good, kid=7),
        "a key that is not base64url": changed(good, n="*" * 342),
        "a key of an unknown type": {"kty": "quantum", "kid": "companion"},
        "a point with a number as x": changed(point, x=1),
        "a point of an unknown curve": changed(point, crv="P-999"),
        "null": None,
        "a number": 7,
        "a string": "key",
        "an array": [good],
        "a shared secret": {"kty": "oct", "kid": "companion", "k": "c2VjcmV0"},
        "a private key": private_jwk(mint.keys.attacker),
    }


def _ambiguous(mint: Mint, spare: dict[str, Any]) -> Iterator[Case]:
    first, attacker = mint.key.jwk, mint.keys.attacker
    second = changed(attacker.jwk, kid=first["kid"])
    by_second = mint.token(sign=signer(attacker))
    for order, jwks in {
        "first": key_set(first, second, spare),
        "last": key_set(second, first, spare),
    }.items():
        yield Case("K14", f"a kid of two keys, ours {order}", mint.token(), "key_unknown", jwks)
        yield Case("K14", f"a kid of two keys, theirs not {order}", by_second, "key_unknown", jwks)
    texts = [json.dumps(keys) for keys in ([first, spare], [second])]
    twice = f'{{"keys":{texts[0]},"keys":{texts[1]}}}'
    yield Case("K14", "two members keys", by_second, "key_unknown", twice)


def private_jwk(key: SigningKey) -> dict[str, Any]:
    """Return the private JWK, as nobody should publish it."""
    jwk = RSAAlgorithm.to_jwk(rsa_key(key), as_dict=True)
    return {**without(jwk, "key_ops"), "kid": key.kid, "use": "sig", "alg": key.algorithm}


def _secrets_published(mint: Mint, spare: dict[str, Any]) -> Iterator[Case]:
    leaked = key_set(private_jwk(mint.key), spare)
    yield Case("K15", "a private key published", mint.token(), "key_unknown", leaked, our_rule=True)
    half = key_set(changed(mint.key.jwk, d="AQAB"), spare)
    yield Case("K15", "a public key with d", mint.token(), "key_unknown", half, our_rule=True)
    secret = {"kty": "oct", "k": b64(b"s" * 32), "kid": "shared", "use": "sig"}
    for name, jwk in {
        "for HS256": changed(secret, alg="HS256"),
        "without alg": secret,
        "that says RS256": changed(secret, alg="RS256"),
        "that says RSA": changed(secret, kty="RSA", alg="RS256"),
    }.items():
        for alg, reason in (("HS256", "algorithm_not_allowed"), ("RS256", "key_unknown")):
            header = mint.header(alg=alg, kid="shared")
            token = mint.token(header, sign=hmac_signer("sha256", b"s" * 32))
            yield Case("K15", f"{alg}, secret {name}", token, reason, key_set(jwk, spare))
