"""What the demo holds the answers against: the template, its policy, and what it knows."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.policy_document import rule_document
from local.errors import DemoFailed, LocalError
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.demo import declared
from local.this_app.demo.callers import Caller
from local.this_app.demo.calls import Placed, called_routes, sample_request
from local.this_app.demo.declared import Verdict
from local.this_app.demo.source_table import SourceRoute, hold_template_to, source_table
from local.this_app.rules import rule_in_words
from tests.policies import conditions, policy_document
from tests.sample.access import ACCESS
from tests.sample.paths import APP_MODULE
from tests.unit.local.gateway_values import function_config, http_api, route

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"
PARTNER = "https://issuer.example"
JWT = JwtAuthorizerConfig("j1", "jwt", "$request.header.Authorization", ISSUER, ("web",))
TOKENS = LambdaAuthorizerConfig("a1", "tokens", "authorizer", (), 0)
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "client_id": "web",
    "token_use": "access",
    "scope": "read write",
    "cognito:groups": ["admins"],
    "level": 1,
}


def app(folder: Path, **rule: Any) -> LocalApp:
    (folder / "policy.json").write_bytes(policy_document({"GET /orders": rule}))
    issuers = json.dumps(
        [
            {"name": "cognito", "issuer": ISSUER, "client_ids": ["web"]},
            {"name": "partner", "issuer": PARTNER, "audiences": ["web"]},
        ]
    )
    function = function_config(
        "authorizer", {"ISSUERS": issuers, "POLICY_FILE": "policy.json"}, folder
    )
    return LocalApp(http_api(route("GET /orders", TOKENS)), (function,), ())


def declared_verdict(served: LocalApp, asked: RouteConfig, someone: Caller) -> Verdict | None:
    """Judged by a table that says what the bundled policy says."""
    match asked.authorizer:
        case LambdaAuthorizerConfig():
            path = served.functions[0].code_folder / "policy.json"
            try:
                rule = json.loads(path.read_text())["routes"].get(asked.key)
                asks = rule and rule["any_of"]
            except (OSError, ValueError, KeyError, TypeError):
                asks = [[]]
            table = {asked.key: SourceRoute("lambda", asks)} if asks else {}
        case JwtAuthorizerConfig():
            rule = [{"scopes_any": list(asked.scopes)}] if asked.scopes else []
            table = {asked.key: SourceRoute("jwt", [rule])}
        case None:
            table = {asked.key: SourceRoute("public", None)}
    return declared.declared_verdict(served, table, asked, someone)


def caller(*, genuine: bool = True, **changes: Any) -> Caller:
    return Caller("someone", "token", {**CLAIMS, **changes}, genuine=genuine)


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({}, Verdict.ALLOWED),
        ({"issuers": ["cognito"]}, Verdict.ALLOWED),
        ({"issuers": ["other"]}, Verdict.FORBIDDEN),
        ({"token_use": "access"}, Verdict.ALLOWED),
        ({"token_use": "id"}, Verdict.FORBIDDEN),
        ({"scopes_all": ["read", "write"]}, Verdict.ALLOWED),
        ({"scopes_all": ["read", "delete"]}, Verdict.FORBIDDEN),
        ({"scopes_any": ["delete", "read"]}, Verdict.ALLOWED),
        ({"scopes_any": ["delete"]}, Verdict.FORBIDDEN),
        ({"groups_any": ["admins", "x"]}, Verdict.ALLOWED),
        ({"groups_any": ["admin"]}, Verdict.FORBIDDEN),
        ({"claims": {"level": 1}}, Verdict.ALLOWED),
        ({"claims": {"level": True}}, Verdict.FORBIDDEN),
        ({"claims": {"absent": "x"}}, Verdict.FORBIDDEN),
    ],
)
def test_a_rule_is_judged_by_what_the_token_says(
    tmp_path: Path, rule: dict[str, Any], verdict: Verdict
) -> None:
    served = app(tmp_path, **rule)
    assert declared_verdict(served, served.api.routes[0], caller()) is verdict


@pytest.mark.parametrize(
    ("issuer", "name", "verdict"),
    [
        (ISSUER, "cognito:groups", Verdict.ALLOWED),
        (ISSUER, "groups", Verdict.FORBIDDEN),
        (PARTNER, "groups", Verdict.ALLOWED),
        (PARTNER, "cognito:groups", Verdict.FORBIDDEN),
    ],
)
def test_groups_are_those_of_the_tokens_own_issuer(
    tmp_path: Path, issuer: str, name: str, verdict: Verdict
) -> None:
    served = app(tmp_path, groups_any=["owners"])
    groups: dict[str, Any] = {"cognito:groups": [], name: ["owners"]}
    someone = caller(iss=issuer, **groups)
    assert declared_verdict(served, served.api.routes[0], someone) is verdict


@pytest.mark.parametrize(
    ("tenant", "verdict"),
    [("acme", Verdict.ALLOWED), ("globex", Verdict.FORBIDDEN), (None, Verdict.FORBIDDEN)],
)
def test_a_claim_of_the_path_is_judged_by_the_path_that_is_called(
    tmp_path: Path, tenant: str | None, verdict: Verdict
) -> None:
    served = app(tmp_path, claims={"tenant": {"path_parameter": "tenant"}})
    policy = tmp_path / "policy.json"
    of_tenant = "GET /tenants/{tenant}/orders"
    policy.write_text(policy.read_text().replace("GET /orders", of_tenant))
    asked = route(of_tenant, TOKENS)
    assert declared_verdict(served, asked, caller(tenant=tenant)) is verdict


@pytest.mark.parametrize(("owner", "verdict"), [("u-1", "allowed"), ("u-2", "403")])
def test_a_path_that_says_whose_something_is_is_called_as_the_caller_says(
    tmp_path: Path, owner: str, verdict: str
) -> None:
    served = app(tmp_path, claims={"sub": {"path_parameter": "user"}})
    policy = tmp_path / "policy.json"
    of_user = "GET /users/{user}/orders"
    policy.write_text(policy.read_text().replace("GET /orders", of_user))
    someone = replace(caller(sub="u-1"), parameters={"user": owner})
    asked = route(of_user, TOKENS)
    assert declared_verdict(served, asked, someone) is Verdict(verdict)
    assert sample_request(asked, someone).path == f"/users/{owner}/orders"


@pytest.mark.parametrize(
    ("key", "called"),
    [
        ("$default", ("GET", "/path-of-no-other-route")),
        ("ANY /a/{b}", ("GET", "/a/order-1")),
        ("GET /", ("GET", "/")),
    ],
)
def test_a_route_that_takes_any_method_or_path_is_called_by_one(
    key: str, called: tuple[str, str]
) -> None:
    request = sample_request(route(key, None), Caller("nobody"))
    assert (request.method, request.path) == called


def test_a_call_after_which_nothing_can_be_judged_is_left_out() -> None:
    routes = [route(key, TOKENS) for key in ("GET /a", "POST /session/revoke", "POST /b")]
    assert [each.key for each in called_routes(http_api(*routes))] == ["GET /a", "POST /b"]


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("DELETE /orders/{id}", "/orders/a%2Fb"),
        ("POST /orders/{number}/refund", "/orders/a%2Fb/refund"),
        ("GET /users/{user}/orders", "/users/order-1/orders"),
        ("GET /orders", "/orders"),
    ],
)
def test_what_a_call_has_added_is_what_later_calls_are_about(key: str, path: str) -> None:
    placed = Placed()
    placed.note("POST /orders", 201, b'{"id": "a/b"}')
    for status, body in ((200, b'{"id": "c"}'), (201, b"[]"), (201, b'{"id": 1}'), (201, b"\xff")):
        placed.note("POST /orders", status, body)
    assert sample_request(route(key, None), Caller("buyer"), placed).path == path


@pytest.mark.parametrize("authorizer", [JWT, TOKENS])
@pytest.mark.parametrize(
    "someone",
    [
        Caller("nobody"),
        caller(genuine=False),
        caller(iss="https://other.example"),
        caller(client_id="other"),
        caller(aud="other"),
    ],
)
def test_a_token_that_is_none_of_ours_is_declared_401(
    tmp_path: Path, authorizer: Any, someone: Caller
) -> None:
    served = app(tmp_path)
    assert declared_verdict(served, route("GET /orders", authorizer), someone) is Verdict("401")


def test_the_built_in_authorizer_asks_for_any_scope(tmp_path: Path) -> None:
    served = app(tmp_path)
    for scopes, verdict in ((("x", "read"), "allowed"), (("x",), "403"), ((), "allowed")):
        found = declared_verdict(served, route("GET /me", JWT, scopes), caller())
        assert found is Verdict(verdict)


def test_a_route_that_the_table_does_not_name_is_not_judged(tmp_path: Path) -> None:
    served = app(tmp_path)
    unnamed = route("GET /other", TOKENS)
    assert declared_verdict(served, unnamed, caller()) is None
    assert rule_in_words(served, unnamed) == "nobody"


def test_a_public_route_is_for_everyone(tmp_path: Path) -> None:
    served = app(tmp_path)
    assert declared_verdict(served, route("GET /health"), Caller("nobody")) is Verdict.ALLOWED
    assert rule_in_words(served, route("GET /health")) == "everyone"


@pytest.mark.parametrize(
    ("in_the_bundle", "in_the_sources", "verdict"),
    [
        ({}, {"groups_any": ["nobody-is-in-it"]}, Verdict.FORBIDDEN),
        ({"groups_any": ["nobody-is-in-it"]}, {}, Verdict.ALLOWED),
    ],
)
def test_the_sources_decide_what_is_declared_and_not_the_bundled_policy(
    tmp_path: Path, in_the_bundle: dict[str, Any], in_the_sources: dict[str, Any], verdict: Verdict
) -> None:
    served = app(tmp_path, **in_the_bundle)
    table = {"GET /orders": SourceRoute("lambda", [conditions(in_the_sources)])}
    [asked] = served.api.routes
    assert declared.declared_verdict(served, table, asked, caller()) is verdict


def test_the_sources_decide_which_scopes_the_built_in_authorizer_should_ask_for(
    tmp_path: Path,
) -> None:
    table = {"GET /me": SourceRoute("jwt", [[{"scopes_any": ["delete"]}]])}
    open_to_all = route("GET /me", JWT, ())
    found = declared.declared_verdict(app(tmp_path), table, open_to_all, caller())
    assert found is Verdict.FORBIDDEN


@pytest.mark.parametrize(
    ("key", "kind", "found"),
    [
        ("GET /orders", "jwt", "lambda"),
        ("GET /orders", "public", "lambda"),
        ("GET /x", "jwt", "none"),
    ],
)
def test_a_template_with_another_authorizer_than_the_sources_say_fails_the_demo(
    tmp_path: Path, key: str, kind: str, found: str
) -> None:
    served = app(tmp_path)
    told = f"{key}: stacks/access.py says authorizer '{kind}', and the template has '{found}'"
    with pytest.raises(DemoFailed, match=re.escape(told)):
        hold_template_to({key: SourceRoute(kind, [])}, served.api)
    hold_template_to({"GET /orders": SourceRoute("lambda", [])}, served.api)


def test_the_table_of_the_sources_is_the_one_in_the_file_that_users_edit() -> None:
    table = source_table("local", APP_MODULE)
    written = {item.key: item for item in ACCESS.routes}
    assert table
    for key, found in table.items():
        assert found.authorizer == written[key].authorizer
        rule = written[key].rule
        assert found.any_of == (rule and rule_document(rule))


def test_sources_without_a_readable_table_are_one_clear_line() -> None:
    with pytest.raises(DemoFailed, match=r"table of the sources cannot be read: .*'nowhere'"):
        source_table("nowhere", APP_MODULE)


def test_a_rule_is_told_in_the_words_that_synth_wrote(tmp_path: Path) -> None:
    served = app(tmp_path, token_use="access")
    assert rule_in_words(served, served.api.routes[0]) == "what a test asks"


@pytest.mark.parametrize("policy", [None, "{}", '{"routes": {"GET /orders": "allow"}}'])
@pytest.mark.parametrize("left_out", ["ISSUERS", "POLICY_FILE"])
def test_a_lambda_authorizer_that_is_not_ours_decides_by_itself_and_nothing_is_declared(
    tmp_path: Path, policy: str | None, left_out: str
) -> None:
    served = app(tmp_path)
    ours = served.functions[0].environment
    theirs = {name: value for name, value in ours.items() if name != left_out}
    served = replace(served, functions=(function_config("authorizer", theirs, tmp_path),))
    path = tmp_path / "policy.json"
    path.unlink() if policy is None else path.write_text(policy)
    asked = served.api.routes[0]
    assert rule_in_words(served, asked) == "as function authorizer decides"
    assert declared_verdict(served, asked, caller()) is None
    assert declared_verdict(served, asked, Caller("nobody")) is None


@pytest.mark.parametrize("policy", [None, "{}", "[]", "{", '{"routes": {"GET /orders": "allow"}}'])
def test_our_own_authorizer_without_its_policy_is_told_and_fails_the_demo(
    tmp_path: Path, policy: str | None
) -> None:
    served = app(tmp_path)
    path = tmp_path / "policy.json"
    path.unlink() if policy is None else path.write_text(policy)
    asked = served.api.routes[0]
    told = r"function authorizer: policy\.json in its bundle"
    assert re.match(f"nobody: {told}", rule_in_words(served, asked))
    with pytest.raises(LocalError, match=told):
        declared_verdict(served, asked, caller())


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, "allowed"), (404, "allowed"), (401, "401"), (403, "403"), (500, None), (503, None)],
)
def test_a_failure_is_never_what_was_declared(status: int, verdict: str | None) -> None:
    assert Verdict.of_status(status) == verdict
