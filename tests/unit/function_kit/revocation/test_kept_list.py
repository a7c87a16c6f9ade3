"""Which tokens a revocation in memory hits, and which it leaves alone."""

from typing import Any

import pytest

from function_kit.revocation.entry import KeptRevocation, Revocation
from function_kit.revocation.errors import ListUnreadable
from function_kit.revocation.kept_list import KeptList
from tests.unit.function_kit.revocation.tokens import token

NOW = 1_800_000_000
UNTIL = NOW + 900
BEFORE = NOW - 100


def listed(*revocations: Revocation) -> KeptList:
    kept = KeptList()
    for revocation in revocations:
        kept.add(KeptRevocation(revocation, UNTIL))
    return kept


@pytest.mark.parametrize(
    ("revocation", "claims", "is_hit"),
    [
        (Revocation("jti", "cognito", "j"), {"jti": "j"}, True),
        (Revocation("jti", "cognito", "j"), {"jti": "J"}, False),
        (Revocation("jti", "cognito", "j"), {"origin_jti": "j"}, False),
        (Revocation("jti", "cognito", "j"), {"jti": ["j"]}, False),
        (Revocation("origin_jti", "cognito", "j"), {"origin_jti": "j", "iat": NOW}, True),
        (Revocation("sub", "cognito", "a", BEFORE), {"sub": "a", "iat": BEFORE - 1}, True),
        (Revocation("sub", "cognito", "a", BEFORE), {"sub": "a", "iat": BEFORE}, False),
        (Revocation("sub", "cognito", "a", BEFORE), {"sub": "a", "iat": BEFORE - 0.5}, True),
        (Revocation("sub", "cognito", "a", BEFORE), {"sub": "b", "iat": BEFORE - 1}, False),
        (Revocation("sub", "cognito", "a", BEFORE), {"sub": "a"}, True),
        (Revocation("client", "cognito", "c", BEFORE), {"client_id": "c", "iat": 1}, True),
        (Revocation("client", "cognito", "c", BEFORE), {"client_id": "c", "iat": BEFORE}, False),
        (Revocation("client", "cognito", "c", BEFORE), {"azp": "c", "aud": "d", "iat": 1}, True),
        (Revocation("client", "cognito", "c", BEFORE), {"aud": "c", "iat": 1}, True),
        (Revocation("client", "cognito", "c", BEFORE), {"aud": ["c"], "iat": 1}, False),
        (Revocation("client", "cognito", "c", BEFORE), {"client_id": "d", "aud": "c"}, False),
        (Revocation("all", "cognito", "", BEFORE), {"iat": BEFORE - 1}, True),
        (Revocation("all", "cognito", "", BEFORE), {"iat": BEFORE}, False),
        (Revocation("all", "partner", "", BEFORE), {"iat": BEFORE - 1}, False),
        (Revocation("sub", "partner", "a", BEFORE), {"sub": "a", "iat": 1}, False),
    ],
)
def test_a_revocation_hits_what_it_names_and_nothing_else(
    revocation: Revocation, claims: dict[str, Any], is_hit: bool
) -> None:
    hit = listed(revocation).hit(token(**claims), NOW)
    assert hit == (revocation.kind if is_hit else None)


@pytest.mark.parametrize(
    ("auth_time", "is_hit"),
    [(BEFORE - 1, True), (BEFORE, False), (None, True), ("1", True), (True, True)],
)
def test_a_refreshed_token_is_as_old_as_its_sign_in(auth_time: object, is_hit: bool) -> None:
    kept = listed(Revocation("sub", "cognito", "a", BEFORE))
    refreshed = token(sub="a", iat=NOW, auth_time=auth_time)
    assert (kept.hit(refreshed, NOW) is not None) is is_hit


def test_a_client_and_everything_are_told_by_the_time_of_issue_alone() -> None:
    kept = listed(Revocation("client", "cognito", "c", BEFORE), Revocation("all", "o", "", BEFORE))
    refreshed: dict[str, Any] = {"client_id": "c", "iat": NOW, "auth_time": 1}
    assert kept.hit(token(**refreshed), NOW) is None
    assert kept.hit(token("o", **refreshed), NOW) is None


def test_an_entry_counts_until_it_expires_and_is_then_forgotten() -> None:
    kept = listed(Revocation("jti", "cognito", "j"))
    assert kept.hit(token(jti="j"), UNTIL - 0.1) == "jti"
    assert kept.hit(token(jti="j"), UNTIL) is None
    kept.forget_expired(UNTIL - 1)
    assert len(kept) == 1
    kept.forget_expired(UNTIL)
    assert len(kept) == 0


def test_of_two_for_one_person_the_one_that_hits_more_stays() -> None:
    early, late = (Revocation("sub", "cognito", "a", BEFORE + plus) for plus in (0, 50))
    for order in ((early, late), (late, early)):
        kept = listed(*order)
        assert len(kept) == 1
        assert kept.hit(token(sub="a", iat=BEFORE + 49), NOW) == "sub"


def test_a_list_that_is_full_says_so_and_keeps_what_it_has() -> None:
    kept = KeptList(max_entries=2)
    for jti in ("a", "b"):
        kept.add(KeptRevocation(Revocation("jti", "cognito", jti), UNTIL))
    with pytest.raises(ListUnreadable, match="^outgrown: more than 2 revocations$"):
        kept.add(KeptRevocation(Revocation("jti", "cognito", "c"), UNTIL))
    kept.add(KeptRevocation(Revocation("jti", "cognito", "a"), UNTIL + 1))
    assert kept.hit(token(jti="a"), UNTIL) == "jti"
    assert kept.hit(token(jti="b"), NOW) == "jti"
