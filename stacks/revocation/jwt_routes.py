"""The stage and the table -> the routes that would take tokens which were taken back.

Imports no CDK.
"""

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from stacks.stage.config import StageConfig


def check_jwt_routes(config: StageConfig, access: AccessTable) -> None:
    """Accept the table, or say which routes are behind an authorizer that knows no revocation.

    Args:
        config: The stage.
        access: The table of that stage.

    Raises:
        AccessInvalid: One line that names the routes, and both ways out.
    """
    if config.revocation == "off":
        return
    keys = [
        repr(route.key)
        for route in access.routes
        if route.authorizer == "jwt" and not route.accepts_revoked.strip()
    ]
    if keys:
        raise AccessInvalid(
            f"stacks/access.py: route {', '.join(keys)}: the built-in authorizer cannot know what "
            f"was taken back, and context.stages.{config.stage}.revocation is "
            f"{config.revocation!r}: use authorizer='lambda', or say in accepts_revoked='...' why "
            "a revoked token may call it until it expires"
        )
