"""LocalApp -> its stand-ins, running, and where on this machine each played address is.

An app that follows another adds what it needs; what it needs no more does no harm.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from local.errors import StartFailed
from local.stack.stand_ins.http_host import HttpHost
from local.stack.stand_ins.names import played_issuers, played_servers
from local.stack.stand_ins.oidc_provider import OidcProvider, ProviderClient
from local.template.local_app import ApiConfig, HttpIntegrationConfig, LocalApp
from local.template.pool_config import PoolConfig

PEOPLE: Final[dict[str, dict[str, object]]] = {
    "pat": {"email": "pat@partner.example", "email_verified": True, "name": "Pat Partner"}
}
"""Whom a provider's page offers; any other name signs in too."""


class StandIns:
    """Served from the moment they are made; `stop` must be called in the end.

    Attributes:
        addresses: Where each played issuer and server is, by its address in the template; what an
            app adds later stands in the same mapping.

    Args:
        app: Whose hosts to play.

    Raises:
        StartFailed: An issuer cannot be played.
    """

    def __init__(self, app: LocalApp) -> None:
        self._providers: dict[str, OidcProvider] = {}
        self._hosts: dict[str, HttpHost] = {}
        self._addresses: dict[str, str] = {}
        self.addresses: Mapping[str, str] = MappingProxyType(self._addresses)
        try:
            self.follow(app)
        except StartFailed:
            self.stop()
            raise

    def follow(self, app: LocalApp) -> None:
        """Play what an app needs; who is played already keeps keys and people.

        Raises:
            StartFailed: An issuer cannot be played; all others are as they were.
        """
        for issuer in played_issuers(app):
            if issuer.url in self._providers:
                self._providers[issuer.url].trust(issuer)
            else:
                self._providers[issuer.url] = OidcProvider(issuer, PEOPLE)
                self._addresses[issuer.url] = self._providers[issuer.url].url
        for origin in played_servers(app):
            if origin not in self._hosts:
                self._hosts[origin] = HttpHost()
                self._addresses[origin] = self._hosts[origin].url

    @property
    def partner(self) -> OidcProvider | None:
        """The first provider whose own tokens the API accepts."""
        return next((item for item in self._providers.values() if item.issuer.audience), None)

    def know(self, pool: PoolConfig, cognito_url: str) -> None:
        """Let a pool sign people in by the providers that it federates with."""
        redirect_uri = f"{cognito_url}/oauth2/idpresponse"
        for item in pool.identity_providers:
            if item.issuer in self._providers:
                client = ProviderClient(item.client_id, item.client_secret, redirect_uri)
                self._providers[item.issuer].know(client)

    def stop(self) -> None:
        """Stop all of them."""
        for provider in self._providers.values():
            provider.stop()
        for host in self._hosts.values():
            host.stop()


def with_local_servers(api: ApiConfig, addresses: Mapping[str, str]) -> ApiConfig:
    """The same API, its HTTP integrations sent to the stand-ins of their servers."""
    return replace(
        api,
        routes=tuple(
            replace(route, integration=_placed(route.integration, addresses))
            if isinstance(route.integration, HttpIntegrationConfig)
            else route
            for route in api.routes
        ),
    )


def _placed(
    integration: HttpIntegrationConfig, addresses: Mapping[str, str]
) -> HttpIntegrationConfig:
    for origin, url in addresses.items():
        if integration.uri == origin or integration.uri.startswith(f"{origin}/"):
            return replace(integration, uri=url + integration.uri.removeprefix(origin))
    return integration
