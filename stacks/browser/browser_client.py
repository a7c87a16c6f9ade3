"""The API's address -> the pool's app clients for the page that the API serves.

They stand in the API's stack and not beside the other clients: where the page is depends on the
API, which depends on the pool.
"""

from collections.abc import Iterable

from aws_cdk import aws_cognito as cognito
from constructs import Construct

from aws_jwt_authorizer.access.pool_names import STANDARD_SCOPES
from stacks.identity.code_client import CodeClient, written_attributes
from stacks.stage.config import StageConfig

PAGE = "/app"
BACKEND_CALLBACK = "/session/callback"
PAGE_CALLBACK = f"{PAGE}/callback"


class BrowserClients(Construct):
    """The backend's confidential client and, if the stage wants it, the page's own public one.

    A public client whose codes come back to this origin lets any script in the page get tokens, so
    there is none unless the page is to keep tokens itself.

    Attributes:
        backend_id: The confidential client's id.
        page_id: The public one's; None without `browser_storage_mode`.
        ids: Of all of them: an access token's `client_id`, an ID token's `aud`.
        scopes: What each may ask for, separated by spaces.
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
        """Make the clients.

        Args:
            scope: The API's stack.
            construct_id: Their name there.
            config: The stage, with its identity providers.
            pool_id: Of the user pool, which may be in another stack.
            api_url: The API's origin, without closing slash.
            scopes: Of the pool's resource servers, "<server>/<scope>".
        """
        super().__init__(scope, construct_id)
        self._config = config
        self._pool_id = pool_id
        self._api_url = api_url
        self._names = tuple(scopes)
        self._pool = cognito.UserPool.from_user_pool_id(self, "Pool", pool_id)
        self.backend_id = self._client("Backend", BACKEND_CALLBACK, has_secret=True)
        self.page_id = (
            self._client("Page", PAGE_CALLBACK, has_secret=False)
            if config.browser_storage_mode
            else None
        )
        self.ids = tuple(item for item in (self.backend_id, self.page_id) if item is not None)
        self.scopes = " ".join((*STANDARD_SCOPES, *self._names))

    def _client(self, name: str, callback: str, *, has_secret: bool) -> str:
        providers = self._config.identity_providers
        client = CodeClient(
            callback_urls=(f"{self._api_url}{callback}",),
            logout_urls=(f"{self._api_url}{PAGE}",),
            resource_scopes=tuple(cognito.OAuthScope.custom(item) for item in self._names),
            providers=tuple(provider.name for provider in providers),
            written=written_attributes(providers),
            has_secret=has_secret,
        ).create(self, name, pool=self._pool, config=self._config)
        # Managed login shows a client's pages only once the client has a branding.
        cognito.CfnManagedLoginBranding(
            self,
            f"{name}Branding",
            user_pool_id=self._pool_id,
            client_id=client.user_pool_client_id,
            use_cognito_provided_values=True,
        )
        return client.user_pool_client_id
