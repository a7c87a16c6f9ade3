"""What a stage says of a user pool, where it uses one that is there already. Imports no CDK."""

from collections.abc import Iterator

from stacks.stage.config import StageConfig
from stacks.stage.fields import NO_WEB_ACL

_HOW_A_POOL_IS_MADE = ("clients", "identity_providers", "email_sender", "sign_in_domain")


def existing_pool_problems(config: StageConfig) -> Iterator[str]:
    """Yield what is said of a pool that this stage does not make, each with the fix."""
    if config.user_pool is None:
        return
    for name in _HOW_A_POOL_IS_MADE:
        if getattr(config, name):
            yield (
                f"{name} says how a user pool is made, and user_pool names {config.user_pool.id}, "
                f"which is there already: set {name} to {{}}, and that pool by hand"
            )
    if config.sign_in_web_acl != NO_WEB_ACL:
        yield (
            f"sign_in_web_acl guards a user pool that is made here, and user_pool names "
            f"{config.user_pool.id}: set it to {NO_WEB_ACL!r}, and guard that pool where it is made"
        )
