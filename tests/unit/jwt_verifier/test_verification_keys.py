"""A JWK -> a key, and why it is refused; `test_jwks` holds what an issuer's whole set becomes."""

import sys
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from jwt_verifier import base64url
from jwt_verifier.algorithms import (
    SUPPORTED,
    in_words,
    preload,
    verification_key,
    with_other_names,
)
from jwt_verifier.verification_key import KeyInvalid
from tests.signing_key import SigningKey

CURVE_KEYS = "jwt_verifier.curve_keys"
ON_A_CURVE = [name for name, algorithm in SUPPORTED.items() if algorithm.curve]
ED25519 = ["EdDSA", "Ed25519"]
FIELD_PRIME = {
    "ES256": 2**256 - 2**224 + 2**192 + 2**96 - 1,
    "ES384": 2**384 - 2**128 - 2**96 + 2**32 - 1,
    "ES512": 2**521 - 1,
}


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def number(text: str) -> int:
    return int.from_bytes(base64url.decode(text))


def rsa_jwk(modulus: int, exponent: int = 65_537, sign_bytes: int = 0) -> dict[str, Any]:
    octets = (modulus.bit_length() + 7) // 8 + sign_bytes
    return {
        "kty": "RSA",
        "n": encoded(modulus.to_bytes(octets)),
        "e": encoded(exponent.to_bytes((exponent.bit_length() + 7) // 8)),
    }


def reason(name: str, jwk: dict[str, Any]) -> str:
    with pytest.raises(KeyInvalid) as refused:
        verification_key(name, jwk)
    return str(refused.value)


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_key_checks_signatures_of_its_algorithm_and_of_no_other(name: str) -> None:
    signing = SigningKey.generate(name)
    signing_input, _, signature = signing.sign({"sub": "x"}).rpartition(".")
    octets = base64url.decode(signature)
    for other in SUPPORTED:
        if SUPPORTED[other] == SUPPORTED[name]:
            key = verification_key(other, signing.jwk)
            same = other == name or {other, name} == set(ED25519)
            assert key.check(signing_input.encode(), octets) is same


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_signature_of_another_length_is_none(name: str) -> None:
    signing = SigningKey.generate(name)
    key = verification_key(name, signing.jwk)
    signing_input, _, signature = signing.sign({"sub": "x"}).rpartition(".")
    octets = base64url.decode(signature)
    for other in (b"", octets[:-1], octets + b"\0", b"\0" + octets, octets * 2):
        assert key.check(signing_input.encode(), other) is False


def test_a_pss_signature_has_a_salt_as_long_as_its_hash() -> None:
    private = SigningKey.generate("PS256").private_key
    assert isinstance(private, rsa.RSAPrivateKey)
    numbers = private.public_key().public_numbers()
    key = verification_key("PS256", rsa_jwk(numbers.n, numbers.e))
    for salt_octets in (0, 31, 32, 33):
        pss = padding.PSS(padding.MGF1(SHA256()), salt_octets)
        assert key.check(b"x", private.sign(b"x", pss, SHA256())) is (salt_octets == 32)


def test_a_small_r_or_s_is_written_in_full_length() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    jwk = {"x": encoded(numbers.x.to_bytes(32)), "y": encoded(numbers.y.to_bytes(32))}
    key = verification_key("ES256", jwk)
    r, s = 2**256, 2**256
    while r >= 2**248 and s >= 2**248:
        r, s = decode_dss_signature(private.sign(b"x", ec.ECDSA(SHA256())))
    assert key.check(b"x", r.to_bytes(32) + s.to_bytes(32))


class TestMaterial:
    """What tells two keys apart: two JWKs of one key must never look like two keys."""

    def test_that_of_an_rsa_key_is_its_modulus_and_exponent(self) -> None:
        jwk = rsa_jwk(2**2047 + 1, 65_539)
        assert verification_key("RS256", jwk).material == ("RSA", 2**2047 + 1, 65_539)

    @pytest.mark.parametrize("name", ["ES256", "ES384", "ES512"])
    def test_that_of_a_point_is_its_curve_and_coordinates(self, name: str) -> None:
        jwk = SigningKey.generate(name).jwk
        material = verification_key(name, jwk).material
        assert material == (SUPPORTED[name].curve, number(jwk["x"]), number(jwk["y"]))

    @pytest.mark.parametrize("name", ED25519)
    def test_that_of_ed25519_is_its_x(self, name: str) -> None:
        jwk = SigningKey.generate(name).jwk
        assert verification_key(name, jwk).material == ("Ed25519", number(jwk["x"]), 0)


class TestRsa:
    @pytest.mark.parametrize("modulus", [2**2047 + 1, 2**2048 - 1, 2**8191 + 1, 2**8192 - 1])
    def test_a_modulus_has_2048_to_8192_bits(self, modulus: int) -> None:
        assert verification_key("RS256", rsa_jwk(modulus)).material[1] == modulus

    @pytest.mark.parametrize("modulus", [1, 2**2047 - 1, 2**8192 + 1, 2**2047 + 2])
    def test_any_other_is_refused(self, modulus: int) -> None:
        assert reason("RS256", rsa_jwk(modulus)) == "RSA modulus"

    @pytest.mark.parametrize("exponent", [65_537, 65_539, 2**32 - 1])
    def test_an_exponent_is_odd_and_of_17_to_32_bits(self, exponent: int) -> None:
        jwk = rsa_jwk(2**2047 + 1, exponent)
        assert verification_key("RS256", jwk).material[2] == exponent

    @pytest.mark.parametrize("exponent", [1, 3, 65_535, 65_536, 65_538, 2**32, 2**32 + 1])
    def test_any_other_exponent_is_refused(self, exponent: int) -> None:
        assert reason("RS256", rsa_jwk(2**2047 + 1, exponent)) == "RSA exponent"

    def test_the_largest_modulus_may_have_a_sign_byte_and_no_more(self) -> None:
        largest = 2**8192 - 1
        assert verification_key("RS256", rsa_jwk(largest, sign_bytes=1)).material[1] == largest
        assert reason("RS256", rsa_jwk(largest, sign_bytes=2)) == "n"

    @pytest.mark.parametrize("member", ["n", "e"])
    @pytest.mark.parametrize("value", [None, 1, "!", ["AQAB"]])
    def test_a_member_that_is_not_base64url_is_named(self, member: str, value: object) -> None:
        assert reason("RS256", {**rsa_jwk(2**2047 + 1), member: value}) == member


class TestCurves:
    @pytest.mark.parametrize("name", ON_A_CURVE)
    def test_a_coordinate_has_the_full_length_of_its_curve(self, name: str) -> None:
        jwk = SigningKey.generate(name).jwk
        for member in {"x", "y"} & set(jwk):
            octets = base64url.decode(jwk[member])
            for other in (octets[:-1], octets[1:], octets + b"\0", b"\0" + octets, b""):
                assert reason(name, {**jwk, member: encoded(other)}) == member
            assert reason(name, {**jwk, member: None}) == member

    @pytest.mark.parametrize("name", FIELD_PRIME)
    def test_a_point_lies_on_its_curve(self, name: str) -> None:
        jwk = SigningKey.generate(name).jwk
        octets = len(base64url.decode(jwk["y"]))
        y = number(jwk["y"])
        mirrored = {**jwk, "y": encoded((FIELD_PRIME[name] - y).to_bytes(octets))}
        assert verification_key(name, mirrored)
        moved = {**jwk, "y": encoded((y ^ 1).to_bytes(octets))}
        assert reason(name, moved) == "point"


class TestImports:
    """In this process; `test_algorithms` looks at a new one, which no mutant can be told of."""

    @pytest.fixture(autouse=True)
    def curves_not_yet_imported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, CURVE_KEYS, raising=False)

    @pytest.mark.parametrize("name", ON_A_CURVE)
    def test_what_a_curve_needs_is_imported_early(self, name: str) -> None:
        preload(["RS256", name])
        assert CURVE_KEYS in sys.modules

    def test_what_no_algorithm_needs_is_not(self) -> None:
        preload(name for name in SUPPORTED if name not in ON_A_CURVE)
        assert CURVE_KEYS not in sys.modules


@pytest.mark.parametrize(
    ("names", "all_names"),
    [
        ([], set()),
        (["RS256", "ES256"], {"RS256", "ES256"}),
        (["EdDSA"], set(ED25519)),
        (["Ed25519", "RS256"], {"RS256", *ED25519}),
    ],
)
def test_ed25519_goes_by_either_name(names: list[str], all_names: set[str]) -> None:
    assert with_other_names(iter(names)) == all_names


@pytest.mark.parametrize("name", [*SUPPORTED, "none", "HS256", "ES256K", "Ed448", "ML-DSA-44"])
def test_a_log_may_have_the_name_of_a_registered_algorithm(name: str) -> None:
    assert in_words(name) == name


@pytest.mark.parametrize("name", ["", "rs256", "None", "RS256 ", 'RS256"\n', "x" * 10_000])
def test_a_log_never_has_what_a_stranger_calls_an_algorithm(name: str) -> None:
    assert in_words(name) == "not a registered algorithm"
