"""A folder that make synth has written -> whether it is of this stage and for this account."""

import json
from pathlib import Path

from stacks.deployment.errors import CommandRefused
from stacks.stage.config import StageConfig
from stacks.stage.deploy.destination import Destination

STACK = "aws:cloudformation:stack"


def check_assembly(folder: Path, config: StageConfig, where: Destination) -> None:
    """Refuse a folder that would deploy something else than what was asked for.

    Args:
        folder: A cloud assembly.
        config: Of the stage whose stacks it must hold.
        where: What the stage or the environment says of account and region; what they leave open
            is left to the credentials, and to the assembly.

    Raises:
        CommandRefused: It is not an assembly, or not this one.
    """
    stage = config.stage
    try:
        artifacts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    except (OSError, ValueError, KeyError):
        raise CommandRefused(
            f"{folder} is not a cloud assembly: make synth STAGE={stage} writes one into cdk.out"
        ) from None
    stacks = {name: item for name, item in artifacts.items() if item.get("type") == STACK}
    for name, stack in stacks.items():
        if not name.startswith(f"{config.prefix}-"):
            raise CommandRefused(
                f"{folder} has the stack {name}, which is not of {config.app_name}'s "
                f"stage {stage}: "
                f"make synth STAGE={stage}"
            )
        account, region = stack["environment"].removeprefix("aws://").split("/")
        asked_for = (where.account or account, where.region or region)
        if (account, region) != asked_for:
            raise CommandRefused(
                f"{folder} was synthesised for {stack['environment']}, and {stage} goes to "
                f"aws://{'/'.join(asked_for)}: make synth STAGE={stage} with the same account and "
                "region"
            )
