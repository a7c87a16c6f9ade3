"""For a rule, a token that just meets it, and one for each part that is missing."""

import json
from typing import Any

from local.json_value import JsonObject
from local.this_app.demo.callers import Caller
from local.this_app.demo.rule_trials import Trial, Trusted, trials_of
from local.this_app.demo.source_table import SourceRoute
from tests.unit.local.gateway_values import route

CLAIMS: JsonObject = {"iss": "i", "sub": "s", "scope": "all of them", "g": ["every", "group"]}
BEARERS = {"access": Caller("a", "t", CLAIMS), "id": Caller("a", "t", {"iss": "i", "sub": "s"})}
POOL = Trusted("pool", ("scope",), ("g",), BEARERS, lambda use, claims: json.dumps([use, claims]))


def trials(*rules: list[JsonObject], key: str = "GET /a/{who}") -> list[Trial]:
    return list(trials_of(route(key), SourceRoute("lambda", list(rules)), [POOL]))


def said(trial: Trial) -> tuple[str, Any]:
    use, claims = json.loads(trial.caller.token or "")
    return use, claims


def test_who_just_meets_a_rule_has_what_it_asks_for_and_nothing_else() -> None:
    [met, *_] = trials(
        [
            {"issuers": ["pool"]},
            {"token_use": "access"},
            {"scopes_all": ["r", "w"]},
            {"scopes_any": ["x", "y"]},
            {"groups_any": ["a", "b"]},
            {"claim": ["realm", "roles"], "must": {"contain_any": ["q"]}},
        ]
    )
    use, claims = said(met)
    assert (met.meets, use) == (True, "access")
    assert claims["scope"] == "r w x"
    assert claims["g"] == ["a"]
    assert claims["realm"] == {"roles": ["q"]}


def test_scopes_and_groups_stand_where_the_issuer_has_them() -> None:
    path = ("realm_access", "roles")
    other = Trusted("other", ("permissions",), path, BEARERS, POOL.sign)
    rule: list[JsonObject] = [{"scopes_all": ["r"]}, {"groups_all": ["a"]}]
    [met, *_] = trials_of(route("GET /a"), SourceRoute("lambda", [rule]), [other])
    _, claims = said(met)
    assert claims["permissions"] == "r"
    assert claims["realm_access"] == {"roles": ["a"]}


def test_each_part_is_missing_from_one_token_alone() -> None:
    rule: list[JsonObject] = [
        {"token_use": "access"},
        {"scopes_all": ["r", "w"]},
        {"groups_all": ["a", "b"]},
        {"claim": ["plan"], "must": {"be_one_of": ["pro"]}},
    ]
    found = {trial.caller.name: said(trial) for trial in trials(rule) if not trial.meets}
    assert set(found) == {
        *("without an access token", "without r", "without w", "without a", "without b"),
        "without a fit plan",
    }
    assert found["without an access token"][0] == "id"
    assert found["without r"][1]["scope"] == "w"
    assert found["without r"][1]["g"] == ["a", "b"]
    assert found["without b"][1]["g"] == ["a"]
    assert found["without a fit plan"][1]["plan"] != "pro"
    assert found["without a fit plan"][1]["scope"] == "r w"


def test_an_owner_calls_for_their_own_and_for_somebody_elses() -> None:
    owner: JsonObject = {"claim": ["sub"], "must": {"be_one_of": [{"path_parameter": "who"}]}}
    met, missing = trials([owner])
    assert met.caller.parameters["who"] == "s"
    assert missing.caller.parameters["who"] != "s"
    assert said(missing)[1]["sub"] == "s"


def test_each_of_several_rules_is_tried() -> None:
    tried = trials([{"scopes_all": ["r"]}], [{"groups_any": ["a"]}])
    assert [trial.caller.name for trial in tried if trial.meets] == [
        "just meets rule 1",
        "just meets rule 2",
    ]


def test_a_rule_of_an_issuer_that_cannot_be_played_a_users_check_and_the_verifiers_claims_are_not() -> (
    None
):
    assert trials([{"issuers": ["elsewhere"]}]) == []
    assert trials([{"check": "mine:ok"}]) == []
    assert trials([{"claim": ["client_id"], "must": {"be_one_of": ["c"]}}]) == []
