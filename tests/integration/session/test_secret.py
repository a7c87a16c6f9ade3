"""The secret that seals cookies: rotated, not to be had, too short, asked for rarely."""

import uuid
from typing import Any

import pytest

from jwt_verifier.freshness import Clocks
from session.cookie_keys import CookieKeys
from session.errors import CookieForeign, Unavailable
from session.secret_store import SecretStore
from tests.integration.cognito.conftest import Clock
from tests.integration.session.conftest import MakeClient
from tests.integration.session.person import PUBLIC_URL, Backend, Person
from tests.integration.session.test_callback import is_refusal_in_words
from tests.integration.token_issuer.faulty_aws import faulty_service

WITH_ANY_TOKEN = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
SESSION = "__Host-Http-session"


class Switched:
    """A client of the SDK that a test can exchange while it is in use, and that counts."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: list[str] = []

    def get_secret_value(self, **asked: str) -> Any:
        self.calls.append(asked["VersionStage"])
        return self.client.get_secret_value(**asked)


@pytest.fixture
def switched(secretsmanager: Any) -> Switched:
    return Switched(secretsmanager)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(switched: Switched, secret_id: str, clock: Clock) -> CookieKeys:
    return CookieKeys(SecretStore(switched), secret_id, Clocks(clock, clock))


def rotate(secretsmanager: Any, secret_id: str) -> None:
    secretsmanager.put_secret_value(SecretId=secret_id, SecretString=uuid.uuid4().hex * 2)


def test_a_rotation_signs_nobody_out(signed_in: Person, secretsmanager: Any) -> None:
    secret_id = signed_in.backend.settings.cookie_secret_id
    rotate(secretsmanager, secret_id)
    for backend in (signed_in.backend, signed_in.backend.beside()):
        signed_in.backend = backend
        assert signed_in.me().json["signed_in"] is True


def test_a_renewal_seals_with_the_newest_key(signed_in: Person, secretsmanager: Any) -> None:
    secret_id = signed_in.backend.settings.cookie_secret_id
    for _ in range(3):
        rotate(secretsmanager, secret_id)
        signed_in.backend = signed_in.backend.beside()
        assert signed_in.refresh().status == 200


def test_an_environment_that_knows_the_old_key_opens_what_a_newer_one_has_sealed(
    keys: CookieKeys, secretsmanager: Any, secret_id: str, clock: Clock
) -> None:
    keys.seal(SESSION, b"content")
    rotate(secretsmanager, secret_id)
    newer = CookieKeys(SecretStore(secretsmanager), secret_id, Clocks(clock, clock)).seal(
        SESSION, b"newer"
    )
    clock.advance(10)
    assert keys.open(SESSION, newer) == b"newer"


def test_two_rotations_end_a_session_that_was_not_renewed(
    signed_in: Person, secretsmanager: Any
) -> None:
    secret_id = signed_in.backend.settings.cookie_secret_id
    for _ in range(2):
        rotate(secretsmanager, secret_id)
    before = dict(signed_in.jar)
    signed_in.backend = signed_in.backend.beside()
    assert signed_in.me().status == 503  # the keys were read just now, but once more to be sure
    signed_in.backend.clock.advance(10)
    assert signed_in.me().json == {"signed_in": False}
    assert signed_in.jar == before


def test_a_session_of_a_key_that_is_not_known_yet_waits_and_is_kept(
    signed_in: Person, secretsmanager: Any
) -> None:
    """One environment has read the secret, it is rotated, another one seals a session anew."""
    late = signed_in.backend.beside()
    asked = Person(late, dict(signed_in.jar), dict(signed_in.same_site))
    assert asked.me().json["signed_in"] is True
    rotate(secretsmanager, signed_in.backend.settings.cookie_secret_id)
    signed_in.backend = signed_in.backend.beside()
    assert signed_in.refresh().status == 200
    asked.jar = dict(signed_in.jar)
    for route in (asked.me(), asked.ask("POST /session/refresh", "", WITH_ANY_TOKEN)):
        assert (route.status, route.set_cookies) == (503, ())
        assert int(route.headers["retry-after"]) > 0
    late.clock.advance(10)
    assert asked.me().json["signed_in"] is True


def test_the_secret_is_read_once_in_five_minutes(
    keys: CookieKeys, switched: Switched, clock: Clock
) -> None:
    sealed = keys.seal(SESSION, b"content")
    clock.advance(299)
    assert keys.open(SESSION, sealed) == b"content"
    assert switched.calls == ["AWSCURRENT", "AWSPREVIOUS"]
    clock.advance(1)
    assert keys.open(SESSION, sealed) == b"content"
    assert switched.calls == ["AWSCURRENT", "AWSPREVIOUS"] * 2


def test_forged_cookies_have_the_secret_read_once_in_ten_seconds(
    keys: CookieKeys, switched: Switched, clock: Clock
) -> None:
    sealed = keys.seal(SESSION, b"content")
    clock.advance(10)
    for _ in range(50):
        with pytest.raises((CookieForeign, Unavailable)):
            keys.open(SESSION, "Ag" + "A" * 80)
        assert keys.open(SESSION, sealed) == b"content"
    assert switched.calls.count("AWSCURRENT") == 2


def test_keys_in_hand_serve_for_an_hour_while_the_secret_cannot_be_read(
    signed_in: Person, switched: Switched, secretsmanager: Any, make_client: MakeClient
) -> None:
    backend = signed_in.backend = signed_in.backend.beside(secretsmanager=switched)
    assert signed_in.me().json["signed_in"] is True
    signed_in.put({**signed_in.content(), "idle_at": int(backend.clock()) + 4_000})
    signed_in.ends_at.clear()
    with faulty_service(400, "AccessDeniedException") as service:
        switched.client = make_client(service.url)
        backend.clock.advance(3599)
        assert signed_in.me().json["signed_in"] is True
        backend.clock.advance(1)
        before = dict(signed_in.jar)
        answer = signed_in.me()
        assert (answer.status, answer.json) == (503, {"error": "unavailable"})
        assert int(answer.headers["retry-after"]) > 0
        assert signed_in.jar == before
    switched.client = secretsmanager
    backend.clock.advance(2)
    assert signed_in.me().json["signed_in"] is True


def test_without_the_secret_nobody_is_signed_out_and_nobody_is_signed_in(
    signed_in: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    before = dict(signed_in.jar)
    signed_in.backend = signed_in.backend.beside(secret_id="no-such-secret")
    assert is_refusal_in_words(signed_in.login(), "does not answer", status=503)
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    for answer in (signed_in.me(), signed_in.ask("POST /session/refresh", "", headers)):
        assert (answer.status, answer.set_cookies) == (503, ())
    assert signed_in.jar == before
    assert '"reason":"secret_missing"' in capsys.readouterr().out


def test_a_secrets_manager_that_is_not_there_is_told_in_words(
    person: Person, make_client: MakeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    person.backend = person.backend.beside(secretsmanager=make_client("http://127.0.0.1:9"))
    assert is_refusal_in_words(person.login(), "does not answer", status=503)
    assert '"reason":"secret_EndpointConnectionError"' in capsys.readouterr().out


def test_a_sign_out_works_without_the_secret(signed_in: Person) -> None:
    signed_in.backend = signed_in.backend.beside(secret_id="no-such-secret")
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    assert signed_in.ask("POST /session/logout", "", headers).status == 200
    assert signed_in.jar == {}


@pytest.mark.parametrize("value", [{"SecretString": "x" * 31}, {"SecretBinary": b"x" * 64}])
def test_a_secret_of_another_form_seals_nothing(
    secretsmanager: Any, backend: Backend, value: dict[str, Any]
) -> None:
    arn = secretsmanager.create_secret(Name=uuid.uuid4().hex, **value)["ARN"]
    person = Person(backend.beside(secret_id=arn))
    assert is_refusal_in_words(person.login(), "does not answer", status=503)
    assert person.jar == {}
