"""The API's address -> the pool's app client for the page that the API serves.

It stands in the API's stack and not beside the other clients: where the page is depends on the API,
which depends on the pool.
"""

from collections.abc import Iterable

from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.code_client import STANDARD_SCOPES, CodeClient, written_attributes
from stacks.config import StageConfig

PAGE = "/app"
CALLBACKS = (f"{PAGE}/callback", "/session/callback")
"""Where the two ways to sign in come back to: the page, and the backend that keeps its tokens."""


class BrowserClient(Construct):
    """One client for both ways to keep tokens.

    Attributes:
        client_id: An access token's `client_id`, an ID token's `aud`.
        scopes: What it may ask for, separated by spaces.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        pool_id: str,
        api_url: str,
        scopes: Iterable[str],
    ) -> None:
        """Make the client.

        Args:
            scope: The API's stack.
            construct_id: Its name there.
            config: The stage, with its identity providers.
            pool_id: Of the user pool, which may be in another stack.
            api_url: The API's origin, without closing slash.
            scopes: Of the pool's resource servers, "<server>/<scope>".
        """
        super().__init__(scope, construct_id)
        names = tuple(scopes)
        providers = config.identity_providers
        client = CodeClient(
            callback_urls=tuple(f"{api_url}{path}" for path in CALLBACKS),
            logout_urls=(f"{api_url}{PAGE}",),
            resource_scopes=tuple(cognito.OAuthScope.custom(name) for name in names),
            providers=tuple(provider.name for provider in providers),
            written=written_attributes(providers),
        ).create(
            self,
            "Browser",
            pool=cognito.UserPool.from_user_pool_id(self, "Pool", pool_id),
            config=config,
        )
        self.client_id = client.user_pool_client_id
        # Managed login shows a client's pages only once the client has a branding.
        cognito.CfnManagedLoginBranding(
            self,
            "Branding",
            user_pool_id=pool_id,
            client_id=self.client_id,
            use_cognito_provided_values=True,
        )
        self.scopes = " ".join((*STANDARD_SCOPES, *names))
