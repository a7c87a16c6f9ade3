"""StageConfig, the access table and the pool -> the stateless stack: API, authorizers, backends."""

import aws_cdk as cdk
from constructs import Construct

from aws_jwt_authorizer.access.clients.reach import unreachable
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.scope_warnings import scope_warnings
from aws_jwt_authorizer.authorizers.gateway_authorizers import ORIGIN_HEADER
from aws_jwt_authorizer.bundling.target import Target
from stacks.api.backends import Backends
from stacks.api.form_warnings import form_warnings
from stacks.api.http_backend import HttpBackends
from stacks.api.jwt_authorizers import jwt_authorizers
from stacks.api.origin_header_gaps import origin_header_gaps
from stacks.api.preflight_warnings import preflight_warnings
from stacks.api.protected_api import ProtectedApi, RouteTargets
from stacks.api.route_limits import wider_limits
from stacks.authorizer.token_authorizer import TokenAuthorizer
from stacks.browser.browser_app import BrowserApp
from stacks.identity.pool_tokens import PoolTokens
from stacks.operations.watched import WatchedApi
from stacks.revocation.revocation_table import RevocationTable
from stacks.revocation.revocations_backend import RevocationsBackend
from stacks.stage.config import StageConfig


class ApiStack(cdk.Stack):
    """Everything that can be deleted and made again without losing a user.

    Attributes:
        watched: What operations look at.
    """

    def __init__(  # keyword-only: what it is made of
        self,
        scope: Construct,
        stack_id: str,
        *,
        env: cdk.Environment,
        config: StageConfig,
        access: AccessTable,
        target: Target,
        pool: PoolTokens,
    ) -> None:
        super().__init__(
            scope,
            stack_id,
            env=env,
            tags=config.tags,
            description=f"API, authorizers and backends ({config.stage})",
        )
        self._warn(config, access)
        for line in wider_limits(config):
            cdk.Annotations.of(self).add_info_v2("jwt-authorizer:wider-throttle", line)
        # First, so that functions can be told where the API is.
        api = ProtectedApi(self, "Api", config=config, access=access)
        revocations = RevocationTable(self, "Revocations", config=config)
        browser = BrowserApp(
            self,
            "BrowserApp",
            config=config,
            access=access,
            target=target,
            pool=pool,
            origin=api.origin,
            revocations=revocations,
        )
        own_page = len(browser.pool.client_ids) > len(pool.client_ids)
        for warning in unreachable(access, page=own_page):
            cdk.Annotations.of(self).add_warning_v2("jwt-authorizer:unreachable", warning)
        pool = browser.pool
        revoking = RevocationsBackend(config, access, pool.pool_id, revocations)
        backends = Backends(
            self,
            "Backends",
            names=[route.backend for route in access.routes if isinstance(route.backend, str)],
            folder=access.backends,
            specs={**browser.specs, **revoking.specs},
            config=config,
            target=target,
        )
        browser.grant(backends.functions)
        revoking.grant(backends.functions)
        token_authorizer = TokenAuthorizer(
            self,
            "TokenAuthorizer",
            config=config,
            target=target,
            access=access,
            pool=pool,
            revocations=revocations,
            cookie_origins=[api.origin],
        )
        api.add_routes(
            RouteTargets(
                functions=backends.functions,
                servers=HttpBackends(
                    self,
                    "HttpBackends",
                    addresses=config.http_backends,
                    not_passed_on=[ORIGIN_HEADER] if config.origin_header_sha256 else [],
                ),
                lambda_authorizers=token_authorizer.route_authorizers,
                jwt_authorizers=jwt_authorizers(access.issuers, pool),
                routes=access.routes,
            )
        )
        self.watched = WatchedApi(
            api=api.api,
            access_log=api.access_log,
            authorizer=token_authorizer.function,
            backends=backends.by_name,
            secret_rotation=browser.secret_rotation,
            has_revocation=config.revocation != "off",
        )
        cdk.CfnOutput(self, "ApiUrl", value=api.url)
        if config.user_pool:  # else the identity stack tells
            cdk.CfnOutput(self, "UserPoolId", value=pool.pool_id)
            cdk.CfnOutput(self, "Issuer", value=pool.issuer)
        if api.domain_target:
            cdk.CfnOutput(self, "ApiDomainTarget", value=api.domain_target)
        if config.revocation != "off":
            cdk.CfnOutput(self, "RevocationTable", value=revocations.table.table_name)
            cdk.CfnOutput(self, "ApiId", value=api.api.api_id)
        # What `make explain` looks up: where decisions are logged, and whose tokens are ours.
        cdk.CfnOutput(
            self,
            "AuthorizerLogGroup",
            value=token_authorizer.function.log_group.log_group_name,
        )
        cdk.CfnOutput(self, "AccessLogGroup", value=api.access_log.log_group_name)
        for name, client_id in browser.client_ids.items():
            cdk.CfnOutput(self, name, value=client_id)
        if browser.specs:
            cdk.CfnOutput(self, "PageUrl", value=f"{api.origin}/app")

    def _warn(self, config: StageConfig, access: AccessTable) -> None:
        warnings = {
            "scopes-alone": scope_warnings(access),
            "one-issuer-form": form_warnings(config, access),
            "origin-header": origin_header_gaps(config, access),
            "preflights-refused": preflight_warnings(config, access),
        }
        for name, lines in warnings.items():
            for line in lines:
                cdk.Annotations.of(self).add_warning_v2(f"jwt-authorizer:{name}", line)
