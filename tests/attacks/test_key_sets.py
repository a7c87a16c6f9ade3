"""Rows K10 to K15: what an issuer publishes is not all fit to verify tokens."""

import logging

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case, key_set
from tests.attacks.corpus import key_sets
from tests.attacks.forge import Mint


@pytest.mark.parametrize("case", cases(key_sets.hostile), ids=lambda case: case.label)
def test_a_published_key_that_is_not_fit_verifies_nothing(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize("case", cases(key_sets.legal), ids=lambda case: case.label)
def test_a_bad_key_costs_itself_and_not_its_neighbours(case: Case, bench: Bench) -> None:
    assert bench.judge(case).status == 200


def test_a_set_without_any_fit_key_is_the_issuers_word_and_an_alarm(
    bench: Bench, mint: Mint, caplog: pytest.LogCaptureFixture
) -> None:
    """K13, K15: an issuer that publishes no key vouches for no token."""
    for jwks in ('{"keys":[]}', key_set(key_sets.private_jwk(mint.key)), key_set(None, 7)):
        caplog.clear()
        verdict = bench.target(jwks=jwks).judge_token(mint.token())
        assert (verdict.status, verdict.reason) == (401, "key_unknown")
        warnings = [
            vars(record)["event"]
            for record in caplog.records
            if record.levelno == logging.WARNING and record.msg == "keys"
        ]
        assert "jwks_no_usable_key" in warnings


def test_a_published_secret_raises_an_alarm_that_does_not_repeat_it(
    bench: Bench, mint: Mint, caplog: pytest.LogCaptureFixture
) -> None:
    """K15: whoever reads the log learns that a private key is out, and not the key."""
    leaked = key_sets.private_jwk(mint.keys.attacker)
    target = bench.target(jwks=key_set(mint.key.jwk, leaked))
    assert target.judge_token(mint.token()).status == 200
    (alarm,) = (
        vars(record)
        for record in caplog.records
        if record.levelno == logging.WARNING and record.msg == "keys"
    )
    assert alarm["event"] == "jwks_keys_skipped"
    assert "secret_key_published" in alarm["detail"]
    assert leaked["d"] not in str(alarm)
