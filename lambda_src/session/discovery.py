"""The issuer's discovery document -> its endpoints, asked for once an hour."""

from dataclasses import dataclass
from typing import Final

from jwt_verifier.cached_value import CachedValue
from jwt_verifier.discovery import DiscoveryInvalid, Metadata, endpoint, parse_metadata
from jwt_verifier.freshness import Clocks
from jwt_verifier.https import HTTP_OK
from session.download import Web
from session.errors import SERVICE_FAILURES, IssuerInvalid, Unavailable
from session.urls import is_endpoint, is_loopback_url

FRESH_SECONDS: Final = 3_600.0
MAX_AGE_SECONDS: Final = 86_400.0
NAMES_ITSELF: Final = "authorization_response_iss_parameter_supported"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the issuer does what; None for what it does not do."""

    authorization: str
    token: str
    jwks: str
    revocation: str | None
    end_session: str | None
    names_itself: bool
    """Whether it promises its name in each answer to a sign-in (RFC 9207 section 3)."""

    token_authentications: tuple[str, ...]
    """How clients may prove themselves at the token endpoint; empty if it is not said."""


class Discovery:
    """Knows the endpoints of one issuer.

    Args:
        issuer: Who it must be.
        uri: Where its document is.
        web: Asks for it.
        clocks: Both of them.
    """

    def __init__(self, issuer: str, uri: str, web: Web, clocks: Clocks) -> None:
        self._web = web
        self._issuer = issuer
        self._uri = uri
        self._endpoints = CachedValue(
            self._fetch,
            SERVICE_FAILURES,
            clocks,
            fresh_seconds=FRESH_SECONDS,
            max_age_seconds=MAX_AGE_SECONDS,
        )

    def endpoints(self) -> Endpoints:
        """Return the endpoints (OpenID Connect Discovery 1.0 section 3).

        Raises:
            Unavailable: No document is available.
            IssuerInvalid: It is another issuer's (section 4.3), or names an endpoint that is not
                https on the internet. On a loopback host, where http will do, are the endpoints of
                a document that stands there too: a foreign one must not have us ask ourselves.
        """
        return self._endpoints.get()

    def _fetch(self) -> Endpoints:
        answer = self._web.ask(self._uri)
        if answer.status != HTTP_OK:
            raise Unavailable(f"discovery answered {answer.status}", "discovery_failed")
        try:
            document = parse_metadata(answer.body, self._issuer)
        except DiscoveryInvalid as invalid:
            reason = "issuer_foreign" if invalid.is_foreign else None
            raise IssuerInvalid(str(invalid), reason) from None
        return Endpoints(
            authorization=self._endpoint(document, "authorization_endpoint"),
            token=self._endpoint(document, "token_endpoint"),
            jwks=self._endpoint(document, "jwks_uri"),
            revocation=self._optional_endpoint(document, "revocation_endpoint"),
            end_session=self._optional_endpoint(document, "end_session_endpoint"),
            names_itself=document.get(NAMES_ITSELF) is True,
            token_authentications=_texts(document, "token_endpoint_auth_methods_supported"),
        )

    def _endpoint(self, document: Metadata, name: str) -> str:
        try:
            url = endpoint(document, name)
        except DiscoveryInvalid as invalid:
            raise IssuerInvalid(str(invalid), "endpoint_unsafe") from None
        if not is_endpoint(url, is_local=is_loopback_url(self._uri)):
            raise IssuerInvalid(
                f"the discovery document's {name} is not on the internet", "endpoint_unsafe"
            )
        return url

    def _optional_endpoint(self, document: Metadata, name: str) -> str | None:
        return self._endpoint(document, name) if name in document else None


def _texts(document: Metadata, name: str) -> tuple[str, ...]:
    value = document.get(name)
    return tuple(map(str, value)) if isinstance(value, list) else ()
