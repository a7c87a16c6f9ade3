"""What an administrator asks for: one thing, of a known issuer, and never a token."""

import re
from typing import Any

import pytest

from function_kit.revocation.asked import Issuers, asked_for
from function_kit.revocation.entry import Revocation, RevocationInvalid

NOW = 1_795_000_000.25
NEXT_SECOND = 1_795_000_001
ISSUERS = Issuers(frozenset({"cognito", "partner"}), "cognito")
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2ln"


def asked(**fields: Any) -> Revocation:
    return asked_for(fields, ISSUERS, NOW)


def test_a_person_and_a_client_are_refused_up_to_now() -> None:
    assert asked(sub="u-1") == Revocation("sub", "cognito", "u-1", NEXT_SECOND)
    assert asked(client="web") == Revocation("client", "cognito", "web", NEXT_SECOND)


def test_a_token_and_a_sign_in_are_refused_whenever_they_were_issued() -> None:
    assert asked(jti="t-1") == Revocation("jti", "cognito", "t-1")
    assert asked(origin_jti="s-1") == Revocation("origin_jti", "cognito", "s-1")


@pytest.mark.parametrize(
    ("before", "seconds"),
    [
        ("now", NEXT_SECOND),
        (1_795_000_000, 1_795_000_000),
        ("1795000000", 1_795_000_000),
        ("2026-11-18T11:06:40Z", 1_795_000_000),
        ("2026-11-18T12:06:40+01:00", 1_795_000_000),
        ("2026-11-18T11:06:39.2Z", 1_795_000_000),
        (0, 0),
    ],
)
def test_everything_before_a_time_is_refused(before: object, seconds: int) -> None:
    assert asked(before=before) == Revocation("all", "cognito", issued_before=seconds)


def test_another_issuer_is_named_as_the_table_calls_it() -> None:
    assert asked(sub="u-1", issuer="partner").issuer == "partner"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "nothing given; give exactly one of sub, origin_jti, jti, client or before"),
        ({"issuer": "partner"}, "nothing given; give exactly one of"),
        ({"sub": "a", "jti": "b"}, "sub and jti given; give exactly one of"),
        ({"sub": "a", "before": 1}, "sub and before given; give exactly one of"),
        ({"subject": "a"}, "'subject': unknown; give sub, origin_jti, jti, client or before"),
        ({"sub": ""}, "sub: ''; give a text that is not empty"),
        ({"sub": "  "}, "sub: '  '; give a text that is not empty"),
        ({"sub": 7}, "sub: 7; give a text that is not empty"),
        ({"client": None}, "client: None; give a text that is not empty"),
        ({"sub": " a"}, "sub: ' a'; give the claim's value alone, without spaces around it"),
        ({"sub": "a\nb"}, "sub: 'a\\nb'; give the claim's value alone"),
        ({"sub": "a" * 1025}, "value: 1025 bytes; give at most 1024"),
        ({"sub": "a", "issuer": "corp"}, "issuer: 'corp'; give one of cognito, partner"),
        ({"sub": "a", "issuer": ["cognito"]}, "issuer: ['cognito']; give one of cognito, partner"),
        ({"before": "yesterday"}, "before: 'yesterday'; give a time with its zone"),
        ({"before": "2026-11-18T11:06:40"}, "before: '2026-11-18T11:06:40'; give a time with its"),
        ({"before": True}, "before: True; give a time with its zone"),
        ({"before": -1}, "before: -1; give a time with its zone"),
        ({"before": 1.5}, "before: 1.5; give a time with its zone"),
        ({"before": "1960-01-01T00:00:00Z"}, "before: '1960-01-01T00:00:00Z'; give a time"),
        ({"before": NEXT_SECOND + 1}, "is in the future; give now, or an earlier time"),
        ({"before": 1_795_000_000_000}, "is in the future; give now, or an earlier time"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(RevocationInvalid, match=re.escape(problem)) as refused:
        asked(**fields)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["sub", "origin_jti", "jti", "client"])
def test_a_token_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(RevocationInvalid, match=f"{name}: it has the form of a token") as refused:
        asked(**{name: TOKEN})
    assert "eyJ" not in str(refused.value)
