"""A stage and the environment -> the account and the region that it is deployed to.

Imports no CDK. Neither asks AWS: whose credentials they are is CDK's to compare when it deploys.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.fields import CHECKS

VARIABLES = {"account": "CDK_DEPLOY_ACCOUNT", "region": "CDK_DEPLOY_REGION"}
"""What the environment calls each ("Environments for the AWS CDK", CDK developer guide)."""

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the stacks of a stage are deployed.

    Attributes:
        account: An account's id; None for that of whoever deploys.
        region: A region; None likewise.
    """

    account: str | None
    region: str | None


def destination(config: StageConfig, environ: Mapping[str, str]) -> Destination:
    """Return where a stage is deployed: what cdk.json says, else what the environment says.

    Args:
        config: The stage.
        environ: The environment's variables, untrusted; an empty one is one that is not set.

    Raises:
        ConfigInvalid: A variable is wrong, or is not what cdk.json says.
    """
    return Destination(
        account=_one(config, "account", config.account, environ),
        region=_one(config, "region", config.region, environ),
    )


def _one(config: StageConfig, name: str, pinned: str, environ: Mapping[str, str]) -> str | None:
    variable = VARIABLES[name]
    given = environ.get(variable) or AUTO
    if not CHECKS[name].accepts(given):
        allowed = CHECKS[name].allowed
        raise ConfigInvalid(f"the variable {variable} is {given!r}: it must be {allowed}")
    if AUTO not in (pinned, given) and pinned != given:
        raise ConfigInvalid(
            f"context.stages.{config.stage}.{name} is {pinned!r} and the variable {variable} is "
            f"{given!r}: unset the variable, or deploy another stage"
        )
    where = given if pinned == AUTO else pinned
    return None if where == AUTO else where
