"""StageConfig, the access table and the API's address -> the web page and the backend for it.

There is nothing of it where no route of the table is answered by one of them.
"""

from collections.abc import Mapping
from dataclasses import replace

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.function_sources import PAGE, SESSION
from stacks.browser.browser_client import BrowserClients
from stacks.browser.browser_secrets import BrowserSecrets, PoolClient
from stacks.browser.browser_sign_in import BackendClient, BrowserSignIn
from stacks.browser.page_function import page_spec
from stacks.browser.session_backend import SessionBackend
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.identity.pool_tokens import PoolTokens
from stacks.revocation.revocation_table import RevocationTable
from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.fields import OWN_ISSUER
from stacks.stage.parts.page_issuer import PUBLIC_CLIENT, PageIssuer


class BrowserApp(Construct):
    """What stands behind `/app` and `/session`.

    Attributes:
        pool: What the user pool's tokens carry, those of the page's own clients among them.
        specs: The functions, by backend name.
        secret_rotation: What rotates their secrets; None where there are none.
        client_ids: Of the page's own app clients, by the name of the output that tells each.
    """

    def __init__(  # keyword-only: what it is made of
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        access: AccessTable,
        target: Target,
        pool: PoolTokens,
        origin: str,
        revocations: RevocationTable,
    ) -> None:
        super().__init__(scope, construct_id)
        backends = {route.backend for route in access.routes if isinstance(route.backend, str)}
        wanted = backends & {PAGE, SESSION}
        self.pool = pool
        self.specs: dict[str, FunctionSpec] = {}
        self.secret_rotation: PythonFunction | None = None
        self.client_ids: dict[str, str] = {}
        self._config = config
        self._target = target
        if not wanted:
            return
        sign_in, secrets = (
            self._by_other_issuer(config.page_issuer, access, origin)
            if config.page_issuer
            else self._by_pool(access, origin)
        )
        self.secret_rotation = secrets.rotation
        self._readable = (secrets.cookie.secret_arn, sign_in.backend.secret_id)
        if SESSION in wanted:
            self._session = SessionBackend(config, access, revocations.table)
            self.specs[SESSION] = self._session.spec(sign_in, secrets.cookie.secret_arn)
        if PAGE in wanted:
            self.specs[PAGE] = page_spec(access, sign_in)

    def grant(self, functions: Mapping[str, lambda_.Function]) -> None:
        """Let the functions read what they need."""
        if SESSION in self.specs:
            self._session.grant(functions[SESSION], self._readable)

    def _by_pool(self, access: AccessTable, origin: str) -> tuple[BrowserSignIn, BrowserSecrets]:
        if not self.pool.pool_id:
            raise ConfigInvalid(
                f"context.stages.{self._config.stage}.page_issuer is {{}}: stacks/access.py has no "
                "user pool that signs people in to the page, so name the issuer that does, or "
                "remove the routes of the backends page and session"
            )
        clients = BrowserClients(
            self,
            "Clients",
            config=self._config,
            pool_id=self.pool.pool_id,
            api_url=origin,
            scopes=access.scopes,
        )
        self.client_ids["PageBackendClientId"] = clients.backend_id
        if clients.page_id is not None:
            self.client_ids["PageClientId"] = clients.page_id
        client = PoolClient(self.pool.pool_id, clients.backend_id)
        secrets = self._secrets(client)
        self.pool = replace(self.pool, client_ids=(*self.pool.client_ids, *clients.ids))
        own = next(issuer.name for issuer in access.issuers if issuer.is_pool)
        sign_in = BrowserSignIn(
            issuer_name=own,
            issuer=self.pool.issuer,
            backend=secrets.backend_client(client),
            page_client_id=clients.page_id,
            scopes=clients.scopes,
            public_url=origin,
        )
        return sign_in, secrets

    def _by_other_issuer(
        self, wanted: PageIssuer, access: AccessTable, origin: str
    ) -> tuple[BrowserSignIn, BrowserSecrets]:
        path = f"context.stages.{self._config.stage}.page_issuer"
        known = {issuer.name: issuer.url for issuer in access.issuers if issuer.url}
        if wanted.name not in known:
            raise ConfigInvalid(
                f"{path}.name: it must be one of the stage's issuers that have a URL: "
                f"{', '.join(sorted(known)) or '(none)'}"
            )
        issuer = next(item for item in access.issuers if item.name == wanted.name)
        if wanted.name == OWN_ISSUER or issuer.jwks_uri or issuer.jwks_file:
            raise ConfigInvalid(
                f"{path}.name: {wanted.name!r} names no authorization endpoint, for it has no "
                "discovery document that does: sign people in by another issuer or the user pool"
            )
        if (wanted.public_client_id is not None) != self._config.browser_storage_mode:
            raise ConfigInvalid(
                f"{path}.{PUBLIC_CLIENT} must be there if browser_storage_mode is true, "
                "and only then"
            )
        backend = BackendClient(
            wanted.client_id,
            wanted.authentication,
            wanted.credential.secret,
            wanted.credential.json_key,
        )
        sign_in = BrowserSignIn(
            issuer_name=wanted.name,
            issuer=known[wanted.name],
            backend=backend,
            page_client_id=wanted.public_client_id,
            scopes=" ".join(wanted.scopes),
            public_url=origin,
        )
        return sign_in, self._secrets(None)

    def _secrets(self, client: PoolClient | None) -> BrowserSecrets:
        return BrowserSecrets(
            self, "Secrets", config=self._config, target=self._target, client=client
        )
