import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from authorizer.authorize import Authorizer
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from function_kit.csrf_token import csrf_token
from jwt_verifier.errors import KeysUnavailable
from tests.issuer import Issuer, serve_issuer
from tests.policies import policy_document

RULE = {"scopes_all": ["orders/read"]}
POLICY = policy_document({"GET /orders": RULE})
COOKIE_POLICY = policy_document({"GET /orders": {**RULE, "cookie": True}, "GET /x": RULE})
PAGE = "https://app.example"


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


def authorizer(issuer_url: str, policy: bytes = POLICY, **environment: str) -> Authorizer:
    issuers = [{"name": "partner", "issuer": issuer_url, "audiences": ["api"]}]
    variables = {"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread", **environment}
    settings = Settings.from_env(variables)
    return build(settings, RoutePolicy.from_json(policy))


def event(token: str, route_key: str = "GET /orders") -> dict[str, Any]:
    return {
        "routeKey": route_key,
        "identitySource": [f"Bearer {token}", route_key],
        "headers": {"authorization": f"Bearer {token}"},
        "requestContext": {"requestId": "r-1", "routeKey": route_key},
    }


def of_page(token: str, route_key: str = "GET /orders") -> dict[str, Any]:
    return {
        **event(token, route_key),
        "identitySource": [],
        "headers": {"origin": PAGE, "x-csrf-token": csrf_token(token)},
        "cookies": [f"__Host-Http-access={token}"],
    }


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def decisions(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line.get("message") == "decision"]


def test_a_good_token_with_permission_is_allowed(served: Issuer, lines: Lines) -> None:
    token = served.mint(aud="api", scope="orders/read", client_id="web")
    answer = authorizer(served.url)(event(token))
    assert answer["isAuthorized"] is True
    (line,) = decisions(lines)
    assert (line["outcome"], line["reason"]) == ("allowed", "allowed")
    assert (line["route_key"], line["request_id"]) == ("GET /orders", "r-1")
    assert (line["sub"], line["client_id"], line["issuer"]) == ("someone", "web", served.url)
    assert line["kid"] == served.signing_key.kid
    assert line["service"] == "authorizer"
    assert "detail" not in line


def test_what_backends_are_not_told_stands_in_the_log(served: Issuer, lines: Lines) -> None:
    policy = {**json.loads(POLICY), "claims_for_backends": {"email": ["email"], "org": ["o", "id"]}}
    ask = authorizer(served.url, json.dumps(policy).encode())
    token = served.mint(aud="api", scope="orders/read", email="e" * 513, o={"id": "org_1"})
    context: Any = ask(event(token))["context"]
    assert (context["email"], context["org"]) == ("", "org_1")
    (line,) = decisions(lines)
    assert (line["outcome"], line["not_handed_on"]) == ("allowed", "email")
    ask(event(served.mint(aud="api", scope="orders/read")))
    (line,) = decisions(lines)
    assert "not_handed_on" not in line


def test_the_time_of_a_decision_is_that_of_the_clock(served: Issuer) -> None:
    policy = policy_document(
        {"GET /orders": {"claims": {"auth_time": {"be_no_older_than_seconds": 60}}}}
    )
    token = served.mint(aud="api", auth_time=int(time.time()) - 30)
    issuers = [{"name": "partner", "issuer": served.url, "audiences": ["api"]}]
    settings = Settings.from_env({"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread"})
    for later, allowed in ((0, True), (40, False)):

        def clock(later: int = later) -> float:
            return time.time() + later

        ask = build(settings, RoutePolicy.from_json(policy), wall_clock=clock)
        assert ask(event(token))["isAuthorized"] is allowed


def test_a_good_token_without_permission_is_denied(served: Issuer, lines: Lines) -> None:
    answer = authorizer(served.url)(event(served.mint(aud="api")))
    assert answer == {"isAuthorized": False}
    (line,) = decisions(lines)
    assert (line["outcome"], line["reason"]) == ("denied", "missing_scope")
    assert line["detail"] == "orders/read"


def test_a_bad_token_is_unauthorized_and_only_the_log_knows_why(
    served: Issuer, lines: Lines
) -> None:
    token = served.mint(aud="other", sub="mallory")
    with pytest.raises(Unauthorized, match="^Unauthorized$") as refusal:
        authorizer(served.url)(event(token))
    assert refusal.value.__suppress_context__
    (line,) = decisions(lines)
    assert (line["outcome"], line["reason"]) == ("rejected", "audience_mismatch")
    assert line["detail"] == "aud does not contain an accepted audience"
    assert (line["sub"], line["issuer"], line["client_id"]) == ("mallory", served.url, "")
    assert (line["kid"], line["offending"]) == (served.signing_key.kid, '["other"]')


def test_what_a_refused_token_holds_is_cut_and_ascii(served: Issuer, lines: Lines) -> None:
    token = served.mint(aud="api", sub="é" * 300, scope={"\n\u2028": "é" * 300})
    with pytest.raises(Unauthorized):
        authorizer(served.url)(event(token))
    (line,) = decisions(lines)
    assert line["reason"] == "claim_rejected"
    assert line["sub"] == "é" * 128
    assert line["offending"].startswith('{"\\n\\u2028": "\\u00e9')
    assert (len(line["offending"]), line["offending"].isascii()) == (128, True)


def test_a_forged_token_is_named_by_its_fingerprint_alone(served: Issuer, lines: Lines) -> None:
    token = served.mint(aud="other", sub="mallory")
    with pytest.raises(Unauthorized):
        authorizer(served.url)(event(token[:-8] + "AAAAAAAA"))
    (line,) = decisions(lines)
    assert line["reason"] == "signature_invalid"
    assert not {"sub", "kid", "issuer", "client_id", "offending"} & line.keys()


def test_a_refused_token_that_lacks_something_offends_by_nothing(
    served: Issuer, lines: Lines
) -> None:
    with pytest.raises(Unauthorized):
        authorizer(served.url)(event(served.mint()))
    (line,) = decisions(lines)
    assert (line["reason"], line["sub"]) == ("audience_mismatch", "someone")
    assert "offending" not in line


def test_a_token_in_a_cookie_is_verified_and_decided_like_any_other(
    served: Issuer, lines: Lines
) -> None:
    authorize = authorizer(served.url, COOKIE_POLICY, COOKIE_ORIGINS=json.dumps([PAGE]))
    good = served.mint(aud="api", scope="orders/read", sub="ada")
    answer: Any = authorize(of_page(good))
    assert (answer["isAuthorized"], answer["context"]["sub"]) == (True, "ada")
    assert authorize(of_page(served.mint(aud="api"))) == {"isAuthorized": False}
    with pytest.raises(Unauthorized):
        authorize(of_page(served.mint(aud="other")))
    assert [line["reason"] for line in decisions(lines)] == [
        *("allowed", "missing_scope", "audience_mismatch")
    ]


def test_a_cookie_counts_only_on_a_route_that_takes_it(served: Issuer, lines: Lines) -> None:
    authorize = authorizer(served.url, COOKIE_POLICY, COOKIE_ORIGINS=json.dumps([PAGE]))
    token = served.mint(aud="api", scope="orders/read")
    for route_key in ("GET /x", "GET /unknown"):
        with pytest.raises(Unauthorized):
            authorize(of_page(token, route_key))
    contradictory = of_page(token, "GET /x")
    contradictory["routeKey"] = "GET /orders"
    with pytest.raises(Unauthorized):
        authorize(contradictory)
    assert [line["reason"] for line in decisions(lines)] == ["token_missing"] * 3


def test_without_origins_no_cookie_counts(served: Issuer, lines: Lines) -> None:
    token = served.mint(aud="api", scope="orders/read")
    with pytest.raises(Unauthorized):
        authorizer(served.url, COOKIE_POLICY)(of_page(token))
    assert [line["reason"] for line in decisions(lines)] == ["token_missing"]


def test_why_a_cookie_is_refused_stands_in_the_log_and_its_value_does_not(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    authorize = authorizer(served.url, COOKIE_POLICY, COOKIE_ORIGINS=json.dumps([PAGE]))
    token = served.mint(aud="api", scope="orders/read")
    forged, foreign = of_page(token), of_page(token)
    forged["headers"]["x-csrf-token"] = csrf_token("a.b.c")
    foreign["headers"]["origin"] = "https://evil.example"
    for request in (forged, foreign):
        with pytest.raises(Unauthorized, match="^Unauthorized$"):
            authorize(request)
    printed = capsys.readouterr().out
    reasons = [json.loads(line).get("reason") for line in printed.splitlines()]
    assert reasons == ["csrf_token_invalid", "origin_not_allowed"]
    assert all(segment not in printed for segment in token.split("."))
    assert csrf_token(token) not in printed


def test_missing_keys_are_an_error_and_no_denial(lines: Lines) -> None:
    with serve_issuer() as gone:
        token = gone.mint(aud="api")
    with pytest.raises(KeysUnavailable):
        authorizer(gone.url)(event(token))
    (line,) = decisions(lines)
    assert (line["outcome"], line["reason"], line["level"]) == (
        "failed",
        "keys_unavailable",
        "ERROR",
    )
    assert (
        line["detail"]
        == f"no answer: ConnectionRefusedError: {gone.url}/.well-known/openid-configuration"
    )


@pytest.mark.parametrize(
    "broken", [None, [], {}, {"headers": None}, {"headers": {"authorization": ["x"]}}]
)
def test_a_broken_event_is_unauthorized(broken: object, served: Issuer, lines: Lines) -> None:
    with pytest.raises(Unauthorized):
        authorizer(served.url)(broken)
    assert len(decisions(lines)) == 1


def test_a_fault_of_ours_is_logged_once_and_raised(served: Issuer, lines: Lines) -> None:
    class Broken(RoutePolicy):
        def decide(self, *asked: object) -> Any:
            raise ZeroDivisionError(str(asked))

    issuers = [{"name": "partner", "issuer": served.url, "audiences": ["api"]}]
    settings = Settings.from_env({"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread"})
    with pytest.raises(ZeroDivisionError):
        build(settings, Broken({}))(event(served.mint(aud="api")))
    (line,) = decisions(lines)
    assert (line["outcome"], line["reason"]) == ("failed", "internal_error")
    assert line["detail"] == "ZeroDivisionError"


def test_where_no_decision_is_to_be_read_its_metric_is_written_all_the_same(
    served: Issuer, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    authorize = authorizer(served.url)
    caplog.set_level("CRITICAL", logger="authorizer")
    authorize(event(served.mint(aud="api", scope="orders/read")))
    *_, metric = lines()
    assert metric["allowed"] == [1.0]
    assert "outcome" not in metric


def test_a_token_is_logged_by_its_fingerprint_alone(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = served.mint(aud="api", jti="j"), served.mint(aud="other")
    authorize = authorizer(served.url)
    authorize(event(good))
    with pytest.raises(Unauthorized):
        authorize(event(bad))
    printed = capsys.readouterr().out
    for segment in [*good.split("."), *bad.split(".")[1:]]:
        assert segment not in printed
    fingerprints = [json.loads(line).get("token") for line in printed.splitlines()]
    assert len({name for name in fingerprints if name}) == 2


def test_each_decision_is_one_metric_by_its_reason(served: Issuer, lines: Lines) -> None:
    authorize = authorizer(served.url)
    authorize(event(served.mint(aud="api", scope="orders/read")))
    authorize(event(served.mint(aud="api")))
    with pytest.raises(Unauthorized):
        authorize(event("x"))
    metrics = [line for line in lines() if "_aws" in line]
    namespaces = {m["_aws"]["CloudWatchMetrics"][0]["Namespace"] for m in metrics}
    assert namespaces == {"JwtAuthorizer"}
    counted = [
        (m["reason"], m["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"])
        for m in metrics
        if "reason" in m
    ]
    assert counted == [
        ("allowed", "allowed"),
        ("missing_scope", "denied"),
        ("token_malformed", "rejected"),
    ]
    assert all(m[m["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"]] == [1.0] for m in metrics)
    (fetched,) = [m for m in metrics if "jwks_fetched" in m]
    assert (fetched["issuer_name"], fetched["service"]) == ("partner", "authorizer")


def test_what_happens_to_keys_is_logged(lines: Lines) -> None:
    with serve_issuer() as gone:
        token = gone.mint(aud="api")
    with pytest.raises(KeysUnavailable):
        authorizer(gone.url)(event(token))
    (line,) = [line for line in lines() if line.get("message") == "keys"]
    assert (line["event"], line["issuer_name"], line["level"]) == (
        "jwks_fetch_failed",
        "partner",
        "WARNING",
    )


def test_no_value_can_forge_a_line_or_fill_one(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = 'x\n{"message":"decision","outcome":"allowed"}\r\u2028\ud800' + "y" * 500
    forged = event(served.mint(aud="api", sub=hostile, client_id=hostile))
    forged["requestContext"]["requestId"] = hostile
    authorizer(served.url)(forged)
    printed = capsys.readouterr().out
    assert printed.isascii()
    (line,) = [json.loads(text) for text in printed.splitlines() if '"message":"decision"' in text]
    assert line["sub"] == line["client_id"] == line["request_id"] == hostile[:128]


def test_an_authorizer_that_was_warmed_up_has_its_keys(served: Issuer, lines: Lines) -> None:
    warm = authorizer(served.url)
    assert lines() == []
    warm.warm_up()
    assert lines()[0]["event"] == "jwks_fetched"
    warm(event(served.mint(aud="api")))
    assert "jwks_fetched" not in [line.get("event") for line in lines()]


def test_events_are_never_logged_whatever_the_environment_says(
    served: Issuer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    token = served.mint(aud="api")
    authorizer(served.url)(event(token))
    assert token.split(".")[1] not in capsys.readouterr().out
