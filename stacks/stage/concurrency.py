"""How many environments a function may have, and how they start -> ConfigInvalid if they cannot.

What Lambda refuses: "Improving startup performance with Lambda SnapStart" and "Configuring reserved
concurrency", AWS Lambda developer guide. Imports no CDK.
"""

from stacks.stage.config_fields import ConfigInvalid


def check_concurrency(path: str, *, reserved: int, provisioned: int, snap_start: bool) -> None:
    """Refuse what Lambda would refuse of the authorizer.

    Args:
        path: Where its fields stand, "context.stages.dev".
        reserved: Environments that it has to itself and cannot exceed; 0 for no such limit.
        provisioned: Environments that are kept started.
        snap_start: Whether environments start from a snapshot.

    Raises:
        ConfigInvalid: One line that names the fields that contradict each other.
    """
    if provisioned and snap_start:
        raise ConfigInvalid(
            f"{path}.authorizer_provisioned_concurrency is {provisioned} and authorizer_snap_start "
            "is true: Lambda takes one of them, set 0 or false"
        )
    if reserved and provisioned > reserved:
        raise ConfigInvalid(
            f"{path}.authorizer_provisioned_concurrency is {provisioned}: it must be at most "
            f"authorizer_reserved_concurrency, which is {reserved}"
        )
