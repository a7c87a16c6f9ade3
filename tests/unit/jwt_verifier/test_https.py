"""One request under one deadline: everybody's way to ask a server for something."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jwt_verifier.https import NoAnswer, Request, ask
from tests.integration.faults import DROPPED, FAST, healthy
from tests.integration.faulty_issuer import Conversation, Fault, serve_faults
from tests.unit.hostile_server import HOSTILE, hostile_server

JWKS = {"keys": [{"kty": "RSA"}]}
SECONDS = 30.0


def no_answer(request: Request, seconds: float = SECONDS) -> NoAnswer:
    with pytest.raises(NoAnswer) as caught:
        ask(request, seconds)
    return caught.value


def answering(status: str, body: bytes, *headers: str) -> Fault:
    return lambda talk: talk.answer(status, body, *headers)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_server_that_never_ends_is_given_up_and_cut_off(name: str) -> None:
    with hostile_server(name) as url:
        error = no_answer(Request(url), 0.3)
    assert (str(error), error.reason) == ("no answer within 0.3 s", "timeout")


def test_an_answer_comes_with_its_status_and_body() -> None:
    with serve_faults(JWKS, healthy) as issuer:
        answer = ask(Request(f"{issuer.url}/jwks?a=b"), SECONDS)
        assert issuer.requests == ["/jwks?a=b"]
    assert (answer.status, answer.body) == (200, b'{"keys": [{"kty": "RSA"}]}')


def test_a_form_is_posted() -> None:
    seen: list[str] = []

    def token_endpoint(talk: Conversation) -> None:
        seen.extend(talk.issuer.headers)
        talk.answer("400 Bad Request", b'{"error":"invalid_grant"}')

    with serve_faults(JWKS, token_endpoint) as issuer:
        request = Request(
            issuer.url, form={"a": "b c"}, headers={"authorization": "Basic x"}, read_errors=True
        )
        answer = ask(request, SECONDS)
    assert (answer.status, answer.body) == (400, b'{"error":"invalid_grant"}')
    assert "content-type: application/x-www-form-urlencoded" in seen[0].lower()
    assert "authorization: basic x" in seen[0].lower()


def test_a_question_may_be_posted_and_is_asked_once_more_like_any_other() -> None:
    def drop_once(talk: Conversation) -> None:
        if talk.issuer.fetches > 1:
            talk.answer("200 OK", b"{}")

    with serve_faults(JWKS, drop_once) as issuer:
        request = Request(issuer.url, content=b'{"a": 1}', headers={"content-type": "text/x"})
        assert ask(request, SECONDS).body == b"{}"
    assert issuer.bodies == [b'{"a": 1}'] * 2
    assert all("content-type: text/x" in head.lower() for head in issuer.headers)


def test_the_body_of_a_refusal_is_not_read_unless_it_is_asked_for() -> None:
    with serve_faults(JWKS, answering("404 Not Found", b"x" * 1_000)) as issuer:
        assert ask(Request(issuer.url, max_body_bytes=10), SECONDS).body == b""
        error = no_answer(Request(issuer.url, max_body_bytes=10, read_errors=True))
    assert error.reason == "body_too_large"


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with serve_faults(JWKS, answering("302 Found", b"", "location: http://127.0.0.1:1/")) as issuer:
        assert ask(Request(issuer.url), SECONDS).status == 302
        assert issuer.fetches == 1


def test_an_encoded_body_is_refused() -> None:
    with serve_faults(JWKS, answering("200 OK", b"x", "content-encoding: gzip")) as issuer:
        assert no_answer(Request(issuer.url)).reason == "encoded_body"


def test_a_body_may_be_as_long_as_its_bound_and_not_longer() -> None:
    with serve_faults(JWKS, answering("200 OK", b"x" * 100)) as issuer:
        assert len(ask(Request(issuer.url, max_body_bytes=100), SECONDS).body) == 100
        error = no_answer(Request(issuer.url, max_body_bytes=99))
    assert str(error) == "answered more than 99 bytes"


@pytest.mark.parametrize("name", sorted(DROPPED))
def test_a_dropped_connection_is_tried_once_more_for_a_get_and_never_for_a_form(name: str) -> None:
    with serve_faults(JWKS, FAST[name]) as issuer:
        assert no_answer(Request(issuer.url)).reason == "no_answer"
        assert issuer.connections == 2
        assert no_answer(Request(issuer.url, form={})).reason == "no_answer"
        assert issuer.connections == 3


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Names resolve only once the returned function has been called."""
    resolved = threading.Event()
    real = socket.getaddrinfo

    def resolve(*arguments: Any, **more: Any) -> Any:
        resolved.wait()
        return real(*arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield resolved.set
    resolved.set()


def test_a_connection_that_opens_after_the_deadline_asks_for_nothing(
    slow_names: Callable[[], None],
) -> None:
    with serve_faults(JWKS, healthy) as issuer:
        before = set(threading.enumerate())
        assert no_answer(Request(issuer.url), 0.01).reason == "timeout"
        slow_names()
        for thread in set(threading.enumerate()) - before:
            thread.join()
        assert issuer.requests == []


def test_an_address_that_speaks_no_tls_is_no_answer() -> None:
    with serve_faults(JWKS, healthy) as issuer:
        error = no_answer(Request(issuer.url.replace("http:", "https:")))
    assert error.reason == "no_answer"
