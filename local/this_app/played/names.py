"""LocalApp -> the hosts in it that cannot exist, so that this machine may play them.

Only names under `.example`, which RFC 2606 section 2 keeps out of the DNS for good; an
address that could be somebody's is never played.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from local.errors import StartFailed
from local.json_value import JsonValue
from local.stack.localised import origin_of
from local.template.local_app import HttpIntegrationConfig, JwtAuthorizerConfig, LocalApp
from local.this_app.authorizer_settings import listed_issuers

_RESERVED = ".example"


@dataclass(frozen=True, slots=True)
class PlayedIssuer:
    """An issuer to play.

    Attributes:
        url: Its `iss`, an https origin.
        audience: The `aud` of its access tokens; "" if no route of the API trusts it directly.
        scopes: What the API's routes ask of its tokens.
    """

    url: str
    audience: str = ""
    scopes: tuple[str, ...] = ()


def played_issuers(app: LocalApp) -> tuple[PlayedIssuer, ...]:
    """Return the issuers and identity providers that a local server must stand in for.

    Raises:
        StartFailed: One of them has a path, under which no stand-in can be.
    """
    found: dict[str, PlayedIssuer] = {}
    for pool in app.pools:
        for provider in pool.identity_providers:
            found[provider.issuer] = PlayedIssuer(provider.issuer)
    for function in app.functions:
        for item in listed_issuers(function):
            url, audiences = str(item["issuer"]), _texts(item.get("audiences"))
            found[url] = PlayedIssuer(url, audiences[0] if audiences else "")
    for route in app.api.routes:
        match route.authorizer:
            case JwtAuthorizerConfig() as trusting:
                known = found.get(trusting.issuer, PlayedIssuer(trusting.issuer))
                scopes = tuple(dict.fromkeys((*known.scopes, *route.scopes)))
                found[known.url] = PlayedIssuer(known.url, trusting.audiences[0], scopes)
    played = tuple(issuer for issuer in found.values() if _is_reserved(issuer.url))
    for issuer in played:
        if issuer.url != f"https://{urlsplit(issuer.url).netloc}":
            raise StartFailed(
                f"issuer {issuer.url} is played on this machine and must be an https origin: "
                "no path, no final slash"
            )
    return played


def played_origins(app: LocalApp) -> tuple[str, ...]:
    """Return the origins of all hosts that are to be played.

    Raises:
        StartFailed: As `played_issuers`.
    """
    return (*(issuer.url for issuer in played_issuers(app)), *played_servers(app))


def played_servers(app: LocalApp) -> tuple[str, ...]:
    """Return the origins of HTTP backends that a local server must stand in for."""
    origins = {
        origin_of(route.integration.uri): None
        for route in app.api.routes
        if isinstance(route.integration, HttpIntegrationConfig)
    }
    return tuple(origin for origin in origins if _is_reserved(origin))


def _texts(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _is_reserved(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(_RESERVED)
