"""`cdk --app "python -m stacks.pipeline"`: the roles that a repository on GitHub deploys with.

Context: `repository` (OWNER/NAME), `environments` ("dev prod"), `provider` (new or existing);
`app_name` as cdk.json has it.
"""

import re
import sys

import aws_cdk as cdk

from stacks.pipeline.deploy_roles import DeployRolesStack
from stacks.stage.app_name import app_name
from stacks.stage.config_fields import ConfigInvalid

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
ENVIRONMENTS = re.compile(r"[a-z][a-z0-9]*( [a-z][a-z0-9]*)*")


def build(app: cdk.App) -> DeployRolesStack:
    """Add the stack that the app's context describes, or end the process with one line."""
    context = app.node.try_get_context
    repository = str(context("repository") or "")
    environments = str(context("environments") or "dev prod")
    provider = context("provider") or "new"
    # A wildcard here would let in whoever has a repository or a branch.
    if not REPOSITORY.fullmatch(repository):
        sys.exit(f"repository is {repository!r}: it must be OWNER/NAME on GitHub")
    names = environments.split()
    if not ENVIRONMENTS.fullmatch(environments) or len(set(names)) < len(names):
        sys.exit(f"environments is {environments!r}: it must be stages such as 'dev prod'")
    if provider not in ("new", "existing"):
        sys.exit(f"provider is {provider!r}: it must be new or existing")
    try:
        name = app_name({"app_name": context("app_name")})
    except ConfigInvalid as error:
        sys.exit(str(error))
    return DeployRolesStack(
        app,
        f"{name}-deploy-roles",
        repository=repository,
        environments=names,
        makes_provider=provider == "new",
    )


if __name__ == "__main__":
    pipeline = cdk.App(analytics_reporting=False)
    build(pipeline)
    pipeline.synth()
