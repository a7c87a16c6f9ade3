"""A private key that its issuer publishes, and the public key beside it."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Any

import pytest
from jwt.algorithms import get_default_algorithms

from jwt_verifier import base64url
from jwt_verifier.jwks import PublicKeys, parse_jwks
from tests.signing_key import SigningKey

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA")
KEYS: Mapping[str, SigningKey] = {name: SigningKey.generate(name) for name in ALGORITHMS}
SOUND = SigningKey.generate("ES256")

Jwk = dict[str, Any]


def private_jwk(name: str, **changes: Any) -> Jwk:
    """Return the private JWK of a key, with any kid but its own unless told; None removes one."""
    jwk = get_default_algorithms()[name].to_jwk(KEYS[name].private_key, as_dict=True)
    members = {**jwk, "kid": "private", "key_ops": None, **changes}
    return {name: value for name, value in members.items() if value is not None}


def parsed(document: Any) -> PublicKeys:
    return parse_jwks(json.dumps(document).encode(), frozenset(ALGORITHMS))


def usable(*jwks: Any) -> set[str]:
    return set(parsed({"keys": jwks}).by_kid)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_public_twin_of_a_published_private_key_is_dead(name: str) -> None:
    for order in permutations((private_jwk(name), KEYS[name].jwk, SOUND.jwk)):
        keys = parsed({"keys": order})
        assert keys.by_kid.keys() == {SOUND.kid}
        assert keys.skipped == {"secret_key_published": 1, "private_half_published": 1}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_so_is_every_key_of_the_same_kid(name: str) -> None:
    other = SigningKey.generate(name)
    namesake = private_jwk(name, kid=other.kid)
    assert usable(namesake, other.jwk, SOUND.jwk) == {SOUND.kid}


@pytest.mark.parametrize(
    "member", ["d", "p", "q", "dp", "dq", "qi", "oth"], ids=lambda member: f"{member} alone"
)
def test_any_member_of_a_private_key_gives_it_away(member: str) -> None:
    public = KEYS["RS256"].jwk
    leaked = {**public, "kid": "private", member: "AQAB"}
    assert usable(leaked, public, SOUND.jwk) == {SOUND.kid}


def _without_kid(jwk: Jwk) -> Any:
    return {name: value for name, value in jwk.items() if name != "kid"}


def _with_padding(jwk: Jwk) -> Any:
    return {**jwk, "n": jwk["n"] + "=="}


def _with_a_leading_zero(jwk: Jwk) -> Any:
    modulus = b"\0" + base64url.decode(jwk["n"])
    return {**jwk, "n": urlsafe_b64encode(modulus).rstrip(b"=").decode()}


@pytest.mark.parametrize(
    "spoil",
    [
        _without_kid,
        _with_padding,
        _with_a_leading_zero,
        lambda jwk: {**jwk, "kid": 7},
        lambda jwk: {**jwk, "use": "enc"},
        lambda jwk: {**jwk, "kty": "rsa"},
        lambda jwk: {**jwk, "alg": "RSA-OAEP"},
        lambda jwk: {**jwk, "e": "Aw"},
        lambda jwk: {"kid": "other", "nested": [{"jwk": jwk}]},
    ],
    ids=["no kid", "padding", "leading zero", "kid", "use", "kty", "alg", "exponent", "nested"],
)
def test_a_private_key_in_any_shape_gives_it_away(spoil: Callable[[Jwk], Any]) -> None:
    assert usable(spoil(private_jwk("RS256")), KEYS["RS256"].jwk, SOUND.jwk) == {SOUND.kid}


def test_the_other_point_of_the_same_x_has_the_same_private_half() -> None:
    jwk = KEYS["ES256"].jwk
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    y = prime - int.from_bytes(base64url.decode(jwk["y"]))
    mirrored = {**jwk, "y": urlsafe_b64encode(y.to_bytes(32)).rstrip(b"=").decode()}
    assert usable(mirrored) == {jwk["kid"]}
    assert usable(mirrored, private_jwk("ES256"), SOUND.jwk) == {SOUND.kid}


def test_a_private_key_beside_the_member_keys_gives_it_away() -> None:
    keys = {"keys": [KEYS["RS256"].jwk, SOUND.jwk]}
    assert parsed({**keys, "private": private_jwk("RS256")}).by_kid.keys() == {SOUND.kid}


def test_a_private_key_with_a_member_twice_gives_it_away() -> None:
    public, sound = json.dumps(KEYS["RS256"].jwk), json.dumps(SOUND.jwk)
    private = json.dumps(private_jwk("RS256"))[:-1] + ', "kty": "RSA"}'
    document = f'{{"keys": [{public}, {private}, {sound}]}}'.encode()
    assert parse_jwks(document, frozenset(ALGORITHMS)).by_kid.keys() == {SOUND.kid}


@pytest.mark.parametrize("value", [7, None, "A", "\u00e9", ["AQAB"]], ids=repr)
def test_a_private_key_that_cannot_be_read_costs_its_kid_and_nothing_else(value: object) -> None:
    broken = {"kid": "broken", "d": 1, "n": value, "x": value}
    namesake = {**KEYS["RS256"].jwk, "kid": "broken"}
    assert usable(broken, namesake, SOUND.jwk) == {SOUND.kid}


def test_a_shared_secret_is_the_private_half_of_no_public_key() -> None:
    secret = {"kty": "oct", "kid": SOUND.kid, "k": "c2VjcmV0"}
    assert usable(secret, SOUND.jwk) == {SOUND.kid}
