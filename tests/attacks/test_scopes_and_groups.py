"""Rows P1 to P4: what a good token grants, whole values of the right type only."""

from typing import Any

import pytest

from tests.attacks.bench import Bench
from tests.attacks.forge import ABSENT, ISSUER, Mint
from tests.attacks.target import Target, Verdict, policy_of


def _judge(target: Target, mint: Mint, **claims: object) -> Verdict:
    return target.judge_token(mint.token(claims=mint.claims(**claims)))


@pytest.fixture(scope="module")
def reader(bench: Bench) -> Target:
    return bench.target(policy=policy_of(orders={"scopes_all": ["read"]}))


@pytest.mark.parametrize(
    "scope",
    ["read", "read write", "write read", "  read  ", "a b c read d"],
)
def test_a_scope_is_found_among_others(scope: str, reader: Target, mint: Mint) -> None:
    """P1: RFC 6749 section 3.3."""
    assert _judge(reader, mint, scope=scope).status == 200


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "read:all",
        "bread",
        "no-read",
        "readwrite",
        "orders/read",
        "READ",
        "Read",
        "rea",
        "read,write",
        "read;write",
        "read\twrite",
        "read\u00a0write",
        "read\u2003write",
        "read\nwrite",
        "read\x1fwrite",
        "read\x85write",
        "write\nread",
        "\u200bread",
        "r\u0435ad",
        "read\0",
        "*",
        "read*",
        ".*",
        '["read"]',
    ],
)
def test_a_scope_that_only_resembles_the_wanted_one_grants_nothing(
    scope: str, reader: Target, mint: Mint
) -> None:
    """P1: split on U+0020 alone, then equal."""
    verdict = _judge(reader, mint, scope=scope)
    assert (verdict.status, verdict.reason) == (403, "missing_scope:read")


SCOPE_CLAIMS = ("scope", "scp", "scopes")


def _only(**claims: object) -> dict[str, object]:
    """Claims in which nothing but these can give a scope."""
    return {"scope": ABSENT, **claims}


@pytest.mark.parametrize("name", SCOPE_CLAIMS)
@pytest.mark.parametrize(
    "value",
    [None, 1, 12345, True, {}, {"read": True}, [["read"]], ["read", 1], ["read", None]],
    ids=str,
)
def test_scopes_of_another_type_are_refused(
    name: str, value: object, reader: Target, bench: Bench, mint: Mint
) -> None:
    """P2: 401, whichever claim it is, whatever stands beside it and whatever the route asks for."""
    for target in (reader, bench.target()):
        for beside in ({}, {"scope": "read"}, {"scp": ["read"]}, {"scopes": "read"}):
            verdict = _judge(target, mint, **_only(**{**beside, name: value}))
            assert (verdict.status, verdict.reason) == (401, "claim_rejected")


@pytest.mark.parametrize(
    "claims",
    [
        _only(),
        _only(roles="read"),
        _only(permissions=["read"]),
        _only(scp=["read write"]),
        _only(scope=["read write"]),
        _only(scope=["READ", "read:all"]),
        _only(scope=[]),
        _only(scope="", scp=["read"]),
        _only(scope=[], scp=["read"], scopes=["read"]),
        _only(scope="write", scopes=["read"]),
        _only(scp="write", scopes="read"),
    ],
    ids=str,
)
def test_scopes_are_those_of_the_first_claim_that_is_there_and_whole(
    claims: dict[str, Any], reader: Target, mint: Mint
) -> None:
    """P2: 403, for the token itself is good."""
    verdict = _judge(reader, mint, **claims)
    assert (verdict.status, verdict.reason) == (403, "missing_scope:read")


@pytest.mark.parametrize("name", SCOPE_CLAIMS)
@pytest.mark.parametrize("value", ["read", "write read", ["read"], ["write", "read"]], ids=str)
def test_scopes_are_a_string_or_an_array_in_any_of_the_three_claims(
    name: str, value: object, reader: Target, mint: Mint
) -> None:
    """P2: RFC 8693 section 4.2, and as issuers write them."""
    assert _judge(reader, mint, **_only(**{name: value})).status == 200


def test_a_scope_with_a_space_is_not_handed_on_as_two(bench: Bench, mint: Mint) -> None:
    """P2: a backend splits the context's `scope`, so a member of an array must not make two."""
    claims = _only(scope=["orders/read admin", "profile", ""])
    assert _judge(bench.target(), mint, **claims).context["scope"] == "profile"


POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"
GROUPS_CLAIMS = {POOL: "cognito:groups", ISSUER: "groups"}


def _of(bench: Bench, issuer: str) -> Target:
    """An authorizer that trusts one issuer and lets its admins pass."""
    rule = {"orders": {"groups_any": ["admin"]}}
    return bench.target(issuer=issuer, client_ids=["web-client"], policy=policy_of(**rule))


@pytest.mark.parametrize("issuer", GROUPS_CLAIMS)
@pytest.mark.parametrize(
    "groups",
    [["superadmin"], ["admins"], ["ADMIN"], ["admin "], ["*"], ["admin support"], []],
    ids=str,
)
def test_groups_that_only_resemble_the_wanted_one_grant_nothing(
    issuer: str, groups: object, bench: Bench, mint: Mint
) -> None:
    """P3: an array of strings, of which one is equal."""
    target, name = _of(bench, issuer), GROUPS_CLAIMS[issuer]
    verdict = _judge(target, mint, iss=issuer, **{name: groups})
    assert (verdict.status, verdict.reason) == (403, "missing_group:admin")
    assert _judge(target, mint, iss=issuer, **{name: ["support", "admin"]}).status == 200


@pytest.mark.parametrize("issuer", GROUPS_CLAIMS)
@pytest.mark.parametrize(
    "groups",
    [
        None,
        "admin",
        "superadmin",
        "admin support",
        {"admin": True},
        {"admin": {}},
        [["admin"]],
        [{"admin": 1}],
        ["admin", 1],
        True,
        1,
    ],
    ids=str,
)
def test_groups_of_another_type_are_refused(
    issuer: str, groups: object, bench: Bench, mint: Mint
) -> None:
    """P3: 401, whether the route asks for a group or not."""
    anyone = bench.target(issuer=issuer, client_ids=["web-client"])
    for target in (_of(bench, issuer), anyone):
        verdict = _judge(target, mint, iss=issuer, **{GROUPS_CLAIMS[issuer]: groups})
        assert (verdict.status, verdict.reason) == (401, "claim_rejected")


@pytest.mark.parametrize(
    "others",
    [["admin"], ["support", "admin"], "admin", {"admin": True}, None, 1],
    ids=str,
)
@pytest.mark.parametrize("own", [ABSENT, [], ["support"]], ids=str)
@pytest.mark.parametrize("issuer", GROUPS_CLAIMS)
def test_another_issuers_groups_claim_means_nothing(
    issuer: str, own: object, others: object, bench: Bench, mint: Mint
) -> None:
    """P3: a pool's custom claim `groups` may be the user's own to write."""
    other = next(name for of, name in GROUPS_CLAIMS.items() if of != issuer)
    claims = {"iss": issuer, GROUPS_CLAIMS[issuer]: own, other: others}
    verdict = _judge(_of(bench, issuer), mint, **claims)
    assert (verdict.status, verdict.reason) == (403, "missing_group:admin")


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        (True, 1),
        (True, "true"),
        (True, [True]),
        (1, True),
        (1, 1.0),
        (1, "1"),
        (0, False),
        (0, None),
        (0, ""),
        (False, 0),
        (False, None),
        (False, ABSENT),
        ("gold", ["gold"]),
        ("gold", {"gold": 1}),
        ("gold", "GOLD"),
        ("gold", "gold "),
        ("gold", "golden"),
        ("", None),
        ("", ABSENT),
    ],
)
def test_a_claim_must_be_equal_in_type_too(
    wanted: str | int | bool,
    held: object,
    bench: Bench,
    mint: Mint,
) -> None:
    """P4: in Python 1 == True."""
    target = bench.target(policy=policy_of(orders={"claims": {"tier": wanted}}))
    verdict = _judge(target, mint, tier=held)
    assert (verdict.status, verdict.reason) == (403, "claim_mismatch:tier")
    assert _judge(target, mint, tier=wanted).status == 200


def test_a_claims_name_is_taken_literally(bench: Bench, mint: Mint) -> None:
    """P4: a dot is a letter, not a path."""
    target = bench.target(policy=policy_of(orders={"claims": {"org.tier": "gold"}}))
    assert _judge(target, mint, org={"tier": "gold"}).status == 403
    assert _judge(target, mint, **{"org.tier": "gold"}).status == 200
