"""Who can sign in to the pool at every start: one person for each way to be treated."""

from local.cognito.demo_users import DemoUser
from local.stack.drawn import Drawn
from local.template.pool_config import PoolConfig

TENANT = "custom:tenant"
_GROUPS = {"admin": ("admins",), "support": ("support",), "buyer": ("buyers",), "user": ()}
_TENANTS = {"admin": "acme", "support": "globex"}


def demo_users(pool: PoolConfig, drawn: Drawn) -> tuple[DemoUser, ...]:
    """Return an admin, a support agent, a buyer and a plain user, each with a password.

    A group or tenant that the pool does not have is left out.
    """
    existing = {group.name for group in pool.groups}
    with_tenants = TENANT.removeprefix("custom:") in _custom_attributes(pool)
    return tuple(
        DemoUser(
            username=f"{name}@example.com",
            password=drawn.password(f"{name}@example.com"),
            groups=tuple(group for group in groups if group in existing),
            attributes={
                "email_verified": "true",
                **({TENANT: _TENANTS[name]} if with_tenants and name in _TENANTS else {}),
            },
        )
        for name, groups in _GROUPS.items()
    )


def _custom_attributes(pool: PoolConfig) -> list[str]:
    schema = pool.settings["Schema"]
    attributes = schema if isinstance(schema, list) else []
    return [str(item["Name"]) for item in attributes if isinstance(item, dict)]
