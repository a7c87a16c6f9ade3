"""Every published advisory of PyJWT that concerns verification, rebuilt against our authorizer.

The docstring names the library's version in which it was mended, and the row that it belongs to.
"""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import Bench
from tests.attacks.case import changed, key_set, without
from tests.attacks.corpus.algorithms import public_key_spellings
from tests.attacks.corpus.key_sets import WEAK_BITS, private_jwk
from tests.attacks.forge import ISSUER, Mint, b64, hmac_signer, no_signature, signer, to_json
from tests.integration.faults import FAST, healthy
from tests.integration.faulty_issuer import Conversation
from tests.integration.jwks_bench import HOUR_SECONDS, jwks_bench
from tests.signing_key import SigningKey


def _refused(bench: Bench, token: str, reason: str, jwks: str | None = None) -> None:
    verdict = bench.target(jwks=jwks).judge_token(token)
    assert (verdict.status, verdict.reason) == (401, reason)


def _hs256(mint: Mint, secret: bytes, **header: object) -> str:
    return mint.token(mint.header(alg="HS256", **header), sign=hmac_signer("sha256", secret))


def test_cve_2017_11424_a_pkcs1_public_key_as_secret(bench: Bench, mint: Mint) -> None:
    """A3: 1.5.1."""
    secret = public_key_spellings(mint.key)["PKCS#1 PEM"]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


@pytest.mark.parametrize("spelling", ["SSH", "SSH with a comment", "DER", "PEM"])
def test_cve_2022_29217_a_public_key_in_a_format_off_the_block_list(
    spelling: str, bench: Bench, mint: Mint
) -> None:
    """A3: 2.4.0."""
    secret = public_key_spellings(mint.key)[spelling]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


@pytest.mark.parametrize("issuer", [ISSUER[:-1], ISSUER[8:], "https", "issuer", "."])
def test_cve_2024_53861_a_part_of_the_issuer(issuer: str, bench: Bench, mint: Mint) -> None:
    """I1: 2.10.1."""
    _refused(bench, mint.token(claims=mint.claims(iss=issuer)), "issuer_unknown")


def test_cve_2025_45768_a_key_too_short_to_trust(bench: Bench, mint: Mint) -> None:
    """K11: disputed; since 2.11.0 PyJWT warns. A shared secret has no place here at all."""
    short = SigningKey("RS256", rsa.generate_private_key(65537, WEAK_BITS), "short")
    jwks = key_set(short.jwk, mint.key.jwk)
    _refused(bench, mint.token(key=short), "key_unknown", jwks)
    _refused(bench, _hs256(mint, b"short"), "algorithm_not_allowed")


def test_cve_2026_32597_an_unknown_critical_extension(bench: Bench, mint: Mint) -> None:
    """E9: 2.12.0."""
    token = mint.token(mint.header(crit=["x-policy"], **{"x-policy": "must-enforce"}))
    _refused(bench, token, "header_not_allowed")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/a", "data:,{}"])
def test_cve_2026_48522_a_file_as_the_address_of_keys(url: str, bench: Bench, mint: Mint) -> None:
    """N6: 2.13.0; from the configuration it stops the start, from a token it is not read."""
    with pytest.raises(SettingsInvalid, match="jwks_uri"):
        bench.trusting({"name": "a", "issuer": ISSUER, "audiences": ["a"], "jwks_uri": url})
    token = mint.token(mint.header(jku=url, kid="attacker"), sign=signer(mint.keys.attacker))
    _refused(bench, token, "key_unknown")


def test_cve_2026_48523_a_listed_alg_in_the_header_and_another_under_the_key(
    bench: Bench, mint: Mint
) -> None:
    """A4: 2.13.0; the list allows RS256 alone, the published key is for PS256."""
    key = mint.keys.issuer["PS256"]
    forged = mint.token(mint.header(key, alg="RS256"), sign=signer(key, "PS256"))
    narrow = bench.target(algorithms=["RS256"])
    assert narrow.judge_token(forged).reason == "key_unknown"
    wide = bench.target(algorithms=["RS256", "PS256"])
    assert wide.judge_token(forged).reason == "key_mismatch"


def test_cve_2026_48524_one_failed_fetch_wipes_the_cache() -> None:
    """N1: 2.13.0."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.issuer.fault = FAST["a reset"]
        bench.clocks.advance(HOUR_SECONDS)
        assert bench.unknown("unknown").status == 500
        assert bench.good().status == 200


def test_cve_2026_48525_an_unencoded_payload_is_decoded_all_the_same(
    bench: Bench, mint: Mint
) -> None:
    """E9: 2.13.0; the header is refused before the payload is decoded."""
    header = b64(to_json(mint.header(b64=False, crit=["b64"])))
    _refused(bench, f"{header}.{'A' * 9000}.AAAA", "header_not_allowed")
    _refused(bench, f"{header}.{'A' * 20_000}.AAAA", "token_oversized")


def test_cve_2026_48526_a_jwk_as_secret(bench: Bench, mint: Mint) -> None:
    """A3: 2.13.0."""
    for spelling in ("JWK", "JWK, compact"):
        secret = public_key_spellings(mint.key)[spelling]
        _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


def test_cve_2026_101917_a_fetch_for_every_unknown_kid() -> None:
    """K7: 2.14.0, GHSA-2gx3-rcp4-g85q."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        for index in range(200):
            assert bench.unknown(f"kid-{index}").status == 401
        assert bench.fetches == 1


def test_cve_2026_101918_nesting_in_a_payload_that_nobody_signed(bench: Bench, mint: Mint) -> None:
    """E6: 2.15.0."""
    nested = b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"
    token = mint.token(claims=nested, sign=lambda _input: b"none")
    _refused(bench, token, "token_malformed")


def test_cve_2026_102265_nesting_in_a_header(bench: Bench, mint: Mint) -> None:
    """E6: 2.14.0, GHSA-8wjv-2p76-3863."""
    nested = b'{"alg":"RS256","kid":' + b"[" * 3000 + b"]" * 3000 + b"}"
    _refused(bench, mint.token(nested, sign=lambda _input: b"none"), "token_malformed")


def test_cve_2026_102266_an_empty_secret_in_the_key_set(bench: Bench, mint: Mint) -> None:
    """K15, A6: 2.14.0, GHSA-9j54-fg26-wv3r and GHSA-pxh4-856f-4h89."""
    empty = {"kty": "oct", "k": "", "kid": "empty", "alg": "HS256"}
    jwks = key_set(empty, mint.key.jwk)
    _refused(bench, _hs256(mint, b"", kid="empty"), "algorithm_not_allowed", jwks)


def test_cve_2026_102267_a_redirect_to_an_attackers_keys() -> None:
    """N4: 2.14.0, GHSA-9v7f-9g4p-ffgj."""

    def fault(talk: Conversation) -> None:
        (healthy if talk.path == "/trap" else FAST["a redirect 302"])(talk)

    with jwks_bench(fault) as bench:
        bench.issuer.jwks = {"keys": [bench.mint.keys.attacker.jwk]}
        forged = bench.mint.token(key=bench.mint.keys.attacker)
        assert bench.target.judge_token(forged).status == 500
        assert bench.issuer.requests == ["/jwks"]


@pytest.mark.parametrize(
    "spelling",
    ["PEM on one line", "PEM after a blank", "PEM with CRLF", "PEM without its last line break"],
)
def test_cve_2026_102268_a_respaced_pem_as_secret(spelling: str, bench: Bench, mint: Mint) -> None:
    """A3: 2.14.0, GHSA-ffc3-869f-jxw9."""
    secret = public_key_spellings(mint.key)[spelling]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


@pytest.mark.parametrize("tail", ["!!!!", "=", "==", "====", "\n", " ", "%", "~"])
def test_cve_2026_102269_a_signature_with_a_tail(tail: str, bench: Bench, mint: Mint) -> None:
    """E1: 2.14.0, GHSA-hxm8-2xgr-2p9m; padding came back with 2.15.1."""
    _refused(bench, mint.token() + tail, "token_malformed")


def test_cve_2026_102270_a_payload_beside_the_token(bench: Bench, mint: Mint) -> None:
    """E10: 2.14.0, GHSA-jwrc-g2q2-pq5p; there is no argument for a detached payload here."""
    header, payload, signature = mint.token().split(".")
    _refused(bench, f"{header}..{signature}", "token_malformed")
    assert bench.target().judge_token(f"{header}.{payload}.{signature}").status == 200


@pytest.mark.parametrize(
    "spelling",
    ["DER", "PKCS#1 DER", "base64 of DER", "PEM after a byte order mark", "JWKS"],
)
def test_cve_2026_102271_and_102272_a_public_key_in_yet_another_form(
    spelling: str, bench: Bench, mint: Mint
) -> None:
    """A3: 2.14.0, GHSA-p4g4-x82p-q773 and GHSA-r6x4-923q-g947."""
    secret = public_key_spellings(mint.key)[spelling]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


def test_cve_2026_102273_a_public_key_nested_in_json(bench: Bench, mint: Mint) -> None:
    """A3: 2.14.0, GHSA-w2cx-738m-mc7w."""
    for nested in ([mint.key.jwk], {"keys": [mint.key.jwk]}, {"a": {"b": [mint.key.jwk]}}):
        _refused(bench, _hs256(mint, json.dumps(nested).encode()), "algorithm_not_allowed")


def test_cve_2026_102274_one_malformed_key_takes_the_set_down(bench: Bench, mint: Mint) -> None:
    """K13: 2.14.0, GHSA-w6j9-cwv2-h6wq; and what 2.15.1 still falls over."""
    broken = changed(mint.key.jwk, kid="broken")
    for malformed in (
        changed(broken, n="!"),
        changed(broken, e=""),
        without(broken, "n"),
        changed(broken, alg=["RS256"]),
        changed(broken, n=["AQAB"]),
        None,
    ):
        jwks = key_set(malformed, mint.key.jwk)
        assert bench.target(jwks=jwks).judge_token(mint.token()).status == 200


def test_cve_2026_102275_a_private_key_whose_public_half_is_anothers(
    bench: Bench, mint: Mint
) -> None:
    """K15: 2.15.0; a JWK with a private half is never used, matching or not."""
    edwards = mint.keys.issuer["EdDSA"]
    mixed = changed(edwards.jwk, d=b64(b"d" * 32))
    _refused(bench, mint.token(key=edwards), "key_unknown", key_set(mixed, mint.key.jwk))
    leaked = key_set(private_jwk(mint.key), edwards.jwk)
    _refused(bench, mint.token(), "key_unknown", leaked)


def test_a_token_without_any_signature(bench: Bench, mint: Mint) -> None:
    """A1: what all the others come down to."""
    _refused(bench, mint.token(mint.header(alg="none"), sign=no_signature), "token_malformed")
