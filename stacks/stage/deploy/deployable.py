"""A stage and the environment -> why it may not be deployed. Imports no CDK."""

from collections.abc import Iterator, Mapping

from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.deploy.destination import VARIABLES, destination
from stacks.stage.deploy.placeholders import placeholder_urls
from stacks.stage.fields import LOCAL_STAGE

NEVER_DEPLOYED = (
    f"the stage {LOCAL_STAGE} is served on this machine and never deployed: "
    "name another one (STAGE=dev)"
)


def reasons_not_to_deploy(config: StageConfig, environ: Mapping[str, str]) -> list[str]:
    """Return every reason why a stage may not be deployed, one line each; none if it may.

    Args:
        config: The stage, as cdk.json has it.
        environ: The environment's variables.
    """
    if config.stage == LOCAL_STAGE:
        return [NEVER_DEPLOYED]
    placeholders = placeholder_urls(config)
    return [*_of_destination(config, environ), *([placeholders] if placeholders else [])]


def _of_destination(config: StageConfig, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield what is missing where people's accounts would be lost with the wrong AWS account."""
    try:
        where = destination(config, environ)
    except ConfigInvalid as error:
        yield str(error)
        return
    for name, value in (("account", where.account), ("region", where.region)):
        if config.retain and value is None:
            yield (
                f"context.stages.{config.stage}.{name} is 'auto' and retain is true: say there, or "
                f"in the variable {VARIABLES[name]}, where its users are kept"
            )
