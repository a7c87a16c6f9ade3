"""REST APIs and payload 1.0: the same tokens, and what their events and policies can be made to say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authorizer.policy_events import MOST_BYTES, answer
from authorizer.response import SimpleResponse, Unauthorized
from authorizer.route import RouteKey
from jwt_verifier.errors import KeysUnavailable
from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus.everything import HOSTILE, LEGAL
from tests.attacks.target import Target, policy_of

EVENTS = Path(__file__).parents[1] / "events"
TOKEN = json.loads((EVENTS / "rest_api_authorizer_token.json").read_text())
REST = json.loads((EVENTS / "rest_api_authorizer_request.json").read_text())
HTTP: dict[str, Any] = {
    **REST,
    "version": "1.0",
    "methodArn": "arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/orders",
    "identitySource": "Bearer t,GET /orders",
    "authorizationToken": "Bearer t,GET /orders",
}
EVENT_OF: dict[str, Callable[[str], dict[str, Any]]] = {
    "TOKEN": lambda value: {**TOKEN, "authorizationToken": value},
    "REQUEST": lambda value: with_header(REST, value),
    "payload 1.0": lambda value: {
        **with_header(HTTP, value),
        "identitySource": f"{value},GET /orders",
    },
}
KINDS = pytest.mark.parametrize("kind", EVENT_OF)
ROUTES = (RouteKey("GET /orders"), RouteKey("GET /orders/{id}"), RouteKey("ANY /files/{path+}"))


def with_header(event: dict[str, Any], value: str) -> dict[str, Any]:
    return {
        **event,
        "headers": {**event["headers"], "Authorization": value},
        "multiValueHeaders": {"Authorization": [value]},
    }


def called(event: dict[str, Any], method: str, path: str, resource: str = "") -> dict[str, Any]:
    """The event of another request: what the gateway has matched and what was called."""
    stage = event["methodArn"].rpartition("/GET/")[0]
    changed = {**event, "methodArn": f"{stage}/{method}{path}"}
    if event["type"] == "REQUEST":
        context = {**event["requestContext"], "resourcePath": resource, "httpMethod": method}
        changed |= {"resource": resource, "path": path, "httpMethod": method}
        changed["requestContext"] = context
    return changed


def asks(target: Target, event: object) -> dict[str, Any]:
    """What the gateway gets."""
    target.lines.clear()
    return answer(event, target.authorizer, target.authorizer.route_keys)


def effect(target: Target, event: dict[str, Any]) -> str:
    """Allow or Deny, of the very request that was asked about."""
    document = asks(target, event)["policyDocument"]
    [statement] = document["Statement"]
    assert document["Version"] == "2012-10-17"
    assert statement["Action"] == "execute-api:Invoke"
    assert statement["Resource"] == event["methodArn"]
    return str(statement["Effect"])


def allowing(_event: object) -> SimpleResponse:
    """An authorizer that lets all in whose route it knows: what is tested is the adapter."""
    assert isinstance(_event, dict)
    if not _event["routeKey"]:
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "context": {
            **dict.fromkeys(("client_id", "token_use", "issuer", "issuer_name", "scope"), ""),
            "sub": json.dumps([_event["routeKey"], _event["pathParameters"]]),
            "groups": "[]",
            "exp": 7,
            "not_handed_on": "",
        },
    }


@pytest.fixture(scope="module")
def usual(bench: Bench) -> Target:
    return bench.target()


def judged_by(bench: Bench, usual: Target, case: Case) -> Target:
    return usual if case.jwks is None else bench.target(jwks=case.jwks)


@KINDS
@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_token_is_let_in_by_any_event(
    bench: Bench, usual: Target, kind: str, name: str
) -> None:
    for case in cases(HOSTILE[name]):
        target = judged_by(bench, usual, case)
        event = EVENT_OF[kind](f"Bearer {case.token}")
        if case.reason == "keys_unavailable":
            with pytest.raises(KeysUnavailable):
                asks(target, event)
        else:
            with pytest.raises(Unauthorized, match="^Unauthorized$"):
                asks(target, event)
            reason = json.loads(target.lines[0])["reason"]
            # Commas part the identity sources of payload 1.0, so that one is two credentials.
            parted = kind == "payload 1.0" and "," in case.token
            assert reason == ("credentials_ambiguous" if parted else case.reason), case


@KINDS
def test_legal_tokens_are_let_in_to_what_was_asked_and_nothing_else(
    bench: Bench, usual: Target, kind: str
) -> None:
    for case in cases(LEGAL):
        target = judged_by(bench, usual, case)
        assert effect(target, EVENT_OF[kind](f"Bearer {case.token}")) == "Allow", case


@KINDS
@pytest.mark.parametrize(
    "value", ["", "Basic dXNlcg==", "Bearer", "Bearer a b", "Bearer a,b", "bearer", "x" * 20_000]
)
def test_what_is_no_bearer_token_is_unauthorized(usual: Target, kind: str, value: str) -> None:
    with pytest.raises(Unauthorized):
        asks(usual, EVENT_OF[kind](value))


@KINDS
def test_a_good_token_without_permission_is_denied(bench: Bench, kind: str) -> None:
    target = bench.target(policy=policy_of(orders={"scopes_all": ["orders/admin"]}))
    event = EVENT_OF[kind](f"Bearer {bench.mint.token()}")
    assert effect(target, event) == "Deny"
    assert "context" not in asks(target, event)


@KINDS
def test_what_backends_are_told_is_flat_text(bench: Bench, usual: Target, kind: str) -> None:
    made = asks(usual, EVENT_OF[kind](f"Bearer {bench.mint.token()}"))
    context = made["context"]
    assert {type(value) for value in context.values()} == {str}
    assert made["principalId"] == context["sub"]
    assert context["exp"].isdigit()


@pytest.mark.parametrize("event", [REST, HTTP], ids=["REST", "HTTP"])
def test_two_authorization_headers_are_one_too_many(
    bench: Bench, usual: Target, event: dict[str, Any]
) -> None:
    good = f"Bearer {bench.mint.token()}"
    twice = {**with_header(event, good), "multiValueHeaders": {"authorization": ["Bearer x", good]}}
    with pytest.raises(Unauthorized):
        asks(usual, {**twice, "identitySource": None})
    assert json.loads(usual.lines[0])["reason"] == "credentials_ambiguous"


def test_payload_1_0_is_held_to_what_the_gateway_keeps_the_answer_by(
    bench: Bench, usual: Target
) -> None:
    event = with_header(HTTP, f"Bearer {bench.mint.token()}")
    with pytest.raises(Unauthorized):
        asks(usual, {**event, "identitySource": "Bearer other,GET /orders"})
    assert json.loads(usual.lines[0])["reason"] == "credentials_ambiguous"


def principal(event: dict[str, Any], keys: tuple[RouteKey, ...] = ROUTES) -> list[Any] | None:
    """The route and the parameters that an event is decided by; None where it is denied."""
    made = answer(event, allowing, keys)
    document = made["policyDocument"]
    assert isinstance(document, dict)
    if document["Statement"][0]["Effect"] == "Deny":
        return None
    return list(json.loads(str(made["principalId"])))


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/orders", ["GET /orders", {}]),
        ("GET", "/orders/7", ["GET /orders/{id}", {"id": "7"}]),
        ("PUT", "/files/a/b", ["ANY /files/{path+}", {"path": "a/b"}]),
        ("POST", "/orders", None),
        ("get", "/orders", None),
        ("GET", "/orders/", None),
        ("GET", "//orders", None),
        ("GET", "/orders/7/refund", None),
        ("GET", "/orders/%37", None),
        ("GET", "/orders/..", None),
        ("GET", "/orders/*", None),
        ("GET", "/orders/?", None),
        ("GET", "/orders/${aws:username}", None),
        ("GET", "/files", None),
        ("GET", "/files//a", None),
        ("GET", f"/orders/{'7' * 500}", None),
        ("*", "/orders", None),
    ],
)
def test_a_token_event_is_decided_by_the_route_that_reads_one_way(
    method: str, path: str, route: list[Any] | None
) -> None:
    assert principal(called(TOKEN, method, path)) == route


def test_a_token_event_takes_the_path_that_is_declared_nearest() -> None:
    keys = tuple(
        map(RouteKey, ("GET /a/{x}", "GET /a/b", "POST /a/c", "ANY /{rest+}", "GET /a/{x}/d"))
    )
    assert principal(called(TOKEN, "GET", "/a/b"), keys) == ["GET /a/b", {}]
    assert principal(called(TOKEN, "GET", "/a/z"), keys) == ["GET /a/{x}", {"x": "z"}]
    assert principal(called(TOKEN, "GET", "/a/b/c"), keys) == ["ANY /{rest+}", {"rest": "a/b/c"}]
    # Its resource has no rule for this method: another resource's must not stand in.
    assert principal(called(TOKEN, "GET", "/a/c"), keys) is None


@pytest.mark.parametrize("event", [REST, HTTP], ids=["REST", "HTTP"])
def test_a_request_event_is_decided_by_the_route_as_declared(event: dict[str, Any]) -> None:
    seven = {**called(event, "GET", "/orders/7", "/orders/{id}"), "pathParameters": {"id": "7"}}
    assert principal(seven) == ["GET /orders/{id}", {"id": "7"}]
    file = called(event, "PUT", "/files/a", "/files/{path+}")
    assert principal(file) == ["ANY /files/{path+}", {}]
    assert principal(called(event, "POST", "/orders", "/orders")) is None
    assert principal({**event, "httpMethod": "POST"}) is None
    other = {**event["requestContext"], "resourcePath": "/orders/{id}"}
    assert principal({**event, "requestContext": other}) is None
    assert principal(called(event, "GET", "/orders/*", "/orders/{id}")) is None


def test_a_default_route_of_payload_1_0_has_its_own_rule() -> None:
    event = called(HTTP, "GET", "/anything", "$default")
    assert principal(event, (RouteKey("$default"),)) == ["$default", {}]
    assert principal(event) is None


def test_an_answer_that_would_be_too_long_leaves_out_lists_and_says_so() -> None:
    def long(_event: object) -> SimpleResponse:
        members = {**dict.fromkeys(("sub", "client_id", "token_use", "issuer", "issuer_name"), "x")}
        lists = {"scope": "s" * 4_000, "groups": json.dumps(["g" * 4_000]), "claims": "c"}
        return {
            "isAuthorized": True,
            "context": {**members, **lists, "exp": 1, "not_handed_on": ""},
        }

    made = answer(TOKEN, long, ROUTES)
    assert len(json.dumps(made).encode()) <= MOST_BYTES
    context = made["context"]
    assert isinstance(context, dict)
    assert (context["groups"], context["not_handed_on"]) == ("[]", "claims groups")
    assert len(context["scope"]) == 4_000
    assert "claims" not in context
