"""IdentityProviderConfig -> where its endpoints are, by the provider's discovery document.

The document is the configured issuer's or it counts for nothing, and every endpoint in
it is on this machine.
"""

from dataclasses import dataclass

from local.cognito.federation.errors import provider_failed
from local.json_value import JsonObject
from local.loopback.fetch import OK, FetchFailed, is_on_loopback, json_object, send
from local.template.pool_config import IdentityProviderConfig

CALL_SECONDS = 3.0
"""How long a provider may take for one answer."""


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """What is needed of OpenID Connect Discovery 1.0 section 3; `userinfo_endpoint` may be None."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None


def discover(provider: IdentityProviderConfig) -> ProviderMetadata:
    """Ask a provider where its endpoints are.

    Raises:
        FederationFailed: It is unreachable, another issuer, or not all on this machine.
    """
    address = (provider.issuer_url or provider.issuer).rstrip("/")
    document = get_object(provider, f"{address}/.well-known/openid-configuration", "discovery")
    if document.get("issuer") != provider.issuer:
        raise provider_failed(provider.name, "the discovery document is another issuer's")
    endpoints = _Endpoints(provider, address, document)
    return ProviderMetadata(
        authorization_endpoint=endpoints.required("authorization_endpoint"),
        token_endpoint=endpoints.required("token_endpoint"),
        jwks_uri=endpoints.required("jwks_uri"),
        userinfo_endpoint=endpoints.required("userinfo_endpoint")
        if "userinfo_endpoint" in document
        else None,
    )


def get_object(provider: IdentityProviderConfig, url: str, what: str) -> JsonObject:
    """Return a JSON document of a provider.

    Raises:
        FederationFailed: There is none.
    """
    try:
        status, body = send("GET", url, seconds=CALL_SECONDS)
        if status != OK:
            raise provider_failed(provider.name, f"{what} answers {status}")
        return json_object(body)
    except FetchFailed as error:
        raise provider_failed(provider.name, f"{what} failed: {error}") from error


class _Endpoints:
    """Reads the URLs of a discovery document."""

    def __init__(
        self, provider: IdentityProviderConfig, address: str, document: JsonObject
    ) -> None:
        self._provider = provider
        self._address = address
        self._document = document

    def required(self, name: str) -> str:
        url = self._document.get(name)
        if not isinstance(url, str):
            raise provider_failed(self._provider.name, f"the discovery document has no {name}")
        issuer = self._provider.issuer.rstrip("/")
        if url.startswith(f"{issuer}/"):
            # The document is the deployed one: what it says is the issuer's is where that is.
            url = self._address + url.removeprefix(issuer)
        if not is_on_loopback(url):
            raise provider_failed(self._provider.name, f"{name} is not on this machine")
        return url
