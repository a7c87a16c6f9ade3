"""An issuer -> the endpoints that the page needs, from its discovery document, kept for a while.

A document of another issuer, or with an endpoint that no browser should be sent to,
counts as none (OpenID Connect Discovery 1.0 section 4.3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from jwt_verifier import discovery
from jwt_verifier.discovery import DiscoveryInvalid
from jwt_verifier.https import HTTP_OK, NoAnswer, Request, ask
from page.errors import IssuerUnavailable

FRESH_SECONDS: Final = 300.0
MAX_AGE_SECONDS: Final = 3_600.0
"""How long a document is used while the issuer gives no newer one."""

RETRY_SECONDS: Final = 5.0
"""How long the issuer is left alone after it failed, so that an outage delays few visitors."""

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
        clock: Seconds since the epoch: an environment may sleep, and only this clock does not.
    """

    def __init__(self, issuer: str, uri: str, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._uri = uri
        self._clock = clock
        self._lock = Lock()
        self._metadata: Metadata | None = None
        self._fetched_at = 0.0
        self._problem = ""
        self._failed_at: float | None = None

    def find(self) -> Found:
        """Return the metadata of the last few minutes, or of the last hour in an outage."""
        with self._lock:
            now = self._clock()
            if not self._is_younger_than(FRESH_SECONDS, now):
                self._ask(now)
            if self._is_younger_than(MAX_AGE_SECONDS, now):
                return Found(self._metadata, None)
            return Found(None, f"The issuer's metadata is not available: {self._problem}.")

    def _is_younger_than(self, seconds: float, now: float) -> bool:
        # A clock that was set back makes no document young.
        return self._metadata is not None and 0 <= now - self._fetched_at < seconds

    def _ask(self, now: float) -> None:
        if self._failed_at is not None and 0 <= now - self._failed_at < RETRY_SECONDS:
            return
        try:
            self._metadata = parse_metadata(_download(self._uri), self._issuer)
        except IssuerUnavailable as error:
            self._problem, self._failed_at = str(error), now
        else:
            self._fetched_at, self._failed_at = now, None


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
