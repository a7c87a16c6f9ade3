"""Each check on a token's way, with what was expected and what was found."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import access_checks
from authorizer.explain.told import TOLD, Row
from authorizer.explain.walk import Explained, Explainer, event_of, told_checks
from authorizer.explain.watched import WatchedSteps
from authorizer.settings import Settings
from jwt_verifier.tokens import UnverifiedToken
from jwt_verifier.verifier import Steps
from tests.issuer import Issuer, serve_issuer

ROUTE = "GET /tenants/{tenant}/orders"
RULES = {
    "GET /orders": [[{"scopes_all": ["orders/read"]}]],
    "GET /anybody": [[]],
    ROUTE: [
        [{"issuers": ["partner"]}, {"token_use": "access"}, {"groups_any": ["admins"]}],
        [
            {"claim": ["tenant"], "must": {"be_one_of": [{"path_parameter": "tenant"}]}},
            {"claim": ["act"], "must": {"not": {"be_one_of": ["agent"]}}},
            {"claim": ["level"], "must": {"be_number": {"at_least": 2, "below": 9}}},
            {"check": "delegation:in_person"},
        ],
    ],
}


def policy_of(rules: Mapping[str, Any]) -> str:
    routes = {
        key: {"in_words": "w", "any_of": any_of, "cookie": False} for key, any_of in rules.items()
    }
    return json.dumps({"version": 2, "routes": routes})


POLICY = policy_of(RULES)


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


def explained(
    issuer: Issuer,
    token: str,
    route: str = "GET /orders",
    parameters: Mapping[str, str] | None = None,
    policy: str = POLICY,
    **of_issuer: Any,
) -> Explained:
    trusted = {"name": "partner", "issuer": issuer.url, "audiences": ["api"], **of_issuer}
    environment = {"ISSUERS": json.dumps([trusted]), "POLICY_FILE": "unread"}
    explainer = Explainer(Settings.from_env(environment), policy)
    return explainer.explain(event_of(token, route, parameters or {}))


def by_check(of: Explained) -> dict[str, Row]:
    return {row.check: row for row in of.checks}


def test_every_step_of_the_verifier_has_a_row_of_its_own() -> None:
    assert TOLD.keys() == vars(Steps()).keys()
    assert vars(WatchedSteps()).keys() - {"taken", "goes_on"} == vars(Steps()).keys()


def test_the_checks_stand_in_the_order_in_which_they_are_made(served: Issuer) -> None:
    of = explained(served, served.mint(aud="api", scope="orders/read"))
    assert [row.check for row in of.checks] == [
        *("credential", "form", "header", "algorithm", "claims", "issuer", "type", "expiry"),
        *("signature's form", "key", "signature", "begun", "lifetime", "use", "audience, client"),
        *("binding", "required claims", "identity"),
    ]
    assert {row.reason for row in of.checks} == {""}
    assert of.rules == (("rule", [Row("rule", "scopes all: orders/read", "orders/read")]),)
    assert (of.outcome, of.reason) == ("allowed", "allowed")


def test_it_goes_on_past_an_expired_token_to_all_else_that_is_wrong_with_it(
    served: Issuer,
) -> None:
    long_ago = int(time.time()) - 10_000
    token = served.mint(aud="other", exp=long_ago, iat=long_ago - 60, cnf={"jkt": "x"})
    of = explained(served, token, required_claims=["jti"], max_lifetime_seconds=30)
    refusals = {row.check: row.reason for row in of.checks if row.reason}
    assert refusals == {
        "expiry": "token_expired",
        "lifetime": "lifetime_exceeded",
        "audience, client": "audience_mismatch",
        "binding": "binding_not_verified",
        "required claims": "claim_rejected",
    }
    assert of.reason == "token_expired"
    assert [row.reason for _, rows in of.rules for row in rows] == ["missing_scope"]


@pytest.mark.parametrize(
    ("claims", "last"),
    [
        ({"iss": "https://other.example"}, "issuer"),
        ({"exp": None}, "expiry"),
        ({"exp": "soon"}, "expiry"),
        ({"sub": 7}, "identity"),
    ],
)
def test_it_stops_where_no_more_can_be_said(
    served: Issuer, claims: dict[str, Any], last: str
) -> None:
    of = explained(served, served.mint(aud="api", **claims))
    assert of.checks[-1].check == last
    assert of.checks[-1].reason == of.reason
    assert of.rules == ()


def test_a_changed_token_stops_at_its_signature_and_an_unknown_kid_at_its_key(
    served: Issuer,
) -> None:
    token = served.mint(aud="api")
    head, claims, signature = token.split(".")
    changed = f"{head}.{claims}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    row = explained(served, changed).checks[-1]
    assert (row.check, row.found, row.reason) == ("signature", "it is not", "signature_invalid")
    with serve_issuer() as another:
        row = explained(served, another.mint(aud="api", iss=served.url)).checks[-1]
    assert (row.check, row.reason) == ("key", "key_unknown")
    assert row.found.endswith(", not published")


@pytest.mark.parametrize(
    ("token", "check", "found"),
    [
        ("abc.def", "form", "2 segments, 7 characters"),
        ("e30x.e30.c2ln", "header", "cannot be read"),
        ("e30.e30.c2ln", "header", "none"),
    ],
)
def test_what_is_no_token_says_how_far_it_was_read(
    served: Issuer, token: str, check: str, found: str
) -> None:
    row = explained(served, token).checks[-1]
    assert (row.check, row.found) == (check, found)


@pytest.mark.parametrize("part", [1, 2])
def test_claims_and_a_signature_that_cannot_be_read_are_said_to_be(
    served: Issuer, part: int
) -> None:
    segments = served.mint(aud="api").split(".")
    segments[part] = "e"
    row = explained(served, ".".join(segments)).checks[-1]
    assert (row.found, row.reason) == ("cannot be read", "token_malformed")


def test_a_credential_that_is_no_token_at_all_is_the_only_row(served: Issuer) -> None:
    of = explained(served, "two words")
    assert [(row.check, row.reason) for row in of.checks] == [("credential", "token_malformed")]


def test_each_part_of_each_rule_is_told_with_what_the_token_has(served: Issuer) -> None:
    token = served.mint(aud="api", tenant="globex", groups=["support"], level=3)
    of = explained(served, token, ROUTE, {"tenant": "acme"})
    assert [
        (row.check, row.expected, row.found, row.reason) for _, rs in of.rules for row in rs
    ] == [
        ("rule 1", "issuers: partner", '"partner"', ""),
        ("rule 1", "token use: access", "-", "token_use_not_allowed"),
        ("rule 1", "groups any: admins", "support", "missing_group"),
        (
            "rule 2",
            "claim tenant must be one of: {tenant} of the path",
            '"globex"; {tenant} "acme"',
            "claim_mismatch",
        ),
        (
            "rule 2",
            "claim act must not be one of: agent",
            "no such claim",
            "claim_mismatch",
        ),
        ("rule 2", "claim level must be number at least: 2 and below: 9", "3", ""),
        ("rule 2", "check: delegation:in_person", "-", ""),
    ]
    assert of.reason == "no_rule_met"


def test_a_rule_that_asks_nothing_and_a_route_that_has_none(served: Issuer) -> None:
    token = served.mint(aud="api")
    open_to_all = explained(served, token, "GET /anybody")
    assert open_to_all.rules == (("rule", [Row("rule", "any verified token", "it is")]),)
    assert explained(served, token, "GET /nowhere").rules == ()
    assert explained(served, token, "GET /nowhere").reason == "route_not_in_policy"


BROKEN = """
from collections.abc import Mapping
from jwt_verifier import VerifiedToken


def check(token: VerifiedToken, path_parameters: Mapping[str, str]) -> bool | str:
    raise LookupError("the directory does not answer")
"""


def test_a_check_of_ones_own_that_fails_is_told_as_a_fault(
    served: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_checks, "__path__", [*access_checks.__path__, str(tmp_path)])
    (tmp_path / "broken_for_explain.py").write_text(BROKEN)
    policy = policy_of({"GET /orders": [[{"check": "broken_for_explain:check"}]]})
    of = explained(served, served.mint(aud="api"), policy=policy)
    assert (of.outcome, of.reason) == ("failed", "internal_error")
    [(_, [row])] = of.rules
    assert row.reason == "internal_error"
    assert row.detail == "LookupError: the directory does not answer"
    assert {row.reason for row in of.checks} == {""}


def test_what_is_refused_after_all_of_these_checks_is_not_told_as_passed() -> None:
    steps = WatchedSteps()
    steps.split(UnverifiedToken("a.b.c"))
    line = {"outcome": "rejected", "reason": "check_failed", "detail": "of an app's own"}
    *_, last = told_checks(line, steps, with_revocation=False)
    assert (last.check, last.reason, last.detail) == (
        "further check",
        "check_failed",
        "of an app's own",
    )
