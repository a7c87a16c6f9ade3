"""Rows E9 and E10: three segments of a signed token, and nothing else."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import encodings


@pytest.mark.parametrize("case", cases(encodings.hostile, "E9", "E10"), ids=lambda case: case.label)
def test_a_token_of_another_serialisation_or_extension_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)
