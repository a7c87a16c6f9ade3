"""Who can sign in to the pool at every start: somebody of each group, and somebody of none."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from local.cognito.demo_users import DemoUser
from local.stack.drawn import Drawn
from local.template.pool_config import PoolConfig

TENANT = "custom:tenant"
_TENANTS = ("acme", "globex")
_OF_NO_GROUP = "user"
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def demo_users(pool: PoolConfig, drawn: Drawn) -> tuple[DemoUser, ...]:
    """Return a person of each group of the pool, called after it, and a plain user.

    Each has a password; the first two have a tenant each, where the pool knows tenants.
    """
    groups = [group.name for group in sorted(pool.groups, key=lambda group: group.precedence)]
    tenants = _TENANTS if TENANT.removeprefix("custom:") in _custom_attributes(pool) else ()
    people = [*zip(_names(groups), groups, strict=True), (_OF_NO_GROUP, None)]
    return tuple(
        DemoUser(
            username=f"{name}@example.com",
            password=drawn.password(f"{name}@example.com"),
            groups=(group,) if group else (),
            attributes={"email_verified": "true", **({TENANT: tenant} if tenant else {})},
        )
        for (name, group), tenant in zip_longest(people, tenants[: len(groups)])
    )


def _names(groups: Iterable[str]) -> Iterator[str]:
    """Yield a name for each group: `admin` of `admins`; a number makes it the only one."""
    taken = {_OF_NO_GROUP}
    for group in groups:
        name = found = _NOT_IN_A_NAME.sub("-", group.lower()).strip("-").removesuffix("s") or "one"
        number = 1
        while found in taken:
            number += 1
            found = f"{name}-{number}"
        taken.add(found)
        yield found


def _custom_attributes(pool: PoolConfig) -> list[str]:
    schema = pool.settings["Schema"]
    attributes = schema if isinstance(schema, list) else []
    return [str(item["Name"]) for item in attributes if isinstance(item, dict)]
