"""Discovery and keys: asked for rarely, kept through an outage, and never another issuer's."""

from typing import Any

import pytest

from jwt_verifier import SettingsInvalid
from tests.integration.session.faulty_issuer import FaultyIssuer, Said
from tests.integration.session.person import Aws, Person, new_backend
from tests.integration.session.test_callback import is_refusal_in_words
from tests.integration.session.test_issuer import DISCOVERY, NOT_NOW, WRONG, refused, signed_in
from tests.signing_key import SigningKey, generate_private_key


def test_both_documents_are_asked_for_once_an_hour(faulty: FaultyIssuer) -> None:
    for _ in range(3):
        assert signed_in(faulty)
    assert (faulty.paths().count(DISCOVERY), faulty.paths().count("/jwks")) == (1, 1)
    faulty.backend.clock.advance(3600)
    assert signed_in(faulty)
    assert (faulty.paths().count(DISCOVERY), faulty.paths().count("/jwks")) == (2, 2)


def test_what_is_in_hand_serves_for_a_day_without_an_answer(faulty: FaultyIssuer) -> None:
    assert signed_in(faulty)
    faulty.says |= {DISCOVERY: (500, b""), "/jwks": (500, b"")}
    faulty.backend.clock.advance(86_399)
    assert signed_in(faulty)
    faulty.backend.clock.advance(1)
    answer = Person(faulty.backend).login()
    assert is_refusal_in_words(answer, NOT_NOW, status=503)


def test_a_bad_document_does_not_replace_a_good_one(faulty: FaultyIssuer) -> None:
    assert signed_in(faulty)
    faulty.discovery["issuer"] = "https://evil.example"
    faulty.backend.clock.advance(3600)
    assert signed_in(faulty)


def test_an_outage_is_not_asked_about_at_every_sign_in(faulty: FaultyIssuer) -> None:
    assert signed_in(faulty)
    faulty.says[DISCOVERY] = (500, b"")
    faulty.backend.clock.advance(3600)
    for _ in range(3):
        Person(faulty.backend).login()
    assert faulty.paths().count(DISCOVERY) == 2
    faulty.backend.clock.advance(30)
    Person(faulty.backend).login()
    assert faulty.paths().count(DISCOVERY) == 3


@pytest.mark.parametrize("says", [(500, b""), (404, {}), (302, b"")])
def test_without_a_discovery_document_nobody_can_begin(faulty: FaultyIssuer, says: Said) -> None:
    faulty.says[DISCOVERY] = says
    person = Person(faulty.backend)
    for _ in range(5):
        assert is_refusal_in_words(person.login(), NOT_NOW, status=503)
    assert person.jar == {}
    assert faulty.paths().count(DISCOVERY) == 1  # a failure is kept: nobody can make us wait often
    del faulty.says[DISCOVERY]
    faulty.backend.clock.advance(2)
    assert person.login().status == 302


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"\xff", b"[" * 100_000])
def test_a_discovery_document_that_is_none_is_told_in_words(
    faulty: FaultyIssuer, body: bytes
) -> None:
    faulty.says[DISCOVERY] = (200, body)
    assert is_refusal_in_words(Person(faulty.backend).login(), WRONG, status=502)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "http://login.example.com/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://login.example.com/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": 7},
        {"jwks_uri": "http://10.0.0.1/jwks"},
        {"jwks_uri": "https://user@login.example.com/jwks"},
        {"revocation_endpoint": "http://login.example.com/revoke"},
        {"end_session_endpoint": "http://login.example.com/logout"},
    ],
)
def test_endpoints_that_are_not_safe_are_never_asked(
    faulty: FaultyIssuer, changes: dict[str, Any]
) -> None:
    faulty.discovery |= changes
    assert is_refusal_in_words(Person(faulty.backend).login(), WRONG, status=502)
    assert faulty.paths() == [DISCOVERY]


def test_keys_are_asked_for_where_the_newest_document_says(faulty: FaultyIssuer) -> None:
    assert signed_in(faulty)
    faulty.key = SigningKey.generate("ES256")
    faulty.says = {"/jwks": (500, b""), "/moved": (200, {"keys": [faulty.key.jwk]})}
    faulty.discovery["jwks_uri"] = f"{faulty.url}/moved"
    faulty.backend.clock.advance(3600)
    assert signed_in(faulty)
    assert faulty.paths().count("/jwks") == 1


def test_a_setting_that_no_user_pool_can_have_stops_the_function(
    aws: Aws, secret_id: str, faulty: FaultyIssuer
) -> None:
    host = "https://cognito-idp.us-west-2.amazonaws.com"
    with pytest.raises(SettingsInvalid, match=r"^ISSUER\.issuer: .* give a user pool's issuer"):
        new_backend(aws, secret_id, secret_id, f"{host}/us-east-1_Pool", host, faulty.clock)


def test_a_new_key_is_found_at_once_and_unknown_ones_cost_little(faulty: FaultyIssuer) -> None:
    assert signed_in(faulty)
    faulty.backend.clock.advance(10)
    faulty.key = SigningKey.generate("RS256")
    assert signed_in(faulty)
    unknown = SigningKey.generate("RS256")
    faulty.keys = [faulty.key.jwk]
    faulty.key = unknown
    for _ in range(3):
        assert refused(faulty, WRONG, status=502)
    assert faulty.paths().count("/jwks") == 2


def test_keys_of_no_use_stand_beside_a_good_one(faulty: FaultyIssuer) -> None:
    odd: list[Any] = [7, {}, {"kty": "XYZ", "kid": "a"}, {"kty": "RSA", "kid": "b", "n": "!"}]
    faulty.keys = [*odd, faulty.key.jwk]
    assert signed_in(faulty)


@pytest.mark.parametrize("kid", ["a", "b"])
def test_a_token_that_names_a_key_of_no_use_is_not_taken(faulty: FaultyIssuer, kid: str) -> None:
    faulty.keys = [{"kty": "XYZ", "kid": "a"}, {"kty": "RSA", "kid": "b", "n": "!", "e": "AQAB"}]
    faulty.key = SigningKey("RS256", faulty.key.private_key, kid)
    assert refused(faulty, WRONG, status=502)


def test_a_kid_that_two_keys_have_is_nobodys(faulty: FaultyIssuer) -> None:
    other = SigningKey("RS256", generate_private_key("RS256"), faulty.key.kid)
    faulty.keys = [faulty.key.jwk, other.jwk]
    assert refused(faulty, WRONG, status=502)


def test_a_key_that_is_published_twice_is_one_key(faulty: FaultyIssuer) -> None:
    faulty.keys = [faulty.key.jwk, faulty.key.jwk]
    assert signed_in(faulty)


@pytest.mark.parametrize("says", [(500, b""), (200, b"no json"), (200, {}), (200, {"keys": 7})])
def test_without_keys_nobody_is_signed_in(faulty: FaultyIssuer, says: Said) -> None:
    faulty.says["/jwks"] = says
    assert refused(faulty, NOT_NOW, status=503)
