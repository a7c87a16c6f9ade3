"""StageConfig, the access table and the API's address -> the web page and the backend for it.

There is nothing of it where no route of the table is answered by one of them.
"""

from collections.abc import Mapping
from dataclasses import replace

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.browser_client import BrowserClient
from stacks.browser_sign_in import BrowserSignIn
from stacks.config import StageConfig
from stacks.config_fields import ConfigInvalid
from stacks.function_sources import PAGE, SESSION
from stacks.page_function import page_spec
from stacks.page_issuer import PageIssuer
from stacks.pool_tokens import PoolTokens
from stacks.python_function import FunctionSpec
from stacks.rules import AccessTable
from stacks.session_backend import SessionBackend


class BrowserApp(Construct):
    """What stands behind `/app` and `/session`.

    Attributes:
        pool: What the user pool's tokens carry, those of the page's own client among them.
        specs: The functions, by backend name.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        access: AccessTable,
        pool: PoolTokens,
        origin: str,
    ) -> None:
        super().__init__(scope, construct_id)
        backends = {route.backend for route in access.routes if isinstance(route.backend, str)}
        wanted = backends & {PAGE, SESSION}
        self.pool = pool
        self.specs: dict[str, FunctionSpec] = {}
        self._session: SessionBackend | None = None
        if not wanted:
            return
        sign_in = self._sign_in(config, access, origin)
        session = SessionBackend(self, "Session", config=config) if SESSION in wanted else None
        if session:
            self._session = session
            self.specs[SESSION] = session.spec(sign_in)
        if PAGE in wanted:
            self.specs[PAGE] = page_spec(access, sign_in)

    def grant(self, functions: Mapping[str, lambda_.Function]) -> None:
        """Let the functions read what they need."""
        if self._session:
            self._session.grant(functions[SESSION])

    def _sign_in(self, config: StageConfig, access: AccessTable, origin: str) -> BrowserSignIn:
        if config.page_issuer:
            return _other_issuer(config.page_issuer, config.stage, access, origin)
        client = BrowserClient(
            self,
            "Client",
            config=config,
            pool_id=self.pool.pool_id,
            api_url=origin,
            scopes=access.scopes,
        )
        self.pool = replace(self.pool, client_ids=(*self.pool.client_ids, client.client_id))
        own = next(issuer.name for issuer in access.issuers if issuer.is_pool)
        return BrowserSignIn(own, self.pool.issuer, client.client_id, client.scopes, origin)


def _other_issuer(
    wanted: PageIssuer, stage: str, access: AccessTable, origin: str
) -> BrowserSignIn:
    known = {issuer.name: issuer.url for issuer in access.issuers if issuer.url}
    if wanted.name not in known:
        raise ConfigInvalid(
            f"context.stages.{stage}.page_issuer.name: it must be one of the stage's "
            f"issuers that have a URL: {', '.join(sorted(known)) or '(none)'}"
        )
    scopes = " ".join(wanted.scopes)
    return BrowserSignIn(wanted.name, known[wanted.name], wanted.client_id, scopes, origin)
