"""Published advisories of jsonwebtoken, jws and jose (npm), and others that the threat list names.

Each attack is rebuilt against our authorizer.
"""

from functools import partial

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import Bench
from tests.attacks.case import changed, key_set
from tests.attacks.corpus.algorithms import public_key_spellings
from tests.attacks.corpus.signatures import P256_ORDER
from tests.attacks.forge import (
    AUDIENCE,
    ISSUER,
    Mint,
    b64,
    hmac_signer,
    no_signature,
    signer,
    to_json,
)
from tests.attacks.target import PLAIN_ISSUER
from tests.integration.jwks_bench import jwks_bench


def _refused(bench: Bench, token: str, reason: str, jwks: str | None = None) -> None:
    verdict = bench.target(jwks=jwks).judge_token(token)
    assert (verdict.status, verdict.reason) == (401, reason)


def _hs256(mint: Mint, secret: bytes, **header: object) -> str:
    return mint.token(mint.header(alg="HS256", **header), sign=hmac_signer("sha256", secret))


def _blank(raw: bytes, _signing_input: bytes) -> bytes:
    return raw


def test_cve_2015_9235_an_asymmetric_key_for_a_symmetric_algorithm(
    bench: Bench, mint: Mint
) -> None:
    """A3: jsonwebtoken 4.2.2; and CVE-2022-23541 (9.0.0), its key function in two minds."""
    secret = public_key_spellings(mint.key)["PEM"]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


def test_cve_2022_23529_an_object_where_a_key_should_be(bench: Bench, mint: Mint) -> None:
    """K13: withdrawn; an object is not text, wherever a JWK wants one."""
    poisoned = changed(mint.key.jwk, n={"toString": "attacker"}, kid="poisoned")
    token = mint.token(mint.header(kid="poisoned"))
    _refused(bench, token, "key_unknown", key_set(poisoned, mint.key.jwk))


def test_cve_2022_23539_a_key_of_a_type_that_is_not_the_algorithms(
    bench: Bench, mint: Mint
) -> None:
    """A4, A5: jsonwebtoken 9.0.0."""
    key = mint.keys.issuer["ES384"]
    mislabelled = changed(key.jwk, alg="ES256")
    token = mint.token(mint.header(key, alg="ES256"), sign=signer(key, "ES384"))
    _refused(bench, token, "key_unknown", key_set(mislabelled, mint.key.jwk))


def test_cve_2022_23540_no_algorithms_given_means_none(bench: Bench, mint: Mint) -> None:
    """A1: jsonwebtoken 9.0.0; no list at all means RS256 alone, an empty one is an error."""
    with pytest.raises(SettingsInvalid, match="algorithms"):
        bench.target(algorithms=[])
    untold = {name: value for name, value in PLAIN_ISSUER.items() if name != "algorithms"}
    target = bench.trusting({**untold, "jwks_uri": bench.jwks_uri()})
    assert target.judge_token(mint.token()).status == 200
    unsigned = mint.token(mint.header(alg="none"), sign=no_signature)
    assert target.judge_token(unsigned).status == 401
    elliptic = mint.token(key=mint.keys.issuer["ES256"])
    assert target.judge_token(elliptic).reason == "algorithm_not_allowed"


def test_cve_2025_65945_a_secret_that_the_token_chooses(bench: Bench, mint: Mint) -> None:
    """K4, A6: jws 3.2.3; the kid or a claim as the name of an HMAC secret."""
    _refused(bench, _hs256(mint, b"", kid="missing-secret"), "algorithm_not_allowed")


def test_cve_2025_45767_keys_below_the_recommended_length(bench: Bench, mint: Mint) -> None:
    """K11: jose, disputed."""
    weak = changed(mint.key.jwk, n=b64(b"\xc1" * 128), kid="weak")
    token = mint.token(mint.header(kid="weak"))
    _refused(bench, token, "key_unknown", key_set(weak, mint.key.jwk))


def test_cve_2022_21449_a_blank_ecdsa_signature(bench: Bench, mint: Mint) -> None:
    """S2: Java's r = s = 0."""
    key = mint.keys.issuer["ES256"]
    for raw in (bytes(64), P256_ORDER.to_bytes(32) * 2):
        token = mint.token(key=key, sign=partial(_blank, raw))
        _refused(bench, token, "signature_invalid")


def test_cve_2022_39227_json_and_compact_in_one(bench: Bench, mint: Mint) -> None:
    """E10: python-jwt; a JSON serialisation that a compact parser also likes."""
    header, payload, signature = mint.token().split(".")
    forged = b64(to_json(mint.claims(sub="admin")))
    text = f'{{"  {header}.{forged}.":"","protected":"{header}","payload":"{payload}"'
    _refused(bench, f'{text},"signature":"{signature}"}}', "token_malformed")


def test_cve_2026_29000_an_unsigned_token_inside_an_encrypted_one(bench: Bench, mint: Mint) -> None:
    """E10: pac4j; no token is looked for inside another."""
    inner = mint.token(mint.header(alg="none"), sign=no_signature)
    _refused(bench, mint.token(mint.header(cty="JWT"), inner.encode()), "token_malformed")


def test_cve_2024_5798_and_2020_26160_an_audience_of_another_type(bench: Bench, mint: Mint) -> None:
    """I2: Vault, jwt-go."""
    for audience in ([], [AUDIENCE, None], {AUDIENCE: 1}):
        _refused(bench, mint.token(claims=mint.claims(aud=audience)), "claim_rejected")


def test_cve_2026_25537_a_date_of_the_wrong_type_counts_as_absent(bench: Bench, mint: Mint) -> None:
    """T2: jsonwebtoken of Rust 10.3.0."""
    token = mint.token(claims=mint.claims(nbf="99999999999"))
    _refused(bench, token, "claim_rejected")


def test_storm_0558_a_key_of_one_issuer_for_claims_of_another(bench: Bench, mint: Mint) -> None:
    """K9: the consumer key that signed for enterprises."""
    consumer = {**PLAIN_ISSUER, "issuer": "https://consumer.example", "name": "consumer"}
    consumer["jwks_uri"] = bench.jwks_uri(key_set(mint.keys.attacker.jwk))
    target = bench.trusting({**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()}, consumer)
    forged = mint.token(key=mint.keys.attacker, claims=mint.claims(iss=ISSUER))
    assert target.judge_token(forged).reason == "key_unknown"


def test_spring_security_oauth_1793_and_mobula_28_a_cool_down_that_is_lost() -> None:
    """K7: an answer without the kid, or without any key, starts it all the same."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        bench.issuer.jwks = {"keys": []}
        for index in range(100):
            assert bench.unknown(f"kid-{index}").status == 401
        assert bench.fetches == 2
        assert bench.good().status == 401
