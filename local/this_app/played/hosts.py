"""LocalApp -> who answers for the hosts in it that exist nowhere: providers, and one server."""

from typing import TYPE_CHECKING, Final

from local.cognito.oauth.federated_sign_in import RESPONSE_PATH
from local.stack.localised import Addresses
from local.template.local_app import LocalApp
from local.this_app.played.http_host import tell_caller
from local.this_app.played.names import played_issuers, played_servers
from local.this_app.played.oidc_provider import OidcProvider, ProviderClient

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PEOPLE: Final[dict[str, dict[str, object]]] = {
    "pat": {"email": "pat@partner.example", "email_verified": True, "name": "Pat Partner"}
}
"""Whom a provider's page offers; any other name signs in too."""


class PlayedHosts:
    """Knows the providers that it plays: who is played already keeps keys and people."""

    def __init__(self) -> None:
        self._providers: dict[str, OidcProvider] = {}

    @property
    def partner(self) -> OidcProvider | None:
        """The first provider whose own tokens the API accepts."""
        return next((item for item in self._providers.values() if item.issuer.audience), None)

    @property
    def providers(self) -> tuple[OidcProvider, ...]:
        """All that are played."""
        return tuple(self._providers.values())

    def play(self, app: LocalApp, addresses: Addresses) -> dict[str, "WSGIApplication"]:
        """Return who answers for each origin that an app needs.

        Raises:
            StartFailed: An issuer cannot be played.
        """
        for issuer in played_issuers(app):
            if issuer.url in self._providers:
                self._providers[issuer.url].trust(issuer)
            else:
                url = addresses.played[issuer.url]
                self._providers[issuer.url] = OidcProvider(issuer, url, PEOPLE)
        redirect_uri = f"{addresses.cognito}{RESPONSE_PATH}"
        for pool in app.pools:
            for item in pool.identity_providers:
                if item.issuer in self._providers:
                    client = ProviderClient(item.client_id, item.client_secret, redirect_uri)
                    self._providers[item.issuer].register(client)
        return {**dict.fromkeys(played_servers(app), tell_caller), **self._providers}
