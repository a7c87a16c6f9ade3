import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from authorizer.path_parameters import NO_PARAMETERS, PathParameters
from authorizer.policy import Decision, RoutePolicy
from authorizer.route import NO_ROUTE, RouteKey
from jwt_verifier.errors import ClaimRejected, SettingsInvalid
from tests.unit.jwt_verifier.conftest import NOW, Verify

ASKS_NOTHING: Mapping[str, Any] = {
    "issuers": [],
    "token_use": None,
    "scopes_all": [],
    "scopes_any": [],
    "groups_any": [],
    "claims": {},
    "cookie": False,
}
ROUTE = RouteKey("GET /orders")


def policy(**asked: Any) -> RoutePolicy:
    routes = {ROUTE: {**ASKS_NOTHING, **asked}}
    return RoutePolicy.from_json(json.dumps({"version": 1, "routes": routes}).encode())


@pytest.fixture
def decide(issuer: Any, verify: Verify) -> Any:
    def decide_about(
        rules: RoutePolicy, route: str = ROUTE, path: PathParameters = NO_PARAMETERS, **claims: Any
    ) -> Decision:
        token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, **claims))
        return rules.decide(token, RouteKey(route), path)

    return decide_about


ALLOWED = Decision(allowed=True, reason="allowed")


def denied(reason: str) -> Decision:
    return Decision(allowed=False, reason=reason)


def test_a_rule_that_asks_nothing_allows_any_verified_token(decide: Any) -> None:
    assert decide(policy()) == ALLOWED


@pytest.mark.parametrize(
    "route", ["GET /other", "get /orders", "GET /orders/", "$default", "ANY /orders", NO_ROUTE]
)
def test_a_route_without_a_rule_is_denied(route: str, decide: Any) -> None:
    assert decide(policy(), route) == denied("route_not_in_policy")


def test_the_issuer_is_asked_by_its_name(decide: Any) -> None:
    assert decide(policy(issuers=["cognito", "partner"])) == ALLOWED
    assert decide(policy(issuers=["cognito"])) == denied("issuer_not_allowed")


def test_the_token_use_is_asked(decide: Any) -> None:
    rules = policy(token_use="access")
    assert decide(rules, token_use="access") == ALLOWED
    assert decide(rules, token_use="id") == denied("token_use_not_allowed:id")
    assert decide(rules) == denied("token_use_not_allowed:None")


def test_all_of_the_scopes_are_asked(decide: Any) -> None:
    rules = policy(scopes_all=["orders/read", "orders/write"])
    assert decide(rules, scope="orders/write x orders/read") == ALLOWED
    assert decide(rules, scope="orders/read") == denied("missing_scope:orders/write")
    assert decide(rules) == denied("missing_scope:orders/read")


def test_any_of_the_scopes_is_asked(decide: Any) -> None:
    rules = policy(scopes_any=["a", "b"])
    assert decide(rules, scope="b") == ALLOWED
    assert decide(rules, scope="c") == denied("missing_scope:a|b")


@pytest.mark.parametrize(
    "scope",
    ["orders/readall", "xorders/read", "orders/read:all", "ORDERS/READ", "orders/read\t", "orders"],
)
def test_a_scope_is_compared_whole(scope: str, decide: Any) -> None:
    assert decide(policy(scopes_all=["orders/read"]), scope=scope) == denied(
        "missing_scope:orders/read"
    )


def test_any_of_the_groups_is_asked(decide: Any) -> None:
    rules = policy(groups_any=["admins", "support"])
    assert decide(rules, groups=["x", "support"]) == ALLOWED
    assert decide(rules, groups=["superadmins"]) == denied("missing_group:admins|support")
    assert decide(rules, groups=[]) == denied("missing_group:admins|support")
    with pytest.raises(ClaimRejected):
        decide(rules, groups="admins")


@pytest.mark.parametrize(
    ("asked", "held", "is_equal"),
    [
        ("acme", "acme", True),
        ("acme", "ACME", False),
        ("acme", ["acme"], False),
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        (1, "1", False),
        (True, True, True),
        (True, 1, False),
        (True, "true", False),
        (False, None, False),
    ],
)
def test_a_claim_is_equal_in_type_and_value(
    asked: object, held: object, is_equal: bool, decide: Any
) -> None:  # a row of the table
    decision = decide(policy(claims={"tenant": asked}), tenant=held)
    assert decision == (ALLOWED if is_equal else denied("claim_mismatch:tenant"))


def test_every_claim_is_asked_and_a_dot_in_a_name_is_a_dot(decide: Any) -> None:
    rules = policy(claims={"tenant": "a", "x.y": "b"})
    assert decide(rules, tenant="a", **{"x.y": "b"}) == ALLOWED
    assert decide(rules, tenant="a", x={"y": "b"}) == denied("claim_mismatch:x.y")


def test_a_cookie_is_taken_only_where_the_policy_says_so() -> None:
    assert policy(cookie=True).takes_cookie(ROUTE)
    assert not policy().takes_cookie(ROUTE)


@pytest.mark.parametrize("route", ["GET /other", "get /orders", "ANY /orders", NO_ROUTE])
def test_a_route_without_a_rule_takes_no_cookie(route: str) -> None:
    assert not policy(cookie=True).takes_cookie(RouteKey(route))


class TestClaimOfThePath:
    RULES = policy(claims={"tenant": {"path_parameter": "tenant"}})

    def test_it_is_equal_to_what_the_called_path_holds(self, decide: Any) -> None:
        assert decide(self.RULES, path={"tenant": "acme"}, tenant="acme") == ALLOWED

    @pytest.mark.parametrize("held", ["ACME", "acm", "", ["acme"], None, 1, True])
    def test_another_value_is_denied(self, held: object, decide: Any) -> None:
        path = {"tenant": "acme"}
        assert decide(self.RULES, path=path, tenant=held) == denied("claim_mismatch:tenant")

    def test_another_path_is_denied(self, decide: Any) -> None:
        decision = decide(self.RULES, path={"tenant": "globex"}, tenant="acme")
        assert decision == denied("claim_mismatch:tenant")

    @pytest.mark.parametrize("path", [{}, {"other": "acme"}])
    def test_a_path_without_the_parameter_is_denied(
        self, path: dict[str, str], decide: Any
    ) -> None:
        reason = "path_parameter_unclear:tenant"
        assert decide(self.RULES, path=path, tenant="acme") == denied(reason)
        assert decide(self.RULES, path=path) == denied(reason)

    @pytest.mark.parametrize(
        "value",
        ["%", "a%2Fb", "a%", "a/b", "/", "a?b", "?", "a#b", "#", "a\\b", ".", "..", "..;", "a;b"],
    )
    def test_a_value_that_reads_in_two_ways_is_denied_even_if_the_claim_is_equal(
        self, value: str, decide: Any
    ) -> None:
        decision = decide(self.RULES, path={"tenant": value}, tenant=value)
        assert decision == denied("path_parameter_unclear:tenant")

    def test_a_rule_that_reads_no_parameter_does_not_mind_its_value(self, decide: Any) -> None:
        rules = policy(claims={"tenant": "acme"})
        assert decide(rules, path={"tenant": "a%2Fb"}, tenant="acme") == ALLOWED


def document(**routes: Any) -> bytes:
    return json.dumps({"version": 1, "routes": routes}).encode()


def without(name: str) -> dict[str, Any]:
    return {field: value for field, value in ASKS_NOTHING.items() if field != name}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"", "POLICY_FILE: not JSON"),
        (b"[]", "POLICY_FILE: not a JSON object"),
        (b'{"version": 1, "version": 1}', "POLICY_FILE: duplicate members"),
        (b"{}", "POLICY_FILE.version: None; this authorizer reads 1"),
        (b'{"version": 2, "routes": {}}', "POLICY_FILE.version: 2; this authorizer reads 1"),
        (b'{"version": true, "routes": {}}', "POLICY_FILE.version: True; give a positive integer"),
        (b'{"version": 1, "routes": []}', "POLICY_FILE.routes: []; give a JSON object"),
        (b'{"version": 1, "rules": {}}', "POLICY_FILE.rules: unknown field; allowed are routes, version"),
        (document(**{"": ASKS_NOTHING}), "POLICY_FILE.routes: holds an empty route key; name the route"),
        (document(a=1), 'POLICY_FILE.routes["a"]: is not a JSON object'),
        (document(a=without("claims")), 'POLICY_FILE.routes["a"].claims: missing; give it, empty if it asks nothing'),
        (document(a=without("cookie")), 'POLICY_FILE.routes["a"].cookie: missing; give it, empty if it asks nothing'),
        (document(a={**ASKS_NOTHING, "cookie": None}), "cookie: None; give true or false"),
        (document(a={**ASKS_NOTHING, "cookie": 1}), "cookie: 1; give true or false"),
        (document(a={**ASKS_NOTHING, "cookie": "true"}), "cookie: 'true'; give true or false"),
        (document(a=without("token_use")), 'POLICY_FILE.routes["a"].token_use: missing'),
        (document(a={**ASKS_NOTHING, "scope": "x"}), 'POLICY_FILE.routes["a"].scope: unknown field'),
        (document(a={**ASKS_NOTHING, "token_use": "any"}), "token_use: 'any'; give access, id or null"),
        (document(a={**ASKS_NOTHING, "scopes_all": "x"}), "scopes_all: 'x'; give an array"),
        (document(a={**ASKS_NOTHING, "groups_any": [1]}), "groups_any: [1]; give an array"),
        (document(a={**ASKS_NOTHING, "issuers": [""]}), "issuers: ['']; give an array"),
        (document(a={**ASKS_NOTHING, "claims": {"t": 1.5}}), "claims.t: 1.5; give a string"),
        (document(a={**ASKS_NOTHING, "claims": {"t": None}}), "claims.t: None; give a string"),
        (
            document(a={**ASKS_NOTHING, "claims": {"t": {"path": "x"}}}),
            'POLICY_FILE.routes["a"].claims.t.path: unknown field; allowed are path_parameter',
        ),
        (
            document(a={**ASKS_NOTHING, "claims": {"t": {"path_parameter": ""}}}),
            "claims.t.path_parameter: ''; give a non-empty string",
        ),
        (document(a={**ASKS_NOTHING, "claims": ["t"]}), "claims: ['t']; give a JSON object"),
    ],
)  # fmt: skip
def test_a_broken_policy_is_refused_by_the_name_of_the_field(broken: bytes, message: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        RoutePolicy.from_json(broken)
    assert message in str(refused.value)


def test_a_policy_is_read_from_a_file(tmp_path: Path, decide: Any) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(document(**{"GET /a": ASKS_NOTHING}))
    assert decide(RoutePolicy.from_file(path), "GET /a") == ALLOWED


def test_a_policy_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsInvalid, match=r"^POLICY_FILE: .*absent cannot be read \(FileNotFoundError\)"
    ):
        RoutePolicy.from_file(tmp_path / "absent")
