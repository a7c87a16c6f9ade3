"""Rows N2, N3: what is asked of an issuer, and when it is asked once more."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.freshness import Clocks
from jwt_verifier.https_keys import HttpsKeySource
from jwt_verifier.user_agent import USER_AGENT
from jwt_verifier.version import VERSION
from page.discovery import Discovery
from session.download import Web
from tests.attacks.keyring import keyring
from tests.integration.faults import DROPPED, FAST, SLOW, healthy
from tests.integration.faulty_issuer import Conversation, Fault, serve_faults
from tests.integration.jwks_bench import TIMEOUT_SECONDS, jwks_bench

ROOT = Path(__file__).parents[2]


def _first(fault: Fault, then: Fault = healthy) -> Fault:
    """Return a fault that answers the first request one way and the others another."""
    return lambda talk: (fault if talk.issuer.fetches == 1 else then)(talk)


def _keys(url: str) -> object:
    return HttpsKeySource("unused", url, frozenset({"RS256"}), 5).fetch()


@pytest.mark.parametrize(
    "ask",
    [
        _keys,
        lambda url: Discovery("unused", url, Clocks(float, float)).find(),
        lambda url: Web(5).ask(url),
        lambda url: Web(5).ask(url, {"grant_type": "refresh_token"}),
    ],
    ids=["keys", "the page", "the session", "a form of the session"],
)
def test_every_request_says_who_asks(ask: Callable[[str], object]) -> None:
    """N2: a web application firewall in front of an issuer refuses one that does not."""

    with serve_faults(keyring().jwks(), healthy) as issuer:
        ask(f"{issuer.url}/jwks")
        (head,) = issuer.headers
        said = [line for line in head.lower().splitlines() if line.startswith("user-agent:")]
        assert said == [f"user-agent: {USER_AGENT}"]


def test_a_firewall_that_wants_a_user_agent_lets_the_keys_through() -> None:
    """N2: as the core rule set of AWS WAF does, with 403."""

    def firewall(talk: Conversation) -> None:
        names = [line.partition(":")[0].lower() for line in talk.issuer.headers[-1].splitlines()]
        (healthy if "user-agent" in names else FAST["404"])(talk)

    with jwks_bench(firewall) as bench:
        assert bench.good().status == 200


def test_the_user_agent_holds_the_version_of_the_project() -> None:
    assert f"aws-jwt-authorizer/{VERSION}" == USER_AGENT


@pytest.mark.parametrize("name", sorted(DROPPED))
def test_a_dropped_connection_is_tried_once_more_for_the_same_caller(name: str) -> None:
    """N2: nobody gets an error for it."""
    with jwks_bench(_first(FAST[name])) as bench:
        assert bench.good().status == 200
        assert bench.fetches == 2


@pytest.mark.parametrize("name", sorted(DROPPED))
def test_a_connection_that_is_dropped_twice_is_no_answer(name: str) -> None:
    """N2: and the back-off begins."""
    with jwks_bench(FAST[name]) as bench:
        for _ in range(3):
            assert bench.good().status == 500
        assert bench.fetches == 2


def test_a_handshake_that_breaks_off_is_tried_once_more() -> None:
    """N2: the server hangs up where TLS should begin."""
    with serve_faults(keyring().jwks(), healthy) as issuer:
        address = issuer.url.replace("http:", "https:")
        with pytest.raises(KeysUnavailable, match="^no answer: "):
            _keys(f"{address}/jwks")
        assert issuer.connections == 2


@pytest.mark.parametrize("name", sorted(FAST.keys() - DROPPED))
def test_an_answer_that_is_no_good_is_not_asked_for_again(name: str) -> None:
    """N2: a server that says no means it."""
    with jwks_bench(_first(FAST[name])) as bench:
        assert bench.good().status == 500
        assert bench.fetches == 1


@pytest.mark.parametrize("name", SLOW)
def test_both_tries_share_one_deadline(name: str) -> None:
    """N3: the second has what the first left of it, and is cut off like any other."""
    with jwks_bench(
        _first(FAST["a reset"], SLOW[name]), JWKS_FETCH_TIMEOUT_SECONDS=TIMEOUT_SECONDS
    ) as bench:
        assert bench.good().status == 500
        assert bench.fetches == 2
        assert bench.issuer.unfinished == 1


class Resolver:
    """The operating system's resolver, which fails for the first so many look-ups."""

    def __init__(self, failures: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failures, self.lookups = failures, 0
        self._resolve = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, *asked: Any, **more: Any) -> Any:
        self.lookups += 1
        if self.lookups <= self.failures:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._resolve(*asked, **more)


def test_a_name_that_is_not_resolved_just_now_is_looked_up_once_more_for_the_same_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with jwks_bench() as bench:
        resolver = Resolver(1, monkeypatch)
        assert bench.good().status == 200
        assert (resolver.lookups, bench.fetches) == (2, 1)


def test_a_name_that_is_not_resolved_twice_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with jwks_bench() as bench:
        resolver = Resolver(9, monkeypatch)
        assert bench.good().status == 500
        assert (resolver.lookups, bench.fetches) == (2, 0)
