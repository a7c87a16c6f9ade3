"""cdk.json's `user_pool`: a pool that is there already."""

from typing import Any

import pytest

from stacks.stage.config_fields import ConfigFields, ConfigInvalid
from stacks.stage.parts.existing_pool import ExistingPool, existing_pool

WHOLE = {"id": "eu-west-1_AbC123xyz", "client_ids": ["1example23456789"]}


def read(value: dict[str, Any], *, loopback: bool = False) -> ExistingPool | None:
    return existing_pool(ConfigFields("user_pool", value), loopback)


def test_an_empty_one_makes_a_pool() -> None:
    assert read({}) is None
    assert read({}, loopback=True) is None


def test_a_whole_one_names_the_pool_its_region_and_its_clients() -> None:
    found = read(WHOLE)
    assert found == ExistingPool("eu-west-1_AbC123xyz", ("1example23456789",))
    assert found.region == "eu-west-1"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({**WHOLE, "id": "AbC123xyz"}, "user_pool.id is 'AbC123xyz': it must be a user pool's id"),
        ({**WHOLE, "client_ids": []}, "user_pool.client_ids is "),
        ({**WHOLE, "client_ids": ["a b"]}, "user_pool.client_ids is "),
        ({"id": WHOLE["id"]}, "user_pool.client_ids is missing"),
        ({**WHOLE, "arn": "x"}, "user_pool.arn is unknown: the fields are id, client_ids"),
    ],
)
def test_what_is_wrong_with_it_is_one_line(value: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigInvalid, match=f"^{problem}"):
        read(value)


def test_this_machine_plays_no_pool_that_is_there_already() -> None:
    with pytest.raises(ConfigInvalid, match=r"^user_pool must be \{\}: this machine plays"):
        read(WHOLE, loopback=True)
