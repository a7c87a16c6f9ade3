"""What an issuer may answer at sign-in, and what ends on a page in words with nothing set."""

import base64
import hmac
import json
import math
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from session.cookies import LOGIN_PREFIX
from tests.integration.session.faulty_issuer import FaultyIssuer, Said
from tests.integration.session.person import APP_URL, Answer, Person
from tests.integration.session.test_callback import is_refusal_in_words
from tests.signing_key import SigningKey, generate_private_key

DISCOVERY = "/.well-known/openid-configuration"
NOT_NOW = "does not answer"
WRONG = "You are not signed in."


def refused(faulty: FaultyIssuer, *words: str, status: int) -> bool:
    """A sign-in that ends on a page, with nothing half set."""
    person = Person(faulty.backend)
    answer = faulty.sign_in(person)
    assert answer.set_names == {LOGIN_PREFIX}
    assert person.jar == {}
    return is_refusal_in_words(answer, *words, status=status)


def signed_in(faulty: FaultyIssuer) -> bool:
    answer: Answer = faulty.sign_in(Person(faulty.backend))
    return (answer.status, answer.headers.get("location")) == (303, APP_URL)


def test_the_code_is_redeemed_once_with_its_verifier(faulty: FaultyIssuer) -> None:
    assert signed_in(faulty)
    [form] = [form for path, form in faulty.asked if path == "/token"]
    assert form["grant_type"] == "authorization_code"
    assert form["code"] == "a-code"
    assert len(form["code_verifier"]) == 43
    assert "client_secret" not in form


def test_a_query_of_the_authorization_endpoint_is_kept(faulty: FaultyIssuer) -> None:
    answer = Person(faulty.backend).login()
    assert answer.headers["location"].startswith(f"{faulty.url}/authorize?kept=1&response_type=")


@pytest.mark.parametrize(
    "says",
    [
        (500, b"oops"),
        (503, {"error": "temporarily_unavailable"}),
        (200, b"x" * 150_001),
        (302, b""),
    ],
)
def test_a_token_endpoint_that_does_not_serve_is_told_in_words(
    faulty: FaultyIssuer, says: Said
) -> None:
    faulty.says["/token"] = says
    assert refused(faulty, NOT_NOW, status=503)


def test_a_token_endpoint_that_is_silent_is_told_in_words(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    query = faulty.begun(person)
    faulty.silent.set()
    answer = person.callback(query)
    faulty.silent.clear()
    assert is_refusal_in_words(answer, NOT_NOW, status=503)
    assert int(answer.headers["retry-after"]) > 0


def test_an_encoded_answer_is_not_read(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    query = faulty.begun(person)
    faulty.headers["content-encoding"] = "gzip"
    assert is_refusal_in_words(person.callback(query), NOT_NOW, status=503)


@pytest.mark.parametrize(
    "says",
    [
        (200, b"no json"),
        (200, []),
        (200, b"[" * 100_000),
        (400, {"error": "invalid_client"}),
        (401, {"error": "unauthorized_client"}),
    ],
)
def test_a_token_endpoint_that_answers_otherwise_is_told_in_words(
    faulty: FaultyIssuer, says: Said
) -> None:
    faulty.says["/token"] = says
    assert refused(faulty, WRONG, status=502)


@pytest.mark.parametrize(
    "changes",
    [
        {"token_type": "DPoP"},
        {"token_type": None},
        {"access_token": None},
        {"access_token": "opaque"},
        {"access_token": "a.b.c"},
        {"access_token": "a.b.c; Domain=example.com"},
        {"access_token": ["a"]},
        {"expires_in": None},
        {"expires_in": "300"},
        {"expires_in": True},
        {"expires_in": 0},
        {"refresh_token": "a\nb"},
        {"refresh_token": 7},
        {"id_token": None},
        {"id_token": "a.b.c"},
        {"id_token": 7},
    ],
)
def test_tokens_of_another_form_are_not_taken(
    faulty: FaultyIssuer, changes: dict[str, Any]
) -> None:
    faulty.tokens |= changes
    assert refused(faulty, WRONG, status=502)


@pytest.mark.parametrize("claims", [{"exp": None}, {"exp": "soon"}, {"exp": True}])
def test_an_access_token_without_an_end_is_not_taken(
    faulty: FaultyIssuer, claims: dict[str, Any]
) -> None:
    now = int(faulty.clock())
    every = {"sub": "someone", "iat": now, "exp": now + 300, **claims}
    kept = {name: value for name, value in every.items() if value is not None}
    header, _, signature = faulty.access_token().split(".")
    faulty.tokens["access_token"] = f"{header}.{segment(kept)}.{signature}"
    assert refused(faulty, WRONG, status=502)


def shifted(faulty: FaultyIssuer, name: str, seconds: float) -> dict[str, Any]:
    return {name: faulty.clock() + seconds}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": ["browser", "another-client"]},
        {"aud": "browser-2"},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": 7},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": math.nan},
        {"exp": math.inf},
        {"iat": None},
        {"iat": "1"},
        {"iat": math.nan},
        {"iat": -math.inf},
        {"nbf": "1"},
        {"nbf": math.nan},
        {"nbf": True},
        {"sub": 7},
        {"azp": "another-client"},
        {"token_use": "access"},
        {"of_no_account": math.nan},
    ],
)
def test_an_id_token_that_says_otherwise_is_not_taken(
    faulty: FaultyIssuer, claims: dict[str, Any]
) -> None:
    person = Person(faulty.backend)
    query = faulty.begun(person)
    faulty.tokens["id_token"] = faulty.id_token(**claims)
    answer = person.callback(query)
    assert person.jar == {}
    assert is_refusal_in_words(answer, WRONG, status=502)


@pytest.mark.parametrize(
    ("name", "seconds", "good"),
    [
        *[("exp", -59, True), ("exp", -60, False)],
        *[("iat", 60, True), ("iat", 61, False)],
        *[("nbf", 60, True), ("nbf", 61, False), ("nbf", 365 * 86_400, False)],
    ],
)
def test_clocks_may_differ_by_a_minute_and_no_more(
    faulty: FaultyIssuer, name: str, seconds: int, good: bool
) -> None:
    faulty.clock.now = int(faulty.clock())  # type: ignore[attr-defined]  # a test's clock
    faulty.id_claims |= shifted(faulty, name, seconds)
    assert signed_in(faulty) if good else refused(faulty, WRONG, status=502)


@pytest.mark.parametrize("kind", ["logout+jwt", "at+jwt", "dpop+jwt", "", 7, ["JWT"]])
def test_a_token_of_another_kind_is_no_id_token(faulty: FaultyIssuer, kind: object) -> None:
    person = Person(faulty.backend)
    query = faulty.begun(person)
    claims = jwt.decode(faulty.id_token(), options={"verify_signature": False})
    signed = f"{segment({'alg': 'RS256', 'kid': faulty.key.kid, 'typ': kind})}.{segment(claims)}"
    algorithm = jwt.get_algorithm_by_name("RS256")
    signature = algorithm.sign(signed.encode(), faulty.key.private_key)
    encoded = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    faulty.tokens["id_token"] = f"{signed}.{encoded}"
    assert is_refusal_in_words(person.callback(query), WRONG, status=502)
    assert person.jar == {}


@pytest.mark.parametrize("kind", ["JWT", "jwt", None])
def test_a_jwt_is_taken_whether_it_says_so_or_not(faulty: FaultyIssuer, kind: str | None) -> None:
    faulty.id_header["typ"] = kind
    assert signed_in(faulty)


def test_a_key_that_is_too_short_signs_nobody_in(faulty: FaultyIssuer) -> None:
    short = rsa.generate_private_key(public_exponent=65_537, key_size=1024)  # noqa: S505  # that is the point
    faulty.key = SigningKey("RS256", short, "short")
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        assert refused(faulty, WRONG, status=502)


def test_a_key_for_encryption_signs_nobody_in(faulty: FaultyIssuer) -> None:
    faulty.keys = [{**faulty.key.jwk, "use": "enc"}]
    assert refused(faulty, WRONG, status=502)


@pytest.mark.parametrize(
    "claims", [{"exp": math.nan}, {"exp": math.inf}, {"of_no_account": math.nan}]
)
def test_an_access_token_that_no_browser_could_read_is_not_taken(
    faulty: FaultyIssuer, claims: dict[str, float]
) -> None:
    faulty.access_claims |= claims
    assert refused(faulty, WRONG, status=502)


def test_an_audience_of_one_is_taken(faulty: FaultyIssuer) -> None:
    faulty.id_claims["aud"] = ["browser"]
    assert signed_in(faulty)


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "EdDSA"])
def test_other_asymmetric_algorithms_are_taken(faulty: FaultyIssuer, algorithm: str) -> None:
    faulty.key = SigningKey.generate(algorithm)
    assert signed_in(faulty)


def forged(faulty: FaultyIssuer, algorithm: str) -> str:
    """An ID token in the issuer's name; HS256 with what everybody knows of its key."""
    header = {"alg": algorithm, "kid": faulty.key.kid}
    claims = jwt.decode(faulty.id_token(), options={"verify_signature": False})
    signed = f"{segment(header)}.{segment(claims)}"
    match algorithm:
        case "HS256":
            public = json.dumps(faulty.key.jwk).encode()
            signature = hmac.digest(public, signed.encode(), "sha256")
        case "RS256":
            other = SigningKey("RS256", generate_private_key("RS256"), faulty.key.kid)
            return other.sign(claims)
        case _:
            signature = b"any"
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_an_id_token_that_the_issuer_has_not_signed_is_not_taken(
    faulty: FaultyIssuer, algorithm: str
) -> None:
    person = Person(faulty.backend)
    query = faulty.begun(person)
    faulty.tokens["id_token"] = forged(faulty, algorithm)
    assert is_refusal_in_words(person.callback(query), WRONG, status=502)
