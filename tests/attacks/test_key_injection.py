"""Rows K1 to K3: a token may bring a key or an address of one; nobody reads it."""

from typing import Any

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import key_selection
from tests.attacks.forge import Mint, signer


@pytest.mark.parametrize(
    "case", cases(key_selection.hostile, "K1", "K2", "K3"), ids=lambda case: case.label
)
def test_a_token_that_brings_its_own_key_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize("member", ["jku", "x5u", "jwks_uri", "iss"])
def test_no_address_in_a_token_is_ever_asked(member: str, bench: Bench, mint: Mint) -> None:
    """K2, K8: a trap that would answer is not even connected to."""
    attacker = mint.keys.attacker
    trap = bench.jwks_uri('{"keys":[]}')
    path = trap.removeprefix(bench.server.url)
    target = bench.target()
    for changes in ({member: trap}, {member: trap, "kid": "attacker"}):
        header: dict[str, Any] = mint.header(**changes)
        token = mint.token(header, mint.claims(**{member: trap}), sign=signer(attacker))
        assert target.judge_token(token).status == 401
    asked = [asked for asked in bench.server.requests if asked.startswith(path)]
    assert asked == []
