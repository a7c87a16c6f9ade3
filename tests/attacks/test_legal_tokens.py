"""The other half of every threat: a good token in an unusual form is not refused because of us."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import legal_forms


@pytest.mark.parametrize("case", cases(legal_forms.legal), ids=lambda case: case.label)
def test_a_good_token_passes(case: Case, bench: Bench) -> None:
    """T3 and all others: fractional dates, escapes, key sets with bad company."""
    assert bench.judge(case).status == 200
