"""Hostile tokens whose `alg` is not what the key is for (rows A1 to A7)."""

import json
from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.attacks.case import Case
from tests.attacks.forge import ABSENT, Mint, b64, hmac_signer, no_signature, signer, unb64
from tests.attacks.keyring import rsa_key
from tests.signing_key import SigningKey

NONE_SPELLINGS = ("none", "None", "NONE", "nOnE", "nonE", "none ", " none", "", "none\u0000")
RS256_SPELLINGS = ("rs256", "Rs256", "RS256 ", " RS256", "RS-256", "\uff32\uff33256", "RS256\u0000")
NO_STRINGS: tuple[object, ...] = (None, 0, 256, True, ["RS256"], [], {"RS256": 1})


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield tokens that an exact, configured list of asymmetric algorithms refuses."""
    yield from _none(mint)
    yield from _no_string(mint)
    yield from _public_key_as_secret(mint)
    yield from _other_algorithm_than_the_keys(mint)
    yield from _other_curve(mint)
    yield from _shared_secrets(mint)
    for alg in RS256_SPELLINGS:
        token = mint.token(mint.header(alg=alg), sign=signer(mint.key))
        yield Case("A7", f"alg {alg!a}, rightly signed", token, "algorithm_not_allowed")


def _none(mint: Mint) -> Iterator[Case]:
    for alg in NONE_SPELLINGS:
        header = mint.header(alg=alg)
        unsigned = mint.token(header, sign=no_signature)
        yield Case("A1", f"alg {alg!a}, no signature", unsigned, "token_malformed")
        signed = mint.token(header, sign=signer(mint.key))
        yield Case("A1", f"alg {alg!a}, somebody's signature", signed, "algorithm_not_allowed")


def _no_string(mint: Mint) -> Iterator[Case]:
    for alg in (ABSENT, *NO_STRINGS):
        name = "missing" if alg is ABSENT else json.dumps(alg)
        token = mint.token(mint.header(alg=alg), sign=signer(mint.key))
        yield Case("A2", f"alg {name}", token, "algorithm_not_allowed")


def public_key_spellings(key: SigningKey) -> Mapping[str, bytes]:
    """Return every text of an RSA public key that a verifier might hold as a shared secret."""
    public, jwk = rsa_key(key).public_key(), key.jwk
    spki, pkcs1 = PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1
    pem = public.public_bytes(Encoding.PEM, spki)
    pkcs1_pem = public.public_bytes(Encoding.PEM, pkcs1)
    ssh = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return {
        "PEM": pem,
        "PEM without its last line break": pem.strip(),
        "PEM with CRLF": pem.replace(b"\n", b"\r\n"),
        "PEM on one line": pem.replace(b"\n", b""),
        "PEM after a blank": b" " + pem,
        "PEM after a byte order mark": b"\xef\xbb\xbf" + pem,
        "PKCS#1 PEM": pkcs1_pem,
        "DER": public.public_bytes(Encoding.DER, spki),
        "PKCS#1 DER": public.public_bytes(Encoding.DER, pkcs1),
        "base64 of DER": b"".join(pem.splitlines()[1:-1]),
        "SSH": ssh,
        "SSH with a comment": ssh + b" someone@example",
        "JWK": json.dumps(jwk).encode(),
        "JWK, compact": json.dumps(jwk, separators=(",", ":")).encode(),
        "JWK in an array": json.dumps([jwk]).encode(),
        "JWKS": json.dumps({"keys": [jwk]}).encode(),
        "modulus": unb64(jwk["n"]),
        "modulus as text": jwk["n"].encode(),
        "kid": jwk["kid"].encode(),
    }


def _public_key_as_secret(mint: Mint) -> Iterator[Case]:
    spellings = public_key_spellings(mint.key)
    for name, secret in spellings.items():
        token = mint.token(mint.header(alg="HS256"), sign=hmac_signer("sha256", secret))
        yield Case("A3", f"HS256 with the public key: {name}", token, "algorithm_not_allowed")
    for bits in ("384", "512"):
        for name in ("PEM", "JWK"):
            sign = hmac_signer(f"sha{bits}", spellings[name])
            token = mint.token(mint.header(alg=f"HS{bits}"), sign=sign)
            yield Case(
                "A3", f"HS{bits} with the public key: {name}", token, "algorithm_not_allowed"
            )
    forged = mint.token(mint.header(), sign=hmac_signer("sha256", spellings["PEM"]))
    yield Case("A3", "RS256 in the header, HMAC underneath", forged, "signature_invalid")


def _other_algorithm_than_the_keys(mint: Mint) -> Iterator[Case]:
    keys = mint.keys.issuer
    for claimed, kid_of in (
        ("RS384", "RS256"),
        ("RS512", "RS256"),
        ("PS256", "RS256"),
        ("RS256", "PS256"),
        ("RS256", "RS512"),
        ("PS512", "PS256"),
    ):
        key = keys[kid_of]
        token = mint.token(mint.header(key, alg=claimed), sign=signer(key, claimed))
        yield Case("A4", f"{claimed} with a key for {kid_of}", token, "key_mismatch")
    for claimed, used in (("RS256", "RS384"), ("RS256", "RS512"), ("PS256", "PS384")):
        key = keys[claimed]
        token = mint.token(mint.header(key), sign=signer(key, used))
        yield Case("A4", f"{claimed} claimed, {used} used", token, "signature_invalid")
    swapped = mint.token(mint.header(), sign=signer(mint.key, "PS256"))
    yield Case("A4", "RS256 claimed, PS256 used", swapped, "signature_invalid")


def _other_curve(mint: Mint) -> Iterator[Case]:
    keys = mint.keys.issuer
    for claimed, of in (
        ("ES256", "ES384"),
        ("ES384", "ES256"),
        ("ES256", "ES512"),
        ("ES512", "ES256"),
    ):
        token = mint.token(mint.header(keys[of], alg=claimed), sign=signer(keys[of]))
        yield Case("A5", f"{claimed} under a key for {of}", token, "key_mismatch")
    for claimed, of in (
        ("EdDSA", "RS256"),
        ("Ed25519", "ES256"),
        ("ES256", "RS256"),
        ("RS256", "ES256"),
    ):
        token = mint.token(mint.header(keys[of], alg=claimed), sign=signer(keys[of]))
        yield Case("A5", f"{claimed} under a key for {of}", token, "key_mismatch")
    for claimed in ("ES256K", "ES521"):
        token = mint.token(mint.header(keys["ES256"], alg=claimed), sign=signer(keys["ES256"]))
        yield Case("A5", f"alg {claimed}", token, "algorithm_not_allowed")
    ed448 = Ed448PrivateKey.generate()
    token = mint.token(mint.header(keys["EdDSA"]), sign=ed448.sign)
    yield Case("A5", "Ed448 under an Ed25519 key", token, "signature_invalid")


def _shared_secrets(mint: Mint) -> Iterator[Case]:
    for secret in (b"", b"secret", b"changeme", b"\x00" * 32, b64(b"secret").encode()):
        token = mint.token(mint.header(alg="HS256"), sign=hmac_signer("sha256", secret))
        yield Case("A6", f"HS256 with {secret!r}", token, "algorithm_not_allowed")
