"""Who can sign in, whatever groups a table has."""

from dataclasses import replace

import pytest

from local.stack.drawn import Drawn
from local.template.pool_config import GroupConfig
from local.this_app.people import demo_users
from tests.integration.cognito.conftest import pool_config


def people(*groups: str) -> dict[str, tuple[str, ...]]:
    config = pool_config("sa-east-1_people123")
    made = tuple(GroupConfig(name, number, None) for number, name in enumerate(groups))
    users = demo_users(replace(config, groups=made), Drawn.anew())
    return {user.username.removesuffix("@example.com"): user.groups for user in users}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), {"user": ()}),
        (("finance", "auditors"), {"finance": ("finance",), "auditor": ("auditors",), "user": ()}),
        (
            ("users", "user", "Ops / EU", "!"),
            {
                "user-2": ("users",),
                "user-3": ("user",),
                "ops-eu": ("Ops / EU",),
                "one": ("!",),
                "user": (),
            },
        ),
    ],
)
def test_there_is_somebody_of_each_group_and_somebody_of_none(
    groups: tuple[str, ...], expected: dict[str, tuple[str, ...]]
) -> None:
    assert people(*groups) == expected
