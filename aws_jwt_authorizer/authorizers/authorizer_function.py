"""Issuers and rules -> the function that verifies tokens and decides, from the sources at hand.

The installed wheel brings the function's sources and its lock; nothing else of the house is needed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from aws_jwt_authorizer.access.conditions import AnyOf, ClaimPath, Rule
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.rules_table import table_of_rules
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.function_code import function_code
from aws_jwt_authorizer.bundling.lambda_machine import architecture, runtime
from aws_jwt_authorizer.bundling.target import Target, deployed_target, host_target
from aws_jwt_authorizer.function_sources import AUTHORIZER
from aws_jwt_authorizer.settings.authorizer_settings import AuthorizerSettings, told
from aws_jwt_authorizer.settings.issuer_items import KeysUnreadable, divided, items_of_issuer
from aws_jwt_authorizer.settings.start_check import CheckFailed, start_refusal

MEMORY_MB = 512
TIMEOUT_SECONDS = 5
"""Time for both requests of a fetch of keys, and for the decision after them."""

BUNDLE_FOR = "jwt_authorizer_bundle_for"
HOST = "host"
"""The context key, and its one value, that bundle the function for the machine that synthesises."""

POOL_URL = re.compile(r"https://(issuer-)?cognito-idp\.")
POOL_PLACEHOLDER = "https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_Placehold{}"
PLACEHOLDER = "https://placehold{}.execute-api.ap-northeast-1.amazonaws.com"


class AuthorizerFunction(Construct):
    """The authorizer's function, with a role and a log group of its own.

    Attributes:
        function: The function; `add_environment` sets what docs/settings.md
            names besides.
        table: What it decides by.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        issuers: Sequence[Issuer],
        routes: Mapping[str, Rule | AnyOf],
        claims_for_backends: Mapping[str, str | ClaimPath],
        log_group: logs.ILogGroup | None,
    ) -> None:
        super().__init__(scope, construct_id)
        known = tuple(_with_address(issuer, number) for number, issuer in enumerate(issuers))
        self.table = table_of_rules(known, routes, claims_for_backends)
        stage = cdk.Stack.of(self).stack_name
        _check_start(_settings(self.table, known, stage))
        settings = _settings(self.table, issuers, stage)
        log_group = log_group or logs.LogGroup(self, "Logs", retention=logs.RetentionDays.ONE_MONTH)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        target = _target(self)
        with function_code(Bundle(AUTHORIZER, target, settings.files)) as code:
            self.function = lambda_.Function(
                self,
                "Function",
                runtime=runtime(target),
                architecture=architecture(target),
                handler=f"{AUTHORIZER}.handler.handler",
                code=code,
                role=role,
                log_group=log_group,
                memory_size=MEMORY_MB,
                timeout=cdk.Duration.seconds(TIMEOUT_SECONDS),
                environment={
                    name: value
                    if isinstance(value, str)
                    else cdk.Stack.of(self).to_json_string(value)
                    for name, value in settings.environment.items()
                },
            )


def _settings(table: AccessTable, issuers: Sequence[Issuer], stage: str) -> AuthorizerSettings:
    """Return what the function is told; its own defaults stand for all that is not said here.

    Raises:
        AccessInvalid: A file that an issuer names cannot be read.
    """
    try:
        of_environment, of_bundle = divided(
            issuers,
            lambda issuer: cdk.Token.is_unresolved(str(issuer.url)),
            lambda issuer: items_of_issuer(issuer, Path(), needs_subject=False),
        )
    except KeysUnreadable as error:
        raise AccessInvalid(f"JwtAuthorizer: {error}") from None
    further = {"POWERTOOLS_SERVICE_NAME": AUTHORIZER, "STAGE": stage}
    return told(of_environment, of_bundle, policy_json(table), further)


def _check_start(settings: AuthorizerSettings) -> None:
    """Accept what the function starts with.

    Raises:
        AccessInvalid: What it would refuse, in one line.
    """
    try:
        refusal = start_refusal(settings)
    except CheckFailed as error:
        raise AccessInvalid(f"JwtAuthorizer: {error}") from None
    if refusal is not None:
        raise AccessInvalid(f"JwtAuthorizer: {refusal}")


def _with_address(issuer: Issuer, number: int) -> Issuer:
    """Return the issuer, with an address in the place of one that only a deployment knows."""
    url = getattr(issuer, "url", None)
    if not isinstance(url, str) or not cdk.Token.is_unresolved(url):
        return issuer
    form = POOL_PLACEHOLDER if POOL_URL.match(url) else PLACEHOLDER
    return replace(issuer, url=form.format(number))


def _target(scope: Construct) -> Target:
    """Return Lambda's target, or this machine's where the context asks for it.

    Raises:
        AccessInvalid: The context asks for something else.
    """
    asked = scope.node.try_get_context(BUNDLE_FOR)
    if asked is None:
        return deployed_target()
    if asked != HOST:
        raise AccessInvalid(
            f"JwtAuthorizer: context {BUNDLE_FOR} is {asked!r}: say {HOST!r} to serve "
            "the app on this machine, or leave it out"
        )
    return host_target()
