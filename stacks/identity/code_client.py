"""An app client for people: authorization code with PKCE, rotating refresh tokens.

Cognito's managed login signs nobody in without the flow USER_AUTH, which also answers an app that
asks for a password by Cognito's API ("ExplicitAuthFlows", CreateUserPoolClient). Such a token has
none of the table's scopes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from aws_jwt_authorizer.access.pool_names import STANDARD_SCOPES
from stacks.stage.config import StageConfig
from stacks.stage.parts.identity_provider import IdentityProvider

OWN_ATTRIBUTES = frozenset({"email", "family_name", "given_name", "locale", "name", "zoneinfo"})
"""What a user may change of the own account, under Cognito's names."""

VERIFICATIONS = frozenset({"email_verified", "phone_number_verified"})
"""What a provider may set and no client may write: CreateUserPoolClient refuses it."""

SIGN_IN_MINUTES = 3
ROTATION_GRACE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class CodeClient:
    """What differs between such clients.

    Attributes:
        callback_urls: Where the browser may be sent after sign-in; without any there is no sign-in
            by code.
        logout_urls: Where it may be sent after sign-out.
        resource_scopes: What may be asked for, besides `STANDARD_SCOPES`.
        providers: Names of the identity providers besides the pool itself.
        written: The attributes of a person that may be written through it, Cognito's names.
        has_secret: Whether it is confidential: nobody then redeems or renews without its secret.
        name: As Cognito shows it; None for a generated one.
        token_minutes: Life of its access and ID tokens; None for the stage's.
        refresh_days: Life of its refresh tokens; likewise.
        password_sign_in: Whether it may take a person's password itself.
    """

    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    resource_scopes: tuple[cognito.OAuthScope, ...]
    providers: tuple[str, ...]
    written: frozenset[str]
    has_secret: bool = False
    name: str | None = None
    token_minutes: int | None = None
    refresh_days: int | None = None
    password_sign_in: bool = False

    def create(
        self, scope: Construct, construct_id: str, *, pool: cognito.IUserPool, config: StageConfig
    ) -> cognito.UserPoolClient:
        """Return the client, in a pool."""
        provider = cognito.UserPoolClientIdentityProvider
        by_code = bool(self.callback_urls)
        minutes = cdk.Duration.minutes(self.token_minutes or config.token_validity_minutes)
        return cognito.UserPoolClient(
            scope,
            construct_id,
            user_pool=pool,
            user_pool_client_name=self.name,
            generate_secret=self.has_secret,
            supported_identity_providers=[
                provider.COGNITO,
                *(provider.custom(name) for name in self.providers),
            ],
            # Cognito writes what a provider says as the client: it must be allowed to.
            write_attributes=client_attributes(self.written),
            # Managed login asks for USER_AUTH; the others are for an app with a sign-in of its own.
            auth_flows=cognito.AuthFlow(
                user=by_code,
                user_srp=self.password_sign_in,
                user_password=self.password_sign_in,
            ),
            disable_o_auth=not by_code,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                callback_urls=list(self.callback_urls),
                logout_urls=list(self.logout_urls),
                scopes=[
                    *(cognito.OAuthScope.custom(name) for name in STANDARD_SCOPES),
                    *self.resource_scopes,
                ],
            )
            if by_code
            else None,
            access_token_validity=minutes,
            id_token_validity=minutes,
            refresh_token_validity=cdk.Duration.days(
                self.refresh_days or config.refresh_token_days
            ),
            refresh_token_rotation_grace_period=cdk.Duration.seconds(ROTATION_GRACE_SECONDS),
            auth_session_validity=cdk.Duration.minutes(SIGN_IN_MINUTES),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )


def written_attributes(providers: Iterable[IdentityProvider]) -> frozenset[str]:
    """Return the attributes that people, and Cognito for a provider, write through such a client.

    Args:
        providers: Those that sign people in through it.

    Returns:
        Cognito's names.
    """
    return OWN_ATTRIBUTES.union(*(item.attributes for item in providers)) - VERIFICATIONS


# CDK's own names for four of Cognito's attributes.
CDK_NAMES = {
    "name": "fullname",
    "picture": "profile_picture",
    "profile": "profile_page",
    "updated_at": "last_update_time",
    "zoneinfo": "timezone",
}


def client_attributes(names: Iterable[str]) -> cognito.ClientAttributes:
    """Return Cognito's names of standard attributes, as CDK wants them."""
    standard = {CDK_NAMES.get(name, name): True for name in names}
    return cognito.ClientAttributes().with_standard_attributes(**standard)
