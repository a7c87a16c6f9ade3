"""AppSources -> CloudFormation templates, in CDK's output folder.

Picks the stage; nothing else does.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import aws_cdk as cdk

from aws_jwt_authorizer.access.api_limits import check_api_limits
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import check_table
from aws_jwt_authorizer.bundling.target import Target, deployed_target, host_target
from aws_jwt_authorizer.constructs.guard_rules import add_guard_rules
from stacks.api.api_stack import ApiStack
from stacks.app_sources import AppSources
from stacks.authorizer.start_check import check_start
from stacks.identity.identity_stack import IdentityStack
from stacks.identity.pool_tokens import existing_pool_tokens
from stacks.issuer.issuer_stack import IssuerStack
from stacks.operations.operations_stack import OperationsStack
from stacks.operations.watched import WatchedPool
from stacks.revocation.jwt_routes import check_jwt_routes
from stacks.stage.app_name import app_name
from stacks.stage.config import StageConfig, stage_config, with_issuer
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.contradictions import check_contradictions
from stacks.stage.deploy.destination import destination
from stacks.stage.deploy.placeholders import placeholder_urls
from stacks.stage.fields import LOCAL_STAGE, OWN_ISSUER
from stacks.stage.stage_table import left_out, table_of_stage


def synthesise(sources: AppSources) -> None:
    """Write the templates of the stage that the command line picks.

    Args:
        sources: What the app is made from.

    Raises:
        ConfigInvalid: If the stage cannot be used.
        AccessInvalid: If the access table cannot be served, or the authorizer would not start.
        BundleFailed: If a function's code cannot be bundled.
        PageBuildFailed: If the web page cannot be built.
        RuntimeError: If a check of CDK or of ours stops it.
    """
    app = new_app(sources.cdk_json)
    build(app, sources.access, os.environ)
    app.synth()


def build(
    app: cdk.App, access: AccessTable, environ: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Add the stacks of the stage that the app's context picks, and what they are held to.

    Args:
        app: As `add_stacks` takes it.
        access: Likewise.
        environ: Likewise.

    Raises:
        ConfigInvalid: As `add_stacks`.
        AccessInvalid: Likewise.
        BundleFailed: Likewise.
        PageBuildFailed: Likewise.
    """
    target = add_stacks(app, access, environ)
    if target.is_lambda:
        # What is bundled for this machine is not deployed. Their engine takes seconds to start, and
        # anything before may have stopped synth.
        add_guard_rules(app)


def add_stacks(
    app: cdk.Stage, access: AccessTable, environ: Mapping[str, str] = MappingProxyType({})
) -> Target:
    """Add the stacks of the stage that the context picks.

    Args:
        app: With the context keys app_name, stage, stages, overrides and bundle_for; the app
            itself, or one of several parts of it.
        access: The whole table; each stage gets the part that it can serve.
        environ: The environment's variables, which may say where the stage is deployed.

    Returns:
        What the functions are bundled for.

    Raises:
        ConfigInvalid: If the stage cannot be used.
        AccessInvalid: If the access table cannot be served, or the authorizer would not start.
        BundleFailed: If a function's code cannot be bundled.
        PageBuildFailed: If the web page cannot be built.
    """
    context = app.node.try_get_context
    config = stage_config(
        context("stage"),
        context("stages"),
        context("overrides"),
        app_name({"app_name": context("app_name")}),
    )
    placeholders = placeholder_urls(config)
    env = _environment(config, environ)
    check_contradictions(config, env.region)
    check_table(access)
    target = _target(config.stage, context("bundle_for"))
    issuer = None
    if config.kms_issuer:
        issuer = IssuerStack(app, f"{config.prefix}-issuer", env=env, config=config, target=target)
        config = with_issuer(config, OWN_ISSUER, issuer.address)
    absent = tuple(left_out(access, config))
    if absent and config.on_left_out == "stop":
        raise ConfigInvalid(f"context.stages.{config.stage}.on_left_out is stop: {absent[0]}")
    access = table_of_stage(access, config)
    check_table(access)
    check_api_limits(access)
    check_jwt_routes(config, access)
    check_start(config, access)
    identity = None
    if config.user_pool is None and any(item.is_pool for item in access.issuers):
        identity = IdentityStack(
            app,
            f"{config.prefix}-identity",
            env=env,
            config=config,
            access=access,
            target=target,
        )
    api = ApiStack(
        app,
        f"{config.prefix}-api",
        env=env,
        config=config,
        access=access,
        target=target,
        pool=identity.tokens if identity else existing_pool_tokens(config),
    )
    if config.operations:
        OperationsStack(
            app,
            f"{config.prefix}-operations",
            env=env,
            config=config,
            api=api.watched,
            pool=identity.watched if identity else WatchedPool(None),
            issuer=issuer.watched if issuer else None,
        )
    for line in absent:
        cdk.Annotations.of(api).add_info_v2("jwt-authorizer:left-out", line)
    if placeholders:
        cdk.Annotations.of(api).add_warning_v2("jwt-authorizer:placeholder-urls", placeholders)
    if issuer:
        # API Gateway asks the issuer when its JWT authorizer is created.
        api.add_stack_dependency(issuer)
    return target


def new_app(cdk_json: Path, outdir: str | None = None) -> cdk.App:
    """Make an app with cdk.json's context under the command line's.

    Args:
        cdk_json: The file with the context.
        outdir: Where the templates go; None leaves that to the caller (CDK_OUTDIR).
    """
    context = json.loads(cdk_json.read_text(encoding="utf-8"))["context"]
    # Version reporting would add a resource that only the CLI's synth has.
    return cdk.App(context=context, analytics_reporting=False, outdir=outdir)


def _environment(config: StageConfig, environ: Mapping[str, str]) -> cdk.Environment:
    """Return where the stacks are deployed; templates that may go anywhere name no account."""
    if config.stage == LOCAL_STAGE:
        return cdk.Environment()
    where = destination(config, environ)
    return cdk.Environment(account=where.account, region=where.region)


def _target(stage: str, bundle_for: object) -> Target:
    if bundle_for not in (None, "arm64", "host"):
        raise ConfigInvalid(f"context.bundle_for is {bundle_for!r}: it must be arm64 or host")
    return host_target() if stage == LOCAL_STAGE or bundle_for == "host" else deployed_target()
