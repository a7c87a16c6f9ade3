"""Rows E2, E4 and E5: JSON that two parsers would read differently."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import json_tricks


@pytest.mark.parametrize(
    "case", cases(json_tricks.hostile, "E2", "E4", "E5"), ids=lambda case: case.label
)
def test_json_with_two_readings_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)
