"""For each test of a claim, a value that passes it and one that does not, as two readers judge."""

from typing import Any

import pytest

from local.this_app.demo.claim_values import Unknown, failing, passing
from local.this_app.demo.granted import Bearer, granted

NOW = 1_800_000_000
PARAMETERS = {"tenant": "acme"}
TESTS: list[dict[str, Any]] = [
    {"be_one_of": ["a"]},
    {"be_one_of": [True]},
    {"be_one_of": [1, 5]},
    {"be_one_of": [{"path_parameter": "tenant"}]},
    {"contain_all": ["a", "b"]},
    {"contain_any": ["a", "b"]},
    {"be_number": {"at_least": 3}},
    {"be_number": {"above": 1, "below": 2}},
    {"be_number": {"at_least": 5, "at_most": 5}},
    {"be_number": {"at_most": 3}},
    {"be_no_older_than_seconds": 900},
]


def judged(test: dict[str, Any], value: Any) -> bool | None:
    bearer = Bearer("i", "access", frozenset(), frozenset(), {"c": value}, PARAMETERS, NOW)
    return granted([[{"claim": ["c"], "must": test}]], bearer)


@pytest.mark.parametrize("test", [*TESTS, *({"not": test} for test in TESTS)], ids=str)
def test_one_value_passes_and_another_of_its_kind_does_not(test: dict[str, Any]) -> None:
    assert judged(test, passing(test, PARAMETERS, NOW)) is True
    assert judged(test, failing(test, PARAMETERS, NOW)) is False


def test_what_no_value_is_known_for_is_said() -> None:
    with pytest.raises(Unknown):
        passing({"be_prime": True}, {}, NOW)
    with pytest.raises(Unknown):
        failing({"be_one_of": [True, False]}, {}, NOW)
