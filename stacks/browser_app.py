"""StageConfig, the access table and the API's address -> the web page and the backend for it.

There is nothing of it where no route of the table is answered by one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.browser_client import BrowserClient
from stacks.config import StageConfig
from stacks.config_fields import ConfigInvalid
from stacks.function_sources import PAGE, SESSION
from stacks.page_function import page_spec
from stacks.pool_tokens import PoolTokens
from stacks.python_function import FunctionSpec
from stacks.rules import AccessTable
from stacks.session_backend import SessionBackend


@dataclass(frozen=True, slots=True)
class _SignIn:
    """Who signs people in to the page, and as which client."""

    issuer: str
    issuer_name: str
    client_id: str
    scopes: str


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
            self.specs[SESSION] = session.spec(
                issuer=sign_in.issuer,
                client_id=sign_in.client_id,
                scopes=sign_in.scopes,
                public_url=origin,
            )
        if PAGE in wanted:
            self.specs[PAGE] = page_spec(
                access,
                issuer_name=sign_in.issuer_name,
                issuer=sign_in.issuer,
                client_id=sign_in.client_id,
                scopes=sign_in.scopes,
                public_url=origin,
            )

    def grant(self, functions: Mapping[str, lambda_.Function]) -> None:
        """Let the functions read what they need."""
        if self._session:
            self._session.grant(functions[SESSION])

    def _sign_in(self, config: StageConfig, access: AccessTable, origin: str) -> _SignIn:
        if config.page_issuer:
            return _other_issuer(config, access)
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
        return _SignIn(self.pool.issuer, own, client.client_id, client.scopes)


def _other_issuer(config: StageConfig, access: AccessTable) -> _SignIn:
    wanted = config.page_issuer
    known = {issuer.name: issuer.url for issuer in access.issuers if issuer.url}
    if wanted is None or wanted.name not in known:
        raise ConfigInvalid(
            f"context.stages.{config.stage}.page_issuer.name: it must be one of the stage's "
            f"issuers that have a URL: {', '.join(sorted(known)) or '(none)'}"
        )
    return _SignIn(known[wanted.name], wanted.name, wanted.client_id, " ".join(wanted.scopes))
