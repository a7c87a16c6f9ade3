import pytest

from tests.differential.compare import Difference
from tests.differential.listing import LISTING, listed_differences

ROW = "| `jwt: *`, `scoped: none` | `header www-authenticate` | there | absent | ours | why |"


def difference(case: str, field: str = "header www-authenticate") -> Difference:
    return Difference(case, field, "Bearer", "absent")


@pytest.mark.parametrize("case", ["jwt: no token", "scoped: none"])
def test_a_row_covers_the_cases_and_the_field_that_it_names(case: str) -> None:
    (row,) = listed_differences(ROW)
    assert row.covers(difference(case))


@pytest.mark.parametrize(
    "other",
    [difference("simple: no token"), difference("scoped: x"), difference("jwt: x", "status")],
)
def test_a_row_covers_nothing_else(other: Difference) -> None:
    (row,) = listed_differences(ROW)
    assert not row.covers(other)


def test_a_row_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="a row has 6 columns, not 5"):
        listed_differences(ROW.replace(" | why", ""))


def test_each_listed_difference_says_who_is_right() -> None:
    lines = [line for line in LISTING.read_text().splitlines() if line.startswith("| `")]
    assert len(listed_differences("\n".join(lines))) == len(lines) > 0
    assert {line.split(" | ")[4] for line in lines} <= {"ours", "ministack", "unknown"}
