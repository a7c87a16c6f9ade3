"""Start here: one token request, from the gateway's event to its answer.

event -> request -> may its network ask again? -> client -> may it ask again? -> scopes -> claims
-> signature -> answer. Cheap checks stand before dear ones, and KMS signs last: there is either a
whole token or none.
"""

import secrets
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from token_issuer import response, token_request
from token_issuer.access_token import Grant
from token_issuer.audit import Audit
from token_issuer.clients import Clients
from token_issuer.errors import OAuthError, TargetInvalid
from token_issuer.rate_limit import RateLimit
from token_issuer.response import Response
from token_issuer.settings import Settings
from token_issuer.signing import Signing

IPV6_NETWORK_BITS = 64
"""What one subscriber has at least (RFC 6177): single addresses would be no limit."""

UNKNOWN_NETWORK = "unknown"
TOKEN_ID_BYTES = 16


class TokenEndpoint:
    """Answers `POST /oauth2/token`."""

    def __init__(  # keyword-only: what it is made of
        self,
        *,
        settings: Settings,
        sources: RateLimit,
        clients: Clients,
        client_rates: RateLimit,
        signing: Signing,
        audit: Audit,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._sources = sources
        self._clients = clients
        self._client_rates = client_rates
        self._signing = signing
        self._audit = audit
        self._clock = clock

    def __call__(self, event: Mapping[str, Any]) -> Response:
        """Answer an HTTP API event of payload format 2.0 with a token or RFC 6749's error."""
        with self._audit.of(event) as record:
            try:
                request = token_request.parse(event)
                now = self._clock()
                self._sources.take(_network(event), now)
                client = self._clients.authenticate(request.credentials)
                record.authenticated(client.client_id)
                self._client_rates.take(client.client_id, now, client.rate)
                self._check_resources(request.resources)
                scopes = client.granted(request.scopes)
                grant = self._grant(client.client_id, scopes, int(now))
                token, kid = self._signing.token(grant.claims(), now, record.passed_over)
            except OAuthError as error:
                record.refused(error)
                return response.refusal(error)
            record.issued(grant, kid)
            return response.token(token, " ".join(scopes), grant.lifetime_seconds)

    def _check_resources(self, resources: tuple[str, ...]) -> None:
        if any(resource != self._settings.audience for resource in resources):
            raise TargetInvalid("tokens of this issuer are for another resource")

    def _grant(self, client_id: str, scopes: tuple[str, ...], issued_at: int) -> Grant:
        return Grant(
            issuer=self._settings.issuer_url,
            audience=self._settings.audience,
            client_id=client_id,
            scopes=scopes,
            issued_at=issued_at,
            lifetime_seconds=self._settings.token_seconds,
            token_id=secrets.token_urlsafe(TOKEN_ID_BYTES),
        )


def _network(event: Mapping[str, Any]) -> str:
    """Return the caller's IPv4 address, or the network of the IPv6 address.

    Callers whose address cannot be read share one bucket.
    """
    text = str(event["requestContext"]["http"]["sourceIp"])
    try:
        address = ip_address(text)
    except ValueError:
        return UNKNOWN_NETWORK
    if not isinstance(address, IPv6Address):
        return str(address)
    # Every IPv4 address, written in IPv6, is in one and the same /64.
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, IPV6_NETWORK_BITS), strict=False))
