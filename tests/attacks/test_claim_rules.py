"""Rows P2 to P4: claims that only resemble what a rule asks of them."""

from typing import Any

import pytest

from tests.attacks.bench import Bench
from tests.attacks.forge import Mint
from tests.attacks.target import Verdict, policy_of

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
    [name] = good
    for other in others:
        assert judged({name: other}).status == 403, other


def test_a_flat_name_is_no_path_and_a_path_no_flat_name(bench: Bench, mint: Mint) -> None:
    """P4: names are looked up literally."""
    nested = bench.target(policy=policy_of(orders={"claims": {ROLES: "admin"}}))
    flat = bench.target(policy=policy_of(orders={"claims": {"realm_access.roles": "admin"}}))
    inside = mint.token(claims=mint.claims(realm_access={"roles": "admin"}))
    dotted = mint.token(claims=mint.claims(**{"realm_access.roles": "admin"}))
    assert [target.judge_token(inside).status for target in (nested, flat)] == [200, 403]
    assert [target.judge_token(dotted).status for target in (nested, flat)] == [403, 200]


def test_a_time_ahead_of_ours_does_not_stay_new(bench: Bench, mint: Mint) -> None:
    """P4: a sign-in that lies in the future is no recent one."""
    rule = {"claims": {"auth_time": {"be_no_older_than_seconds": 900}}}
    target = bench.target(policy=policy_of(orders=rule))
    now: Any = mint.claims()["iat"]
    for claimed, status in ((now, 200), (now - 1_000, 403), (now + 100_000, 403), (str(now), 403)):
        token = mint.token(claims=mint.claims(auth_time=claimed))
        assert target.judge_token(token).status == status, claimed
