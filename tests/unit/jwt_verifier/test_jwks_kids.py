"""Several members of a JWKS under one kid: RFC 7517 section 4.5."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from jwt_verifier import base64url
from jwt_verifier.errors import KeyMismatch
from jwt_verifier.jwks import PublicKeys, parse_jwks
from tests.signing_key import SigningKey

ALGORITHMS = ("RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA")
KEYS: Mapping[str, SigningKey] = {name: SigningKey.generate(name) for name in ALGORITHMS}
OTHERS: Mapping[str, SigningKey] = {name: SigningKey.generate(name) for name in ALGORITHMS}


def published(name: str, *, keys: Mapping[str, SigningKey] = KEYS, **changes: str | None) -> Any:
    """Return a key's JWK under the one kid of these tests, changed; None leaves a member out."""
    jwk = {**keys[name].jwk, "kid": "k", **changes}
    return {member: value for member, value in jwk.items() if value is not None}


def parsed(*jwks: Any, algorithms: tuple[str, ...] = ALGORITHMS) -> PublicKeys:
    return parse_jwks(json.dumps({"keys": jwks}).encode(), frozenset(algorithms))


def verifies(keys: PublicKeys, name: str, key: SigningKey) -> bool:
    """Say whether the kid verifies a token that this key signed by this algorithm."""
    signed = SigningKey(name, key.private_key, "k").sign({"sub": "x"})
    signing_input, _, signature = signed.rpartition(".")
    try:
        keys.by_kid["k"].verify(name, signing_input.encode(), base64url.decode(signature))
    except KeyMismatch:
        return False
    return True


@pytest.mark.parametrize("name", ALGORITHMS)
@pytest.mark.parametrize("times", [2, 3])
def test_a_key_published_more_than_once_is_one_key(name: str, times: int) -> None:
    keys = parsed(*[published(name)] * times)
    assert keys.skipped == {}
    assert keys.by_kid["k"].checks.keys() == {name}
    assert verifies(keys, name, KEYS[name])


@pytest.mark.parametrize("order", list(permutations(("RS256", "RS512", "PS256"))), ids=str)
def test_a_key_published_once_for_each_algorithm_is_a_key_for_all_of_them(
    order: tuple[str, ...],
) -> None:
    keys = parsed(*[published("RS256", alg=alg) for alg in order])
    assert keys.skipped == {}
    assert keys.by_kid["k"].checks.keys() == set(order)
    assert all(verifies(keys, alg, KEYS["RS256"]) for alg in order)


@pytest.mark.parametrize("algs", [("RS256", None), (None, "RS256"), (None, None)], ids=str)
def test_a_key_published_with_and_without_alg_is_one_key(algs: tuple[str | None, ...]) -> None:
    keys = parsed(*[published("RS256", alg=alg) for alg in algs])
    assert keys.skipped == {}
    assert keys.by_kid["k"].checks.keys() == {"RS256", "RS512", "PS256"}


def test_another_spelling_of_the_modulus_is_the_same_key() -> None:
    jwk = published("RS256")
    modulus = base64url.decode(jwk["n"])
    longer = {**jwk, "n": urlsafe_b64encode(b"\0" + modulus).rstrip(b"=").decode()}
    assert parsed(jwk, longer).skipped == {}


@pytest.mark.parametrize(
    "pair", list(permutations(("RS256", "ES256", "ES384", "EdDSA"), 2)), ids=str
)
@pytest.mark.parametrize("with_alg", [True, False], ids=["with alg", "without alg"])
def test_keys_of_two_kinds_under_one_kid_are_told_apart(
    pair: tuple[str, str], with_alg: bool
) -> None:
    keys = parsed(*[published(name, alg=name if with_alg else None) for name in pair])
    assert keys.skipped == {}
    assert all(verifies(keys, name, KEYS[name]) for name in pair)


def test_two_keys_of_one_kind_under_one_kid_are_told_apart_by_alg() -> None:
    keys = parsed(published("RS256"), published("PS256"))
    assert keys.skipped == {}
    assert verifies(keys, "RS256", KEYS["RS256"])
    assert verifies(keys, "PS256", KEYS["PS256"])


@pytest.mark.parametrize("name", ALGORITHMS)
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned round"])
def test_two_different_keys_for_one_kid_and_algorithm_are_neither_used(
    name: str, turned: bool
) -> None:
    pair = [published(name), published(name, keys=OTHERS)]
    neighbour = SigningKey("RS256", KEYS["RS256"].private_key, "neighbour").jwk
    keys = parsed(*(reversed(pair) if turned else pair), neighbour)
    assert keys.by_kid.keys() == {"neighbour"}
    assert keys.skipped == {"ambiguous_kid": 1}


def test_repeating_one_of_two_different_keys_makes_it_no_more_certain() -> None:
    ours, theirs = published("RS256"), published("RS256", keys=OTHERS)
    for order in permutations((ours, ours, theirs)):
        assert parsed(*order).skipped == {"ambiguous_kid": 1}


def test_an_ambiguous_algorithm_costs_the_kid_that_algorithm_alone() -> None:
    keys = parsed(published("RS256"), published("RS256", keys=OTHERS), published("ES256"))
    assert keys.skipped == {"ambiguous_kid": 1}
    assert keys.by_kid["k"].checks.keys() == {"ES256"}
    assert not verifies(keys, "RS256", KEYS["RS256"])


def test_a_key_without_alg_is_ambiguous_only_where_another_key_is_for_the_same_algorithm() -> None:
    keys = parsed(published("RS256", alg=None), published("RS256", keys=OTHERS))
    assert keys.skipped == {"ambiguous_kid": 1}
    assert keys.by_kid["k"].checks.keys() == {"RS512", "PS256"}
    assert verifies(keys, "PS256", KEYS["RS256"])


def test_each_ambiguous_kid_is_counted_once() -> None:
    first, second = published("RS256", alg=None), published("RS256", alg=None, keys=OTHERS)
    also = [{**jwk, "kid": "other"} for jwk in (first, second)]
    assert parsed(first, second, *also).skipped == {"ambiguous_kid": 2}
