import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from jwt.utils import to_base64url_uint

from jwt_verifier import base64url
from jwt_verifier.algorithms import SUPPORTED
from jwt_verifier.errors import KeyMismatch, SignatureInvalid
from jwt_verifier.jwks import JwksInvalid, PublicKeys, parse_jwks
from tests.signing_key import SigningKey

RS256 = frozenset({"RS256"})


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return SigningKey.generate("RS256")


@pytest.fixture(scope="session")
def jwk(key: SigningKey) -> dict[str, Any]:
    return key.jwk


def parsed(*entries: Any, algorithms: frozenset[str] = RS256) -> PublicKeys:
    return parse_jwks(json.dumps({"keys": entries}).encode(), algorithms)


def skipped(*entries: Any, algorithms: frozenset[str] = RS256) -> dict[str, int]:
    keys = parsed(*entries, algorithms=algorithms)
    assert not keys.by_kid
    return dict(keys.skipped)


def test_a_published_key_is_found_by_its_kid(jwk: dict[str, Any]) -> None:
    keys = parsed(jwk)
    assert set(keys.by_kid) == {jwk["kid"]}
    assert keys.by_kid[jwk["kid"]].kid == jwk["kid"]
    assert keys.skipped == {}


def test_a_set_cannot_be_changed(jwk: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        parsed(jwk).by_kid["other"] = None  # type: ignore[index]  # that it cannot is the point


@pytest.mark.parametrize("algorithm", SUPPORTED)
def test_every_supported_algorithm_verifies_its_own_signature_and_no_other(algorithm: str) -> None:
    signing = SigningKey.generate(algorithm)
    public = parsed(signing.jwk, algorithms=frozenset({algorithm})).by_kid[signing.kid]
    token = signing.sign({"sub": "x"})
    signing_input, _, signature = token.rpartition(".")
    raw = base64url.decode(signature)
    public.verify(algorithm, signing_input.encode(), raw)
    changed = bytes([raw[0] ^ 1]) + raw[1:]
    for wrong in (b"", changed, raw[:-1], raw + b"\0", b"\0" + raw, bytes(len(raw))):
        with pytest.raises(SignatureInvalid):
            public.verify(algorithm, signing_input.encode(), wrong)
    with pytest.raises(SignatureInvalid):
        public.verify(algorithm, signing_input.encode() + b"x", raw)


def test_a_key_is_bound_to_its_alg(jwk: dict[str, Any]) -> None:
    public = parsed(jwk, algorithms=frozenset({"RS256", "RS512", "PS256"})).by_kid[jwk["kid"]]
    for algorithm in ("RS512", "PS256", "HS256", "none", ""):
        with pytest.raises(KeyMismatch, match="^the key is for RS256$"):
            public.verify(algorithm, b"", b"")


def test_a_key_that_fits_no_alg_says_which_ones_it_fits(jwk: dict[str, Any]) -> None:
    free = {name: value for name, value in jwk.items() if name != "alg"}
    public = parsed(free, algorithms=frozenset({"RS512", "RS256"})).by_kid[jwk["kid"]]
    with pytest.raises(KeyMismatch, match="^the key is for RS256, RS512$"):
        public.verify("RS384", b"", b"")


def test_a_kid_has_at_most_256_characters(jwk: dict[str, Any]) -> None:
    longest = "k" * 256
    assert longest in parsed({**jwk, "kid": longest}).by_kid


def test_a_key_without_alg_is_for_every_configured_algorithm_of_its_kind(
    jwk: dict[str, Any],
) -> None:
    free = {name: value for name, value in jwk.items() if name != "alg"}
    configured = frozenset({"RS256", "PS384", "ES256"})
    assert set(parsed(free, algorithms=configured).by_kid[jwk["kid"]].checks) == {"RS256", "PS384"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kid": ...}, "no_kid"),
        ({"kid": ""}, "no_kid"),
        ({"kid": 1}, "no_kid"),
        ({"kid": "k" * 257}, "no_kid"),
        ({"use": "enc"}, "for_encryption"),
        ({"use": "ENC"}, "not_for_signatures"),
        ({"use": None}, "not_for_signatures"),
        ({"key_ops": ["encrypt"]}, "not_for_signatures"),
        ({"key_ops": "verify"}, "not_for_signatures"),
        ({"key_ops": None}, "not_for_signatures"),
        ({"alg": "RS512"}, "algorithm_not_configured"),
        ({"alg": ["RS256"]}, "algorithm_not_configured"),
        ({"alg": None}, "algorithm_not_configured"),
        ({"kty": "EC"}, "algorithm_not_configured"),
        ({"kty": ["RSA"]}, "algorithm_not_configured"),
        ({"d": "AQAB"}, "secret_key_published"),
        ({"oth": []}, "secret_key_published"),
        ({"kty": "oct", "k": "AQAB"}, "secret_key_published"),
        ({"kty": "oct"}, "secret_key_published"),
        ({"n": ...}, "weak_or_malformed_key"),
        ({"n": 1}, "weak_or_malformed_key"),
        ({"n": ""}, "weak_or_malformed_key"),
        ({"n": "!"}, "weak_or_malformed_key"),
        ({"n": "A" * 100_000}, "weak_or_malformed_key"),
        ({"e": "AQ"}, "weak_or_malformed_key"),
        ({"e": "Aw"}, "weak_or_malformed_key"),
        ({"e": "AQAA"}, "weak_or_malformed_key"),
        ({"e": "AQABAAAB"}, "weak_or_malformed_key"),
        ({"e": None}, "weak_or_malformed_key"),
    ],
    ids=str,
)  # fmt: skip
def test_a_key_that_may_not_verify_is_passed_over_with_a_reason(
    change: dict[str, Any], reason: str, jwk: dict[str, Any]
) -> None:
    changed = {name: value for name, value in {**jwk, **change}.items() if value is not ...}
    assert skipped(changed) == {reason: 1}


@pytest.mark.parametrize("entry", [None, 1, "x", [], [{}]])
def test_an_entry_that_is_no_object_is_passed_over(entry: object, jwk: dict[str, Any]) -> None:
    keys = parsed(entry, jwk)
    assert set(keys.by_kid) == {jwk["kid"]}
    assert keys.skipped == {"malformed": 1}


def rsa_jwk(modulus: int, exponent: int = 65537) -> dict[str, Any]:
    return {
        "kty": "RSA",
        "kid": "k",
        "n": to_base64url_uint(modulus).decode(),
        "e": to_base64url_uint(exponent).decode(),
    }


def test_the_modulus_is_odd_and_has_from_2048_to_8192_bits() -> None:
    for modulus in (2**2047 + 1, 2**8192 - 1):
        assert "k" in parsed(rsa_jwk(modulus)).by_kid
    for modulus in (2**2047 - 1, 2**8192 + 1, 2**2047):
        assert skipped(rsa_jwk(modulus)) == {"weak_or_malformed_key": 1}


def test_the_exponent_is_odd_and_neither_small_nor_huge() -> None:
    for exponent in (65537, 2**32 - 1):
        assert "k" in parsed(rsa_jwk(2**2047 + 1, exponent)).by_kid
    for exponent in (1, 3, 65535, 65536, 65538, 2**32, 2**32 + 1):
        assert skipped(rsa_jwk(2**2047 + 1, exponent)) == {"weak_or_malformed_key": 1}


def test_a_modulus_with_a_leading_zero_byte_is_the_same_key() -> None:
    largest = rsa_jwk(2**8192 - 1)
    with_sign_byte = b"\0" + (2**8192 - 1).to_bytes(1024)
    largest["n"] = urlsafe_b64encode(with_sign_byte).rstrip(b"=").decode()
    assert "k" in parsed(largest).by_kid


def test_a_1024_bit_key_is_passed_over() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # that is the point
    jwk = {**RSAAlgorithm.to_jwk(weak.public_key(), as_dict=True), "kid": "k"}
    assert skipped({k: v for k, v in jwk.items() if k != "key_ops"}) == {"weak_or_malformed_key": 1}


@pytest.mark.parametrize("change", [{"x": "AAAA"}, {"y": 1}, {"x": None}, {"y": "!"}], ids=str)
def test_a_point_that_is_not_on_its_curve_is_passed_over(change: dict[str, Any]) -> None:
    jwk = SigningKey.generate("ES256").jwk
    assert skipped({**jwk, **change}, algorithms=frozenset({"ES256"})) == {
        "weak_or_malformed_key": 1
    }
    moved = {**jwk, "x": jwk["y"], "y": jwk["x"]}
    assert skipped(moved, algorithms=frozenset({"ES256"})) == {"weak_or_malformed_key": 1}


def test_a_curve_goes_with_its_algorithm() -> None:
    jwk = {k: v for k, v in SigningKey.generate("ES384").jwk.items() if k != "alg"}
    assert skipped(jwk, algorithms=frozenset({"ES256"})) == {"algorithm_not_configured": 1}
    wrong = {**SigningKey.generate("ES256").jwk, "crv": "secp256k1"}
    assert skipped(wrong, algorithms=frozenset({"ES256"})) == {"algorithm_not_configured": 1}


def test_only_ed25519_is_eddsa_here() -> None:
    jwk = SigningKey.generate("EdDSA").jwk
    assert jwk["kid"] in parsed(jwk, algorithms=frozenset({"EdDSA"})).by_kid
    wrong = {**jwk, "crv": "Ed448"}
    assert skipped(wrong, algorithms=frozenset({"EdDSA"})) == {"algorithm_not_configured": 1}
    short = {**jwk, "x": "AAAA"}
    assert skipped(short, algorithms=frozenset({"EdDSA"})) == {"weak_or_malformed_key": 1}
    assert skipped({**jwk, "x": 1}, algorithms=frozenset({"EdDSA"})) == {"weak_or_malformed_key": 1}


def test_an_encryption_key_of_the_same_kid_is_no_second_key(jwk: dict[str, Any]) -> None:
    assert set(parsed(jwk, {**jwk, "use": "enc"}).by_kid) == {jwk["kid"]}


def test_two_arrays_of_keys_are_one_set(jwk: dict[str, Any]) -> None:
    other = {**SigningKey.generate("RS256").jwk, "kid": jwk["kid"]}
    document = f'{{"keys": [{json.dumps(jwk)}], "keys": [{json.dumps(other)}]}}'.encode()
    assert parse_jwks(document, RS256).skipped == {"ambiguous_kid": 1}


def test_a_key_with_repeated_members_costs_itself_alone(jwk: dict[str, Any]) -> None:
    document = f'{{"keys": [{{"kid": "a", "kid": "b"}}, {json.dumps(jwk)}]}}'.encode()
    keys = parse_jwks(document, RS256)
    assert set(keys.by_kid) == {jwk["kid"]}
    assert keys.skipped == {"malformed": 1}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "no member keys"),
        (b'{"a": 1, "a": 1}', "no member keys"),
        (b'{"keys": {}}', "keys is not an array"),
        (b'{"keys": [], "keys": 1}', "keys is not an array"),
        (b'{"keys": [NaN]}', "NaN or infinity"),
    ],
)
def test_a_document_that_is_no_key_set_is_refused(document: bytes, problem: str) -> None:
    with pytest.raises(JwksInvalid, match=f"^{problem}$"):
        parse_jwks(document, RS256)


def test_a_set_has_as_many_members_as_its_issuer_likes(jwk: dict[str, Any]) -> None:
    keys = parsed(*[1] * 10_000, jwk)
    assert set(keys.by_kid) == {jwk["kid"]}
    assert keys.skipped == {"malformed": 10_000}
