"""An issuer -> the endpoints that the page needs, from its discovery document, kept for a while.

The rule: a document of another issuer, or with an endpoint that no browser should be sent to,
counts as none (OpenID Connect Discovery 1.0 section 4.3).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from page.addresses import is_safe_url
from page.download import download
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
    """What is known of the issuer: its metadata, or why there is none, in words."""

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
        """The metadata as of the last few minutes, or of the last hour while the issuer is out."""
        with self._lock:
            now = self._clock()
            if not self._is_younger_than(FRESH_SECONDS, now):
                self._ask(now)
            if self._is_younger_than(MAX_AGE_SECONDS, now):
                return Found(self._metadata, None)
            return Found(None, f"The issuer's discovery document cannot be had: {self._problem}.")

    def _is_younger_than(self, seconds: float, now: float) -> bool:
        # A clock that was set back makes no document young.
        return self._metadata is not None and 0 <= now - self._fetched_at < seconds

    def _ask(self, now: float) -> None:
        if self._failed_at is not None and 0 <= now - self._failed_at < RETRY_SECONDS:
            return
        try:
            body = download(self._uri, timeout_seconds=TIMEOUT_SECONDS, max_bytes=MAX_BYTES)
            self._metadata = parse_metadata(body, self._issuer)
        except IssuerUnavailable as error:
            self._problem, self._failed_at = str(error), now
        else:
            self._fetched_at, self._failed_at = now, None


def parse_metadata(body: bytes, issuer: str) -> Metadata:
    """What the page needs of a document (OpenID Connect Discovery 1.0 section 3).

    Raises:
        IssuerUnavailable: It is no JSON object, another issuer's, or an endpoint is missing or no
            URL that a browser may be sent to.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise IssuerUnavailable("it is no JSON") from None
    if not isinstance(document, dict):
        raise IssuerUnavailable("it is no JSON object")
    if document.get("issuer") != issuer:
        raise IssuerUnavailable("it is another issuer's")
    metadata = {"issuer": issuer}
    for name in (*NEEDED, *OPTIONAL):
        url = document.get(name)
        if url is None and name in OPTIONAL:
            continue
        if not isinstance(url, str) or not is_safe_url(url):
            raise IssuerUnavailable(f"its {name} is no https URL")
        metadata[name] = url
    return metadata
