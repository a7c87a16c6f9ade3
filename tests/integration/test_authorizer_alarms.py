"""The authorizer itself prints what its alarms look at, and they ring."""

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from typing import Any

import pytest

from authorizer.authorize import Authorizer
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from jwt_verifier.errors import KeysUnavailable
from tests.alarms import STAGE, rings
from tests.issuer import Issuer, serve_issuer
from tests.policies import policy_document
from tests.saved_queries import OF_THE_API, access_log_line, wrong_in

POLICY = policy_document({"GET /orders": {"scopes_all": ["orders/read"]}})
NOBODY = "http://127.0.0.1:9"
ROUTE = "GET /orders"
OWN_ALARMS = (
    *("keys-unavailable", "no-usable-key-published", "internal-error"),
    *("stale-keys-served", "refusal-surge"),
)


@pytest.fixture
def served() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


def authorizer(
    issuer_url: str, policy: RoutePolicy | None = None, clock: Callable[[], float] = time.monotonic
) -> Authorizer:
    issuers = [{"name": "partner", "issuer": issuer_url, "audiences": ["api"]}]
    settings = Settings.from_env(
        {"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread", "STAGE": STAGE}
    )
    return build(settings, policy or RoutePolicy.from_json(POLICY), monotonic_clock=clock)


def event(token: str) -> dict[str, Any]:
    return {
        "routeKey": ROUTE,
        "identitySource": [f"Bearer {token}", ROUTE],
        "headers": {"authorization": f"Bearer {token}"},
        "requestContext": {"requestId": "r-1", "routeKey": ROUTE},
    }


def test_an_issuer_that_cannot_be_reached_rings(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeysUnavailable):
        authorizer(NOBODY)(event(served.mint(iss=NOBODY, aud="api")))
    assert rings("keys-unavailable", capsys.readouterr().out)


def test_a_key_set_without_a_usable_key_rings(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    token = served.mint(aud="api")
    served.withdraw(served.signing_key)
    with pytest.raises(Unauthorized):
        authorizer(served.url)(event(token))
    assert rings("no-usable-key-published", capsys.readouterr().out)


def test_a_fault_of_ours_rings(served: Issuer, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(RoutePolicy):
        def decide(self, *asked: object) -> Any:
            raise ZeroDivisionError(str(asked))

    with pytest.raises(ZeroDivisionError):
        authorizer(served.url, Broken({}))(event(served.mint(aud="api")))
    assert rings("internal-error", capsys.readouterr().out)


def test_keys_that_are_served_after_their_time_ring(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    later = 0.0

    def clock() -> float:
        return time.monotonic() + later

    ask = authorizer(served.url, clock=clock)
    token = served.mint(aud="api", scope="orders/read")
    ask(event(token))
    assert not rings("stale-keys-served", capsys.readouterr().out)
    served.url = NOBODY  # its documents now name another issuer, so no fetch succeeds
    later = 2 * 3600
    assert ask(event(token))["isAuthorized"]
    assert rings("stale-keys-served", capsys.readouterr().out)


def test_many_refusals_ring_once_most_decisions_are_refusals(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = authorizer(served.url)
    allowed, denied = served.mint(aud="api", scope="orders/read"), served.mint(aud="api")
    for token, times in ((allowed, 60), (denied, 30), ("x", 20)):
        for _ in range(times):
            with suppress(Unauthorized):
                ask(event(token))
    printed = capsys.readouterr().out
    assert not rings("refusal-surge", printed)
    for _ in range(20):
        ask(event(denied))
    assert rings("refusal-surge", printed + capsys.readouterr().out)


def test_refusals_alone_ring_and_a_few_do_not(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = authorizer(served.url)
    for times, surge in ((99, False), (100, True)):
        for _ in range(times):
            with suppress(Unauthorized):
                ask(event("x"))
        assert rings("refusal-surge", capsys.readouterr().out) is surge


@pytest.fixture(scope="module")
def every_line() -> str:
    """What it prints of every kind of decision, and of what happens to keys."""
    later = 0.0
    with serve_issuer() as served, redirect_stdout(io.StringIO()) as printed:
        ask = authorizer(served.url, clock=lambda: time.monotonic() + later)
        ask(event(served.mint(aud="api", scope="orders/read", client_id="web")))
        ask(event(served.mint(aud="api")))
        for token in ("x", served.mint(aud="other")):
            with suppress(Unauthorized):
                ask(event(token))
        with suppress(KeysUnavailable):
            authorizer(NOBODY)(event(served.mint(iss=NOBODY, aud="api")))
        good = served.mint(aud="api")
        served.url, later = NOBODY, 2 * 3600
        ask(event(good))
    return printed.getvalue()


@pytest.mark.parametrize("name", OF_THE_API)
def test_a_saved_query_names_what_the_lines_hold(name: str, every_line: str) -> None:
    assert wrong_in(name, every_line + access_log_line()) == []


@pytest.mark.parametrize("name", OWN_ALARMS)
def test_a_good_token_rings_nothing(
    name: str, served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    authorizer(served.url)(event(served.mint(aud="api", scope="orders/read")))
    assert not rings(name, capsys.readouterr().out)
