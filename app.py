"""cdk.json and the access table -> CloudFormation templates, in CDK's output folder.

Picks the stage; nothing else does. Bad input is answered with one line and exit status 1.
"""

import json
import sys
from pathlib import Path

import aws_cdk as cdk

from stacks.access import ACCESS
from stacks.api_stack import ApiStack
from stacks.bundle import BundleFailed, Target, deployed_target, host_target
from stacks.config import ConfigInvalid, stage_config
from stacks.identity_stack import IdentityStack
from stacks.table_checks import AccessInvalid, check_table

CDK_JSON = Path(__file__).resolve().parent / "cdk.json"


def build(app: cdk.App) -> None:
    """Add both stacks of the stage that the app's context picks."""
    context = app.node.try_get_context
    config = stage_config(context("stage"), context("stages"))
    check_table(ACCESS)
    identity = IdentityStack(
        app, f"jwt-authorizer-{config.stage}-identity", config=config, access=ACCESS
    )
    ApiStack(
        app,
        f"jwt-authorizer-{config.stage}-api",
        config=config,
        access=ACCESS,
        target=_target(config.stage, context("bundle_for")),
        pool=identity.tokens,
    )


def new_app() -> cdk.App:
    """An app with cdk.json's context under the command line's, whoever starts it."""
    context = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    # Version reporting would add a resource that only the CLI's synth has.
    return cdk.App(context=context, analytics_reporting=False)


def _target(stage: str, bundle_for: object) -> Target:
    if bundle_for not in (None, "arm64", "host"):
        raise ConfigInvalid(f"context.bundle_for is {bundle_for!r}: it must be arm64 or host")
    return host_target() if stage == "local" or bundle_for == "host" else deployed_target()


def main() -> None:
    """Synthesise, or say in one line why not."""
    app = new_app()
    try:
        build(app)
    except (ConfigInvalid, AccessInvalid, BundleFailed) as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
