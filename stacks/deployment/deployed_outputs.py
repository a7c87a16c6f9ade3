"""A stage -> what its stacks give, as CloudFormation knows it.

A deployed stage is asked, and no file of this checkout: who gives a command need not be the one who
has deployed.
"""

from collections.abc import Mapping

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from stacks.deployment.caller import Caller
from stacks.deployment.errors import CommandRefused
from stacks.stage.config import StageConfig

CALLS = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3})
ABSENT = "does not exist"
"""What CloudFormation says of a stack that is not there (DescribeStacks, API reference)."""


def deployed_outputs(config: StageConfig, stack: str, who: Caller) -> Mapping[str, str]:
    """Return the outputs of one stack of a stage, by name.

    Args:
        config: The stage.
        stack: The last word of the stack's name.
        who: Whose credentials the environment has, and where the stage is.

    Raises:
        CommandRefused: It is not deployed there, or AWS refuses to say.
    """
    name = f"{config.prefix}-{stack}"
    client = boto3.session.Session().client("cloudformation", region_name=who.region, config=CALLS)
    try:
        [described] = client.describe_stacks(StackName=name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        reason = " ".join(str(error).split())
        if ABSENT in reason:
            raise CommandRefused(
                f"{config.stage} is not deployed in account {who.account}, region {who.region}: "
                f"there is no stack {name}; make deploy STAGE={config.stage} makes it"
            ) from None
        raise CommandRefused(f"the stack {name} does not say what it has: {reason}") from error
    return {item["OutputKey"]: item["OutputValue"] for item in described.get("Outputs", [])}
