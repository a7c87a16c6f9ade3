"""An issuer -> the endpoints that the page needs, from its discovery document, kept for a while.

A document of another issuer, or with an endpoint that no browser should be sent to,
counts as none (OpenID Connect Discovery 1.0 section 4.3).
"""

from dataclasses import dataclass
from typing import Final

from jwt_verifier import discovery
from jwt_verifier.cached_value import CachedValue
from jwt_verifier.discovery import DiscoveryInvalid
from jwt_verifier.freshness import Clocks
from jwt_verifier.https import HTTP_OK, NoAnswer, Request, ask
from page.errors import IssuerUnavailable

FRESH_SECONDS: Final = 300.0
MAX_AGE_SECONDS: Final = 3_600.0
"""How long a document is used while the issuer gives no newer one."""

TIMEOUT_SECONDS: Final = 3.0
MAX_BYTES: Final = 65_536

NEEDED: Final = ("authorization_endpoint", "token_endpoint")
OPTIONAL: Final = ("revocation_endpoint", "end_session_endpoint", "userinfo_endpoint")

Metadata = dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the issuer: its metadata, or why there is none."""

    metadata: Metadata | None
    problem: str | None


class Discovery:
    """The issuer's metadata, asked for at most once in a while.

    Args:
        issuer: Whose; the document must say the same.
        uri: Where its document is.
        clocks: Both of them.
    """

    def __init__(self, issuer: str, uri: str, clocks: Clocks) -> None:
        self._kept = CachedValue(
            lambda: parse_metadata(_download(uri), issuer),
            (IssuerUnavailable,),
            clocks,
            fresh_seconds=FRESH_SECONDS,
            max_age_seconds=MAX_AGE_SECONDS,
        )

    def find(self) -> Found:
        """Return the metadata: minutes old, or up to an hour while the issuer is down."""
        try:
            return Found(self._kept.get(), None)
        except IssuerUnavailable as error:
            return Found(None, f"The issuer's metadata is not available: {error}.")


def _download(uri: str) -> bytes:
    try:
        answer = ask(Request(uri, max_body_bytes=MAX_BYTES), TIMEOUT_SECONDS)
    except NoAnswer as none:
        raise IssuerUnavailable(str(none)) from None
    if answer.status != HTTP_OK:
        raise IssuerUnavailable(f"answered {answer.status}")
    return answer.body


def parse_metadata(body: bytes, issuer: str) -> Metadata:
    """Return what the page needs of a document (OpenID Connect Discovery 1.0 section 3).

    Raises:
        IssuerUnavailable: it is not the issuer's, or an endpoint is missing or not a safe URL.
    """
    try:
        document = discovery.parse_metadata(body, issuer)
        named = (*NEEDED, *(name for name in OPTIONAL if document.get(name) is not None))
        endpoints = {name: discovery.endpoint(document, name) for name in named}
    except DiscoveryInvalid as invalid:
        raise IssuerUnavailable(str(invalid)) from None
    return {"issuer": issuer, **endpoints}
