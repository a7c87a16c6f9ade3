import json
from pathlib import Path
from typing import Any

import pytest

from authorizer.path_parameters import NO_PARAMETERS, PathParameters
from authorizer.policy import Decision, RoutePolicy
from authorizer.route import NO_ROUTE, RouteKey
from jwt_verifier.errors import ClaimRejected, SettingsInvalid
from tests.policies import conditions, policy_document, route_rule
from tests.unit.jwt_verifier.conftest import NOW, Verify

ROUTE = RouteKey("GET /orders")


def policy(**asked: Any) -> RoutePolicy:
    return RoutePolicy.from_json(policy_document({ROUTE: asked}))


@pytest.fixture
def decide(issuer: Any, verify: Verify) -> Any:
    def decide_about(
        rules: RoutePolicy, route: str = ROUTE, path: PathParameters = NO_PARAMETERS, **claims: Any
    ) -> Decision:
        token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, **claims))
        return rules.decide(token, RouteKey(route), path, NOW)

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


OPEN = route_rule({})
NO_NAMES: tuple[Any, ...] = ("x", [1], [""], [], None)
NO_VALUES: tuple[Any, ...] = (1, "x", [], {}, None)
NO_AGES: tuple[Any, ...] = (0, -1, 1.5, "9", True, None)


class TestSeveralRules:
    """One of them must hold."""

    def rules(self, *asked: dict[str, Any]) -> RoutePolicy:
        rule = {**route_rule({}), "any_of": [conditions(item) for item in asked]}
        return RoutePolicy.from_json(json.dumps({"version": 2, "routes": {ROUTE: rule}}).encode())

    def test_any_of_them_is_enough(self, decide: Any) -> None:
        rules = self.rules({"groups_any": ["admins"]}, {"claims": {"sub": "owner"}})
        assert decide(rules, groups=["admins"]) == ALLOWED
        assert decide(rules, sub="owner") == ALLOWED
        assert decide(rules, sub="x") == denied(
            "no_rule_met:missing_group:admins|claim_mismatch:sub"
        )

    def test_half_of_each_is_not_enough(self, decide: Any) -> None:
        rules = self.rules(
            {"scopes_all": ["a"], "groups_any": ["g"]}, {"scopes_all": ["b"], "groups_any": ["h"]}
        )
        assert decide(rules, scope="a", groups=["g"]) == ALLOWED
        assert decide(rules, scope="a b", groups=["x"]) == denied(
            "no_rule_met:missing_group:g|missing_group:h"
        )
        assert not decide(rules, scope="a", groups=["h"]).allowed

    def test_the_rule_of_another_issuer_explains_nothing(self, decide: Any) -> None:
        rules = self.rules(
            {"issuers": ["cognito"], "groups_any": ["admins"]},
            {"issuers": ["partner"], "scopes_any": ["admin"]},
        )
        assert decide(rules, groups=["admins"]) == denied("missing_scope:admin")
        assert decide(rules, scope="admin") == ALLOWED

    def test_one_reason_for_all_is_told_once(self, decide: Any) -> None:
        foreign = self.rules({"issuers": ["a"]}, {"issuers": ["b"]})
        assert decide(foreign) == denied("issuer_not_allowed")


def test_all_of_the_groups_are_asked(decide: Any) -> None:
    rules = policy(groups_all=["a", "b"])
    assert decide(rules, groups=["b", "x", "a"]) == ALLOWED
    assert decide(rules, groups=["a", "bb"]) == denied("missing_group:b")


def test_a_claim_inside_another_is_asked_by_its_path(decide: Any) -> None:
    asked = {"claim": ["a", "b", "c"], "must": {"be_one_of": [1]}}
    rule = {**route_rule({}), "any_of": [[asked]]}
    rules = RoutePolicy.from_json(document(**{ROUTE: rule}))
    assert decide(rules, a={"b": {"c": 1}}) == ALLOWED
    for held in (
        {"b": {"c": 2}},
        {"b": {"c": None}},
        {"b": [1]},
        {"b.c": 1},
        [{"b": 1}],
        "b",
        None,
    ):
        assert decide(rules, a=held) == denied("claim_mismatch:a.b.c")
    assert decide(rules, **{"a.b.c": 1}) == denied("claim_mismatch:a.b.c")
    assert decide(rules) == denied("claim_mismatch:a.b.c")


MFA = "urn:mfa"
TESTS: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    ({"be_one_of": ["a", 1]}, ["a", 1], ["b", True, 1.0, "1", ["a"], None, {"a": 1}]),
    (
        {"contain_all": ["a", "b"]},
        [["a", "b"], ["x", "b", "a"]],
        ["a b", ["a"], [], {"a": 1, "b": 1}, ["ab"], [["a", "b"]], ["a", "b", 1], ["a", "b", None]],
    ),
    ({"contain_any": ["a", "b"]}, [["b"], ["x", "a"]], ["a", ["c"], [], ["A"], ["a", 1], [["a"]]]),
    ({"contain_any": ["a", 1]}, [["a"], [1], [2, "a"]], [[True], [1.0], ["b"], ["a", True]]),
    ({"contain_all": [True]}, [[True], [False, True]], [[1], ["true"], [False], True]),
    ({"be_number": {"at_least": 3}}, [3, 3.0, 4.5], [2, 2.999, "3", True, None, [3]]),
    ({"be_number": {"above": 3}}, [4, 3.001], [3, 3.0, True]),
    ({"be_number": {"at_most": 3}}, [3, -1, 0], [4, 3.001, False]),
    ({"be_number": {"below": 3}}, [2, 2.9], [3, "2"]),
    ({"be_number": {"at_least": 1, "below": 3}}, [1, 2], [0, 3]),
    ({"not": {"be_one_of": ["a"]}}, ["b", ""], ["a", 1, True, ["b"], {}, None]),
    ({"not": {"contain_all": ["a", "b"]}}, [["a"], [], ["c"]], [["a", "b"], "c", [1], ["a", 1]]),
    ({"not": {"contain_any": ["a"]}}, [["b"], []], [["b", "a"], "b", [["a"]], {}, None]),
    ({"not": {"be_number": {"at_least": 3}}}, [2, -1.5], [3, "2", True, None]),
    ({"be_no_older_than_seconds": 60}, [NOW, NOW - 60, NOW + 300], [NOW - 61, NOW + 301, str(NOW), True, [NOW], None]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("test", "held", "passes"),
    [
        (test, held, passes)
        for test, good, bad in TESTS
        for values, passes in ((good, True), (bad, False))
        for held in values
    ],
)
def test_a_claim_is_of_the_type_that_is_asked_and_passes(
    test: dict[str, Any], held: object, passes: bool, decide: Any
) -> None:  # a row of the table
    decision = decide(policy(claims={"x": test}), x=held)
    assert decision == (ALLOWED if passes else denied("claim_mismatch:x"))


@pytest.mark.parametrize("test", [test for test, _, _ in TESTS], ids=str)
def test_a_claim_that_is_absent_passes_no_test(test: dict[str, Any], decide: Any) -> None:
    assert decide(policy(claims={"x": test})) == denied("claim_mismatch:x")


def test_without_the_time_no_age_passes(issuer: Any, verify: Verify) -> None:
    token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, auth_time=NOW))
    rules = policy(claims={"auth_time": {"be_no_older_than_seconds": 60}})
    assert rules.decide(token, ROUTE) == denied("claim_mismatch:auth_time")
    assert rules.decide(token, ROUTE, NO_PARAMETERS, NOW) == ALLOWED


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (["acme", "globex"], None),
        (["globex"], "claim_mismatch:tenants"),
        ("acme", "claim_mismatch:tenants"),
    ],
)
@pytest.mark.parametrize("kind", ["contain_all", "contain_any"])
def test_a_parameter_of_the_path_must_be_in_an_array(
    kind: str, held: object, reason: str | None, decide: Any
) -> None:
    rules = policy(claims={"tenants": {kind: [{"path_parameter": "tenant"}]}})
    decision = decide(rules, path={"tenant": "acme"}, tenants=held)
    assert decision == (ALLOWED if reason is None else denied(reason))
    unclear = denied("path_parameter_unclear:tenant")
    assert decide(rules, path={"tenant": "a/b"}, tenants=["a/b"]) == unclear
    assert decide(rules, tenants=held) == unclear


def test_a_parameter_that_is_unclear_is_no_other_value(decide: Any) -> None:
    rules = policy(claims={"tenant": {"not": {"be_one_of": [{"path_parameter": "tenant"}]}}})
    assert decide(rules, path={"tenant": "acme"}, tenant="globex") == ALLOWED
    assert decide(rules, path={"tenant": "acme"}, tenant="acme") == denied("claim_mismatch:tenant")
    for path in ({}, {"tenant": "a%2Fb"}):
        assert decide(rules, path=path, tenant="x") == denied("path_parameter_unclear:tenant")


def document(**routes: Any) -> bytes:
    return json.dumps({"version": 2, "routes": routes}).encode()


def asking(*rules: Any) -> bytes:
    return document(a={**OPEN, "any_of": list(rules)})


def claim(test: Any, *path: Any) -> bytes:
    return asking([{"claim": list(path) or ["t"], "must": test}])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"", "POLICY_FILE: not JSON"),
        (b"[]", "POLICY_FILE: not a JSON object"),
        (b'{"version": 2, "version": 2}', "POLICY_FILE: duplicate members"),
        (b"{}", "POLICY_FILE.version: None; this authorizer reads 2"),
        (b'{"version": 1, "routes": {}}', "POLICY_FILE.version: 1; this authorizer reads 2"),
        (b'{"version": 3, "routes": {}}', "POLICY_FILE.version: 3; this authorizer reads 2"),
        (b'{"version": true, "routes": {}}', "POLICY_FILE.version: True; give a positive integer"),
        (b'{"version": 2, "routes": []}', "POLICY_FILE.routes: []; give a JSON object"),
        (b'{"version": 2, "rules": {}}', "POLICY_FILE.rules: unknown field; allowed are claims_for_backends,"),
        (document(**{"": OPEN}), "POLICY_FILE.routes: holds an empty route key; name the route"),
        (document(a=1), 'POLICY_FILE.routes["a"]: is not a JSON object'),
        *(
            (
                document(a={field: value for field, value in OPEN.items() if field != name}),
                f'POLICY_FILE.routes["a"].{name}: missing; make the policy with `python -m stacks.access`',
            )
            for name in OPEN
        ),
        (document(a={**OPEN, "scopes_all": ["x"]}), 'POLICY_FILE.routes["a"].scopes_all: unknown field'),
        (document(a={**OPEN, "in_words": ""}), "in_words: ''; give a non-empty string"),
        (document(a={**OPEN, "cookie": None}), "cookie: None; give true or false"),
        (document(a={**OPEN, "cookie": 1}), "cookie: 1; give true or false"),
        (document(a={**OPEN, "cookie": "true"}), "cookie: 'true'; give true or false"),
        (document(a={**OPEN, "any_of": {}}), "any_of: {}; give an array"),
        (asking(), 'POLICY_FILE.routes["a"].any_of: []; give at least one rule, [[]] if it asks nothing'),
        (asking([], "x"), "any_of[1]: 'x'; give an array"),
        (asking(["x"]), 'POLICY_FILE.routes["a"].any_of[0][0]: is not a JSON object'),
        (asking([], [{}, {}]), "any_of[1][0]: has no field; give exactly one of check, claim, groups_all"),
        (asking([{"scope": ["x"]}]), "any_of[0][0].scope: unknown field; allowed are check, claim,"),
        (asking([{"scopes_all": ["x"], "token_use": "id"}]), "any_of[0][0]: has scopes_all, token_use; give exactly one"),
        (asking([{"claim": ["t"]}]), "any_of[0][0].claim: stands alone; give claim and must together"),
        (asking([{"must": {"be_one_of": [1]}}]), "any_of[0][0].must: stands alone; give claim and must together"),
        (asking([{"claim": ["t"], "must": {"be_one_of": [1]}, "check": "a:b"}]), "has check, claim, must; give exactly one"),
        (asking([{"token_use": "any"}]), "token_use: 'any'; give access, id or null"),
        (asking([{"token_use": None}]), "token_use: None; give access or id"),
        *(
            (asking([{name: value}]), f"any_of[0][0].{name}: {value!r}; give a")
            for name in ("issuers", "scopes_all", "scopes_any", "groups_all", "groups_any")
            for value in NO_NAMES
        ),
        (claim({"be_one_of": [1]}, ""), "claim: ['']; give an array of non-empty strings"),
        (asking([{"claim": [], "must": {"be_one_of": [1]}}]), "claim: []; give at least one string"),
        (asking([{"claim": "t", "must": {"be_one_of": [1]}}]), "claim: 't'; give an array"),
        (claim("x"), "any_of[0][0].must: is not a JSON object"),
        (claim({}), "any_of[0][0].must: has no field; give exactly one of be_no_older_than_seconds, be_number"),
        (claim({"be_like": "x"}), "must.be_like: unknown field; allowed are be_no_older_than_seconds,"),
        (claim({"be_one_of": [1], "contain_all": [1]}), "must: has be_one_of, contain_all; give exactly one"),
        *(
            (claim({name: value}), f"must.{name}: {value!r}; give an array of values, not empty")
            for name in ("be_one_of", "contain_all", "contain_any")
            for value in NO_VALUES
        ),
        *(
            (claim({"be_one_of": ["x", value]}), f"must.be_one_of: {value!r}; give strings, integers")
            for value in (1.5, None, ["x"])
        ),
        (claim({"be_one_of": [{"path": "x"}]}), "must.be_one_of.path: unknown field; allowed are path_parameter"),
        (claim({"be_one_of": [{"path_parameter": ""}]}), "be_one_of.path_parameter: ''; give a non-empty string"),
        (claim({"be_number": 3}), "must.be_number: is not a JSON object; give one with above, at_least, at_most, below"),
        (claim({"be_number": {}}), "must.be_number: {}; give at least one bound"),
        (claim({"be_number": {"at_least": "3"}}), "must.be_number.at_least: '3'; give a number"),
        (claim({"be_number": {"below": True}}), "must.be_number.below: True; give a number"),
        *(
            (claim({"be_no_older_than_seconds": value}), f"be_no_older_than_seconds: {value!r}; give a positive")
            for value in NO_AGES
        ),
        (claim({"not": {"not": {"be_one_of": [1]}}}), "must.not.not: unknown field"),
        (claim({"not": {"be_no_older_than_seconds": 9}}), "must.not.be_no_older_than_seconds: unknown field"),
        (claim({"not": {"be_one_of": []}}), "must.not.be_one_of: []; give an array of values"),
        (b'{"version": 2, "routes": {}, "claims_for_backends": []}', "POLICY_FILE.claims_for_backends: []; give a JSON object"),
        (b'{"version": 2, "routes": {}, "claims_for_backends": {"a": "x"}}', "POLICY_FILE.claims_for_backends.a: 'x'; give an array"),
        (b'{"version": 2, "routes": {}, "claims_for_backends": {"a": []}}', "claims_for_backends.a: []; give the names on the way"),
        (asking([{"check": "delegation"}]), "check: delegation is not a check's name; write it as module:function"),
    ],
)  # fmt: skip
def test_a_broken_policy_is_refused_by_the_name_of_the_field(broken: bytes, message: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        RoutePolicy.from_json(broken)
    assert message in str(refused.value)


def test_a_policy_holds_the_claims_that_backends_get() -> None:
    named = b'{"version": 2, "routes": {}, "claims_for_backends": {"org": ["o", "id"]}}'
    assert RoutePolicy.from_json(named).claims_for_backends == {"org": ("o", "id")}
    assert RoutePolicy.from_json(b'{"version": 2, "routes": {}}').claims_for_backends == {}


def test_a_policy_is_read_from_a_file(tmp_path: Path, decide: Any) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(policy_document({"GET /a": {}}))
    assert decide(RoutePolicy.from_file(path), "GET /a") == ALLOWED


def test_a_policy_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsInvalid, match=r"^POLICY_FILE: .*absent cannot be read \(FileNotFoundError\)"
    ):
        RoutePolicy.from_file(tmp_path / "absent")
