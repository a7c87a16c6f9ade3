"""The table's issuers and rules -> our Lambda authorizer, with the policy in its bundle."""

import math
from collections.abc import Sequence

from aws_cdk import Duration, Stack
from constructs import Construct

from aws_jwt_authorizer.access.cache_key import CacheKey
from aws_jwt_authorizer.access.policy_document import check_modules
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.authorizers.gateway_authorizers import ORIGIN_HEADER, gateway_authorizers
from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.function_sources import ACCESS_CHECKS, AUTHORIZER
from stacks.authorizer.authorizer_settings import authorizer_settings
from stacks.authorizer.live_version import LiveVersion
from stacks.authorizer.rollback_alarms import rollback_alarms
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.identity.pool_tokens import PoolTokens
from stacks.revocation.revocation_table import RevocationTable
from stacks.stage.config import StageConfig

MEMORY_MB = 512
LEAST_TIMEOUT_SECONDS = 5
NAMES = {
    CacheKey.ROUTE: "TokenAuthorizer",
    CacheKey.NOTHING: "TokenAuthorizerUncached",
    CacheKey.COOKIE: "TokenOrCookieAuthorizer",
}
REVOCATIONS = "function_kit.revocation.revocations"
"""What the function imports where a stage has revocation on; no other bundle has it."""


class TokenAuthorizer(Construct):
    """The function that verifies a token and decides by the route's rule.

    Attributes:
        function: The function, with its log group.
        route_authorizers: What a route of the API is given, by what its decision is kept by. The
            function is one; only those that a route uses are in the template.

    Args:
        revocations: What was taken back; read where the stage has revocation on.
        cookie_origins: The origins of the pages whose cookie may hold the token, as browsers write
            them; the function is told them if a route of the table takes a cookie.
    """

    def __init__(  # keyword-only: what it is made of
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        target: Target,
        access: AccessTable,
        pool: PoolTokens,
        revocations: RevocationTable,
        cookie_origins: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        settings = authorizer_settings(config, access, pool, cookie_origins)
        told = dict(settings.environment)
        modules = [f"{ACCESS_CHECKS}.{module}" for module in check_modules(access)]
        if config.revocation != "off":
            told["REVOCATION_TABLE"] = revocations.table.table_name
            modules.append(REVOCATIONS)
        environment = {
            name: value if isinstance(value, str) else Stack.of(self).to_json_string(value)
            for name, value in told.items()
        }
        spec = FunctionSpec(
            AUTHORIZER,
            MEMORY_MB,
            _timeout_seconds(config),
            environment=environment,
            files=settings.files,
            reserved_concurrency=config.authorizer_reserved_concurrency or None,
            snap_start=config.authorizer_snap_start,
            modules=tuple(modules),
        )
        self.function = function = PythonFunction(
            self, "Authorizer", spec=spec, config=config, target=target
        )
        if config.revocation != "off":
            revocations.let_read(function.function)
        live = LiveVersion(
            self,
            "Live",
            function=function.function,
            config=config,
            provisioned_concurrency=config.authorizer_provisioned_concurrency,
        )
        if config.canary != "off":
            live.roll_back_on(*rollback_alarms(self, live.alias, config))
        self.route_authorizers = gateway_authorizers(
            live.alias,
            NAMES,
            Duration.seconds(config.authorizer_cache_ttl_seconds),
            [ORIGIN_HEADER] if config.origin_header_sha256 else [],
        )


def _timeout_seconds(config: StageConfig) -> int:
    """Time for both requests of a fetch of keys, and for the decision after them."""
    return max(LEAST_TIMEOUT_SECONDS, math.ceil(2 * config.jwks_fetch_timeout_ms / 1000) + 1)
