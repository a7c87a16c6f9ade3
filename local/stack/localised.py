"""LocalApp and this machine's addresses -> the same app, with them in place of the deployed ones.

An issuer stays what it is called; only what somebody is to call is changed: where its documents
are, and where the API, AWS's services and the hosts are that this machine plays.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from local.json_value import JsonObject
from local.template.local_app import (
    ApiConfig,
    FunctionConfig,
    HttpIntegrationConfig,
    JwtAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.template.pool_config import PoolConfig

WELL_KNOWN = "/.well-known/"
"""What an issuer's documents begin with (RFC 8615)."""

_ENDPOINT = "AWS_ENDPOINT_URL"
"""What tells AWS's SDK where all services are ("Service-specific endpoints", AWS SDKs and Tools
reference guide)."""
_OTHER_ENDPOINTS = (
    "AWS_ENDPOINT_URL_",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)
"""What begins a variable that would lead a call elsewhere."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where on this machine is what has another address once it is deployed.

    Attributes:
        api: The API.
        cognito: The user pool.
        issuer: The API of the app's own issuer; None without one.
        services: All of AWS that functions call.
        played: Hosts that exist nowhere, by their origin in the template.
    """

    api: str
    cognito: str
    issuer: str | None = None
    services: str = ""
    played: Mapping[str, str] = field(default_factory=dict)

    @property
    def service_endpoints(self) -> dict[str, str]:
        """The variable that tells a function's SDK where AWS's services are."""
        return {_ENDPOINT: self.services}

    def of_issuers(self, app: LocalApp) -> dict[str, str]:
        """Return where each issuer's documents are, for both forms of a pool's issuer."""
        pools = {
            f"https://{host}.{pool.region}.amazonaws.com/{pool.id}": f"{self.cognito}/{pool.id}"
            for pool in app.pools
            for host in ("cognito-idp", "issuer-cognito-idp")
        }
        own: dict[str, str] = {}
        if app.issuer and self.issuer:
            own = dict.fromkeys(app.issuer.origins, self.issuer)
        return {**pools, **own, **self.played}


def localised(app: LocalApp, addresses: Addresses) -> LocalApp:
    """Return the app as it is to be served here."""
    texts = dict.fromkeys(app.api.origins, addresses.api) | {
        f"{issuer}{WELL_KNOWN}": f"{url}{WELL_KNOWN}"
        for issuer, url in addresses.of_issuers(app).items()
    }
    return replace(
        app,
        api=_api(app, addresses),
        functions=tuple(_function(each, addresses, texts) for each in app.functions),
        pools=tuple(_pool(each, addresses, texts) for each in app.pools),
    )


def with_local_endpoints(metadata: JsonObject, issuer: str, url: str) -> JsonObject:
    """Return the same discovery document; what it says is the issuer's is on this machine.

    Its `issuer` stays, which tokens carry and clients compare (OpenID Connect Discovery 1.0 section
    4.3): only what somebody is to call is changed.

    Args:
        metadata: The deployed document.
        issuer: Its issuer.
        url: Where the issuer is on this machine.
    """
    return {
        name: f"{url}{value.removeprefix(issuer)}"
        if isinstance(value, str) and value.startswith(f"{issuer}/")
        else value
        for name, value in metadata.items()
    }


def _in_text(text: str, texts: Mapping[str, str]) -> str:
    for deployed, local in texts.items():
        # Where a host's name goes on, it is another host's.
        end = "" if deployed.endswith("/") else r"(?![\w.:-])"
        text = re.sub(re.escape(deployed) + end, local, text)
    return text


def _function(
    function: FunctionConfig, addresses: Addresses, texts: Mapping[str, str]
) -> FunctionConfig:
    """Return the function, none of whose calls of AWS's services leaves this machine."""
    environment = {
        name: _in_text(text, texts)
        for name, text in function.environment.items()
        if not name.startswith(_OTHER_ENDPOINTS)
    }
    return replace(function, environment=environment | addresses.service_endpoints)


def _pool(pool: PoolConfig, addresses: Addresses, texts: Mapping[str, str]) -> PoolConfig:
    """Return the pool; clients of the API's own page are sent back to where the API is here."""
    return replace(
        pool,
        clients=tuple(
            replace(
                client,
                callback_urls=tuple(_in_text(url, texts) for url in client.callback_urls),
                logout_urls=tuple(_in_text(url, texts) for url in client.logout_urls),
            )
            for client in pool.clients
        ),
        identity_providers=tuple(
            replace(provider, issuer_url=addresses.played.get(provider.issuer))
            for provider in pool.identity_providers
        ),
    )


def _api(app: LocalApp, addresses: Addresses) -> ApiConfig:
    issuers = addresses.of_issuers(app)
    routes = tuple(_route(route, issuers, addresses.played) for route in app.api.routes)
    return replace(app.api, routes=routes)


def _route(
    route: RouteConfig, issuers: Mapping[str, str], played: Mapping[str, str]
) -> RouteConfig:
    authorizer, integration = route.authorizer, route.integration
    if isinstance(authorizer, JwtAuthorizerConfig):
        authorizer = replace(authorizer, issuer_url=issuers.get(authorizer.issuer))
    if isinstance(integration, HttpIntegrationConfig):
        origin = origin_of(integration.uri)
        if origin in played:
            uri = played[origin] + integration.uri.removeprefix(origin)
            integration = replace(integration, uri=uri)
    return replace(route, authorizer=authorizer, integration=integration)


def origin_of(url: str) -> str:
    """Return scheme and host of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
