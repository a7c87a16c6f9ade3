"""StageConfig and the access table -> the stateful stack: a user pool and what hangs on it."""

import aws_cdk as cdk
from constructs import Construct

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.bundling.target import Target
from stacks.identity.app_clients import AppClients
from stacks.identity.federation import Federation
from stacks.identity.pool_tokens import pool_tokens
from stacks.identity.sign_in_domain import SignInDomain
from stacks.identity.sign_in_firewall import SignInFirewall
from stacks.identity.token_claims import TokenClaims
from stacks.identity.user_pool import UserPool
from stacks.identity.writable_claims import writable_claims
from stacks.operations.watched import WatchedPool
from stacks.stage.app_clients import stage_clients
from stacks.stage.config import StageConfig
from stacks.stage.fields import NO_WEB_ACL

MAIL_OF_COGNITO = (
    "email_sender is {}: Cognito itself sends at most 50 mails a day, and those beyond that never "
    "arrive (docs/user-pool.md)"
)


class IdentityStack(cdk.Stack):
    """Users, groups, scopes and clients; alone, so that it can refuse to be deleted.

    Attributes:
        tokens: What the pool's tokens carry.
        watched: What operations look at.
    """

    def __init__(
        self,
        scope: Construct,
        stack_id: str,
        *,
        env: cdk.Environment,
        config: StageConfig,
        access: AccessTable,
        target: Target,
    ) -> None:
        super().__init__(
            scope,
            stack_id,
            env=env,
            tags=config.tags,
            description=f"Users, groups and clients ({config.stage})",
            termination_protection=config.retain,
        )
        users = UserPool(self, "Users", config=config, scopes=access.scopes, groups=access.groups)
        self.watched = WatchedPool(users.failed_mail)
        if config.retain and not config.email_sender:
            cdk.Annotations.of(self).add_info_v2("jwt-authorizer:mail-of-cognito", MAIL_OF_COGNITO)
        if config.tenant_claim:
            TokenClaims(self, "TokenClaims", config=config, target=target, pool=users.pool)
        clients = AppClients(
            self,
            "Clients",
            config=config,
            users=users,
            clients=stage_clients(access, config),
            federation=Federation(
                self, "Federation", pool=users.pool, providers=config.identity_providers
            ),
        )
        # The pool cannot be pulled away under the API, nor be replaced without it: CloudFormation
        # neither deletes nor changes a value that another stack imports.
        for referred in (users.pool, *clients.by_name.values()):
            cdk.CrossStackReferences.of(referred).produce(cdk.ReferenceStrength.STRONG)
        for warning in writable_claims(access, clients.written):
            cdk.Annotations.of(self).add_warning_v2("jwt-authorizer:writable-claim", warning)
        domain = SignInDomain(
            self, "SignIn", config=config, pool=users.pool, clients=clients.on_pages
        )
        if config.sign_in_web_acl != NO_WEB_ACL:
            SignInFirewall(self, "Firewall", config=config, pool=users.pool)
        pool_id = users.pool.user_pool_id
        self.tokens = pool_tokens(config, self.region, pool_id, clients.ids)

        cdk.CfnOutput(self, "UserPoolId", value=pool_id)
        cdk.CfnOutput(self, "Issuer", value=self.tokens.issuer)
        cdk.CfnOutput(self, "SignInUrl", value=domain.url)
        for name, client in clients.by_name.items():
            cdk.CfnOutput(self, f"{name}ClientId", value=client.user_pool_client_id)
        if domain.target:
            cdk.CfnOutput(self, "SignInDomainTarget", value=domain.target)
