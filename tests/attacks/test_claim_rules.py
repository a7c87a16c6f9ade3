"""Rows P2 to P4: claims that only resemble what a rule asks of them."""

import json
from typing import Any

import pytest

from tests.attacks.bench import Bench
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import ROUTE_KEY
from tests.attacks.target import Verdict, policy_of
from tests.policies import conditions

ROLES = ("realm_access", "roles")
HOLDS: dict[str, tuple[Any, Any, list[Any]]] = {
    "contains": (
        {"roles": {"contain_all": ["admin"]}},
        {"roles": ["user", "admin"]},
        [
            *("admin", "superadmin", "admin user", '["admin"]', True, 1),
            *(["superadmin"], ["ADMIN"], ["admin "], ["adm", "in"], [["admin"]], [{"admin": 1}]),
            *([], {}, {"admin": True}, {"0": "admin"}, ["admin", 1], ["admin", None], ["*"]),
        ],
    ),
    "contains any": (
        {"roles": {"contain_any": ["admin", "owner"]}},
        {"roles": ["owner"]},
        ["owner", ["own", "er"], ["admin,owner"], {"owner": {}}, [["owner"]], [""], [None]],
    ),
    "a claim inside another": (
        {ROLES: {"contain_all": ["admin"]}},
        {"realm_access": {"roles": ["admin"]}},
        [
            *({"roles": "admin"}, {"roles": {"admin": True}}, {"Roles": ["admin"]}, ["admin"]),
            *([{"roles": ["admin"]}], "roles", {"realm_access": {"roles": ["admin"]}}, {}),
            {"roles": [["admin"]]},
        ],
    ),
    "one of several values": (
        {"repository": {"be_one_of": ["acme/shop", "acme/web"]}},
        {"repository": "acme/web"},
        ["acme/shop-x", "acme", "acme/*", "ACME/web", ["acme/web"], {"acme/web": 1}, "acme/web\0"],
    ),
    "a number": (
        {"level": {"be_number": {"at_least": 3}}},
        {"level": 3},
        ["3", "9", True, [9], {"$gt": 3}, 2.999999, -9, "3e9"],
    ),
    "a number with two bounds": (
        {"level": {"be_number": {"above": 1, "below": 2}}},
        {"level": 1.5},
        [1, 2, 1.0, 2.0, "1.5", True, [1.5], 1e300, -1e300, 10**300, None],
    ),
    "how a person signed in": (
        {"acr": {"be_one_of": ["mfa", "hardware"]}, "amr": {"contain_all": ["otp"]}},
        {"acr": "mfa", "amr": ["pwd", "otp"]},
        ["MFA", "mfa hardware", ["mfa"], {"mfa": 1}, True, 1, "", "mfa\0", "otp", ["otp", 1]],
    ),
    "not a number": (
        {"level": {"not": {"be_number": {"at_least": 3}}}},
        {"level": 2},
        [3, 9, "2", True, [2], None, {}, False],
    ),
    "not": (
        {"status": {"not": {"be_one_of": ["suspended"]}}},
        {"status": "active"},
        ["suspended", ["suspended"], {"suspended": True}, None, False, 0, []],
    ),
    "not containing": (
        {"roles": {"not": {"contain_all": ["contractor"]}}},
        {"roles": ["user"]},
        [["contractor"], "contractor", "user", {"contractor": 1}, [["contractor"]], [1], None],
    ),
}


@pytest.mark.parametrize("kind", HOLDS)
def test_a_claim_that_only_resembles_what_is_asked_grants_nothing(
    kind: str, bench: Bench, mint: Mint
) -> None:
    """P2, P3, P4: whole values of the right type, at the very place."""
    asked, good, others = HOLDS[kind]
    target = bench.target(policy=policy_of(orders={"claims": asked}))

    def judged(claims: Any) -> Verdict:
        return target.judge_token(mint.token(claims=mint.claims(**claims)))

    assert judged(good).status == 200
    assert judged({}).status == 403
    for name in good:
        for other in others:
            assert judged({**good, name: other}).status == 403, (name, other)


def test_a_flat_name_is_no_path_and_a_path_no_flat_name(bench: Bench, mint: Mint) -> None:
    """P4: names are looked up literally."""
    nested = bench.target(policy=policy_of(orders={"claims": {ROLES: "admin"}}))
    flat = bench.target(policy=policy_of(orders={"claims": {"realm_access.roles": "admin"}}))
    inside = mint.token(claims=mint.claims(realm_access={"roles": "admin"}))
    dotted = mint.token(claims=mint.claims(**{"realm_access.roles": "admin"}))
    assert [target.judge_token(inside).status for target in (nested, flat)] == [200, 403]
    assert [target.judge_token(dotted).status for target in (nested, flat)] == [403, 200]


def test_all_groups_are_asked_for_whole(bench: Bench, mint: Mint) -> None:
    """P2: two groups, and neither one of them nor something like them."""
    target = bench.target(policy=policy_of(orders={"groups_all": ["staff", "trained"]}))
    held: tuple[tuple[Any, int], ...] = (
        (["trained", "x", "staff"], 200),
        (["staff"], 403),
        (["staff", "staff"], 403),
        (["staff trained"], 403),
        (["staff,trained"], 403),
        (["staff", "untrained"], 403),
        (["staff", ["trained"]], 401),
        ("staff trained", 401),
        ({"staff": 1, "trained": 1}, 401),
    )
    for groups, status in held:
        token = mint.token(claims=mint.claims(groups=groups))
        assert target.judge_token(token).status == status, groups


def test_halves_of_two_rules_are_not_one_rule(bench: Bench, mint: Mint) -> None:
    """P3: of several rules one must hold, whole."""
    policy = json.loads(policy_of(orders={}))
    policy["routes"][ROUTE_KEY]["any_of"] = [
        conditions({"groups_any": ["admins"], "claims": {"mfa": True}}),
        conditions({"scopes_all": ["orders/write"], "claims": {"sub": "owner"}}),
    ]
    target = bench.target(policy=json.dumps(policy).encode())
    admin, owner = {"groups": ["admins"], "mfa": True}, {"scope": "orders/write", "sub": "owner"}
    for claims, status in (
        (admin, 200),
        (owner, 200),
        ({"groups": ["admins"], "scope": "orders/write", "sub": "other"}, 403),
        ({"mfa": True, "sub": "owner", "scope": "orders/read"}, 403),
        ({"groups": ["owner"], "mfa": True, "sub": "admins"}, 403),
        ({}, 403),
    ):
        token = mint.token(claims=mint.claims(**{"scope": "", "sub": "x", **claims}))
        assert target.judge_token(token).status == status, claims


@pytest.mark.parametrize("claim", ["auth_time", "iat"])
def test_an_age_is_that_of_a_number_and_nothing_else(bench: Bench, mint: Mint, claim: str) -> None:
    """P4: step-up, and a token's own age."""
    rule = {"claims": {claim: {"be_no_older_than_seconds": 60}}}
    target = bench.target(policy=policy_of(orders=rule))
    now: Any = mint.claims()["iat"]
    for held in (now - 61, 0, -now, now * 1000, str(now), True, [now], {"now": now}, None):
        token = mint.token(claims=mint.claims(**{claim: held}))
        assert target.judge_token(token).status in (401, 403), held


def test_a_time_ahead_of_ours_does_not_stay_new(bench: Bench, mint: Mint) -> None:
    """P4: a sign-in that lies in the future is no recent one."""
    rule = {"claims": {"auth_time": {"be_no_older_than_seconds": 900}}}
    target = bench.target(policy=policy_of(orders=rule))
    now: Any = mint.claims()["iat"]
    for claimed, status in ((now, 200), (now - 1_000, 403), (now + 100_000, 403), (str(now), 403)):
        token = mint.token(claims=mint.claims(auth_time=claimed))
        assert target.judge_token(token).status == status, claimed
