"""Published advisories of python-jose, joserfc and Authlib, rebuilt against our authorizer.

Those about decryption are here too: such a token must be refused before anything is decrypted.
"""

import json
import zlib
from typing import Any

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import Bench
from tests.attacks.case import key_set
from tests.attacks.corpus.algorithms import public_key_spellings
from tests.attacks.forge import (
    ABSENT,
    Mint,
    b64,
    hmac_signer,
    no_signature,
    signer,
    to_json,
)
from tests.attacks.target import PLAIN_ISSUER, build_target


def _refused(bench: Bench, token: str, reason: str, jwks: str | None = None) -> None:
    verdict = bench.target(jwks=jwks).judge_token(token)
    assert (verdict.status, verdict.reason) == (401, reason)


def _hs256(mint: Mint, secret: bytes, **header: object) -> str:
    return mint.token(mint.header(alg="HS256", **header), sign=hmac_signer("sha256", secret))


def _jwe(**header: object) -> str:
    return f"{b64(to_json({'alg': 'dir', 'enc': 'A128GCM', **header}))}.AAAA.AAAA.AAAA.AAAA"


def test_cve_2016_7036_a_comparison_of_macs_that_takes_its_time() -> None:
    """A6: python-jose 1.3.2; no MAC is ever compared, for none can be configured."""
    with pytest.raises(SettingsInvalid, match="algorithms"):
        build_target({**PLAIN_ISSUER, "algorithms": ["HS256"]})


@pytest.mark.parametrize("spelling", ["SSH", "PEM", "JWK"])
def test_cve_2024_33663_an_openssh_key_as_secret(spelling: str, bench: Bench, mint: Mint) -> None:
    """A3: python-jose 3.4.0."""
    secret = public_key_spellings(mint.key)[spelling]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


def test_cve_2024_33664_a_compressed_jwe(bench: Bench) -> None:
    """E10: python-jose 3.4.0."""
    bomb = b64(zlib.compress(b" " * 1_000_000))
    token = f"{b64(to_json({'alg': 'dir', 'enc': 'A128GCM', 'zip': 'DEF'}))}..AAAA.{bomb}.AAAA"
    _refused(bench, token, "token_malformed")


@pytest.mark.parametrize("alg", ["none", "None", "NONE"])
def test_cve_2025_61152_alg_none(alg: str, bench: Bench, mint: Mint) -> None:
    """A1: python-jose, disputed."""
    _refused(bench, mint.token(mint.header(alg=alg), sign=no_signature), "token_malformed")


@pytest.mark.parametrize("spelling", ["DER", "PKCS#1 DER"])
def test_cve_2026_85394_a_der_key_as_secret(spelling: str, bench: Bench, mint: Mint) -> None:
    """A3: python-jose, not mended."""
    secret = public_key_spellings(mint.key)[spelling]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


def test_cve_2026_120459_an_empty_secret(bench: Bench, mint: Mint) -> None:
    """A6: python-jose, not mended; CVE-2026-49852 (joserfc), CVE-2026-114616 (Authlib)."""
    jwks = key_set({"kty": "oct", "k": "", "kid": "empty"}, mint.key.jwk)
    for kid in ("empty", mint.key.kid):
        _refused(bench, _hs256(mint, b"", kid=kid), "algorithm_not_allowed", jwks)


def test_cve_2025_65015_the_token_in_the_error(
    bench: Bench, mint: Mint, caplog: pytest.LogCaptureFixture
) -> None:
    """L2, E8: joserfc 1.4.2; an oversized token is neither decoded nor repeated."""
    token = mint.token(claims=mint.claims(pad="private" * 2000))
    _refused(bench, token, "token_oversized")
    assert token[:40] not in caplog.text
    assert "private" not in str([vars(record) for record in caplog.records])


def test_cve_2026_27932_a_key_derivation_without_end(bench: Bench) -> None:
    """E10: joserfc 1.6.3; also CVE-2022-36083 (jose 4.9.2)."""
    _refused(bench, _jwe(alg="PBES2-HS512+A256KW", p2c=2**31 - 1, p2s="AAAA"), "token_malformed")


def test_cve_2026_48990_an_oversized_unencoded_payload(bench: Bench, mint: Mint) -> None:
    """E8, E9: joserfc 1.6.7."""
    header = b64(to_json(mint.header(b64=False, crit=["b64"])))
    _refused(bench, f"{header}.{'a' * 130_000}.AAAA", "token_oversized")


@pytest.mark.parametrize("segment", [0, 1, 2])
def test_cve_2026_62995_padding_makes_a_second_token(
    segment: int, bench: Bench, mint: Mint
) -> None:
    """E1: joserfc 1.7.2."""
    segments = mint.token().split(".")
    segments[segment] += "=="
    _refused(bench, ".".join(segments), "token_malformed")


@pytest.mark.parametrize("claim", ["iss", "sub", "jti"])
def test_cve_2026_75509_an_array_that_holds_the_wanted_value(
    claim: str, bench: Bench, mint: Mint
) -> None:
    """I1, I6: joserfc 1.7.3; also CVE-2025-30144 (fast-jwt)."""
    claims = mint.claims()
    token = mint.token(claims={**claims, claim: [claims[claim], "attacker"]})
    _refused(bench, token, "issuer_unknown" if claim == "iss" else "claim_rejected")


@pytest.mark.parametrize("signatures", [[], [{}], None])
def test_cve_2026_102946_general_json_without_a_signature(
    signatures: Any, bench: Bench, mint: Mint
) -> None:
    """E10: joserfc 1.7.4; also CVE-2026-96760 (Authlib)."""
    general = {"payload": b64(to_json(mint.claims())), "signatures": signatures}
    text = json.dumps(general, separators=(",", ":"))
    _refused(bench, text, "token_malformed")
    _refused(bench, b64(text.encode()), "token_malformed")


def test_cve_2026_119284_splitting_before_measuring(bench: Bench) -> None:
    """E8: joserfc 1.7.6; also CVE-2025-30204 (golang-jwt) and CVE-2025-27144 (go-jose)."""
    _refused(bench, "." * 5_000_000, "token_oversized")


@pytest.mark.parametrize("date", [True, "NaN", "Infinity"])
def test_joserfc_1_8_0_dates_that_never_pass(date: object, bench: Bench, mint: Mint) -> None:
    """T2, E4: a change without a number."""
    text = json.dumps(mint.claims(exp="@")).replace('"@"', str(date).replace("True", "true"))
    reason = "claim_rejected" if date is True else "token_malformed"
    _refused(bench, mint.token(claims=text.encode()), reason)


@pytest.mark.parametrize("spelling", ["PEM", "SSH", "DER"])
def test_cve_2024_37568_any_public_key_as_secret(spelling: str, bench: Bench, mint: Mint) -> None:
    """A3: Authlib 1.3.1; also CVE-2016-5431 and CVE-2023-48223 in other libraries."""
    secret = public_key_spellings(mint.key)[spelling]
    _refused(bench, _hs256(mint, secret), "algorithm_not_allowed")


@pytest.mark.parametrize("crit", [["cnf"], ["bork"], ["b64"], []])
def test_cve_2025_59420_an_unknown_critical_extension(
    crit: list[str], bench: Bench, mint: Mint
) -> None:
    """E9: Authlib 1.6.4."""
    token = mint.token(mint.header(crit=crit, cnf={"jkt": "x"}, bork=1))
    _refused(bench, token, "header_not_allowed")


def test_cve_2025_61920_oversized_segments(bench: Bench, mint: Mint) -> None:
    """E8: Authlib 1.6.5."""
    _refused(bench, mint.token(mint.header(pad="A" * 300_000)), "token_oversized")
    text = mint.token().rpartition(".")[0]
    _refused(bench, f"{text}.{'A' * 300_000}", "token_oversized")


def test_cve_2025_62706_a_zip_bomb(bench: Bench, mint: Mint) -> None:
    """E9, E10: Authlib 1.6.5; also CVE-2024-28176 (jose 4.15.5)."""
    bomb = zlib.compress(b'{"a":"' + b" " * 1_000_000 + b'"}')
    _refused(bench, mint.token(mint.header(zip="DEF"), bomb), "header_not_allowed")
    _refused(bench, _jwe(zip="DEF"), "token_malformed")


def test_cve_2026_27962_a_key_in_the_header(bench: Bench, mint: Mint) -> None:
    """K1: Authlib 1.6.9; also CVE-2018-0114 (node-jose)."""
    attacker = mint.keys.attacker
    for kid, reason in (
        (attacker.kid, "key_unknown"),
        (mint.key.kid, "signature_invalid"),
        (ABSENT, "kid_invalid"),
    ):
        header = mint.header(jwk=attacker.jwk, kid=kid)
        _refused(bench, mint.token(header, sign=signer(attacker)), reason)


def test_cve_2026_28490_a_padding_oracle_in_decryption(bench: Bench) -> None:
    """E10: Authlib 1.6.9; also CVE-2021-29443 to 29446 (jose 3.11.4): nothing is decrypted here."""
    _refused(bench, _jwe(alg="RSA1_5"), "token_malformed")
    _refused(bench, _jwe(alg="A128KW", enc="A128CBC-HS256"), "token_malformed")


def test_cve_2026_28802_alg_none_and_a_blank_signature(bench: Bench, mint: Mint) -> None:
    """A1: Authlib 1.6.7."""
    token = mint.token(mint.header(alg="none"), sign=no_signature)
    _refused(bench, token, "token_malformed")
    _refused(bench, f"{token}AA", "algorithm_not_allowed")


def test_cve_2026_114618_an_audience_that_is_only_looked_for(bench: Bench, mint: Mint) -> None:
    """I2: Authlib 1.9.0."""
    token = mint.token(claims=mint.claims(aud="https://another.example"))
    _refused(bench, token, "audience_mismatch")
    with pytest.raises(SettingsInvalid, match="audiences"):
        bench.target(audiences=[])


@pytest.mark.parametrize("alg", ["XX256", "RS257", "HS1", "\U0001f511"])
def test_cve_2026_28498_an_unknown_algorithm_counts_as_success(
    alg: str, bench: Bench, mint: Mint
) -> None:
    """A1, I4: Authlib 1.6.9; an ID token with an `at_hash` that nobody can compute."""
    claims = mint.claims(token_use="id", at_hash="forged", c_hash="forged")
    token = mint.token(mint.header(alg=alg), claims, sign=signer(mint.key))
    _refused(bench, token, "algorithm_not_allowed")
