"""Issuer -> its public keys, over HTTPS. The only user of the network.

Nothing that a token says can change where this looks. A request has one deadline for everything,
DNS, TLS and a second try included, because a socket's time-out bounds a single read and a dripping
server makes many.
"""

import http.client
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR, gaierror
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from jwt_verifier import strict_json
from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.jwks import JwksInvalid, PublicKeys, parse_jwks
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.user_agent import USER_AGENT

MAX_BODY_BYTES: Final = 150_000
"""API Gateway's own limit for a JWKS (HTTP API quotas)."""

_HTTP_OK: Final = 200
_CLIENT_ERRORS: Final = range(400, 500)
_PASSING: Final = (408, 425, 429)
"""Client errors that may pass by waiting (RFC 9110 section 15.5.9, RFC 8470, RFC 6585)."""
_HEADERS: Final = {"accept": "application/json", "user-agent": USER_AGENT}

_DROPPED: Final = (
    ConnectionError,
    gaierror,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    http.client.IncompleteRead,
)
"""What a second try may well mend: a connection that broke off, or a name not resolved just now."""


class KeySource(Protocol):
    """Where an issuer's keys come from."""

    def fetch(self, *, rediscover: bool) -> PublicKeys:
        """Return the issuer's keys as of now, perhaps none. Raises KeysUnavailable.

        Args:
            rediscover: whether to look up anew where the keys are, if that is looked up at all.
        """
        ...


@dataclass(slots=True)
class HttpsKeySource:
    """Fetches a JWKS, through OIDC discovery if `jwks_uri` is None. For one thread at a time.

    `algorithms` is the issuer's list. `timeout_seconds` bounds each of the at most two requests of
    a fetch, discovery and JWKS.
    """

    issuer: str
    jwks_uri: str | None
    algorithms: frozenset[str]
    timeout_seconds: float
    _discovered: str | None = field(default=None, init=False)

    def fetch(self, *, rediscover: bool = False) -> PublicKeys:
        """Return the usable ones of the published keys, perhaps none.

        A JWK set is the issuer's word whatever it holds: one that is empty withdraws every key.
        An address that discovery named is kept until it is to be looked up anew, or fails.

        Args:
            rediscover: whether to look up the address anew.

        Raises:
            KeysUnavailable: no answer in time, not 200, a redirect, over 150,000 bytes, an encoded
                body, no JWK set, or a discovery document of another issuer (OpenID Connect
                Discovery 1.0 section 4.3).
        """
        if self.jwks_uri is not None:
            return self._keys_at(self.jwks_uri)
        kept, self._discovered = self._discovered, None
        if kept is None or rediscover:
            # Kept even if the keys cannot be fetched: what is new needs no second look at once.
            self._discovered = self._discover()
            return self._keys_at(self._discovered)
        keys = self._keys_at(kept)
        self._discovered = kept
        return keys

    def _keys_at(self, jwks_uri: str) -> PublicKeys:
        try:
            return parse_jwks(self._get(jwks_uri), self.algorithms)
        except JwksInvalid as invalid:
            raise KeysUnavailable(f"the JWKS is {invalid}") from None

    def _discover(self) -> str:
        try:
            metadata = strict_json.parse_object(self._get(discovery_uri(self.issuer)))
        except JsonInvalid as invalid:
            raise KeysUnavailable(f"the discovery document is {invalid}") from None
        if metadata.get("issuer") != self.issuer:
            raise KeysUnavailable("the discovery document names another issuer")
        jwks_uri = metadata.get("jwks_uri")
        if not isinstance(jwks_uri, str) or not is_safe_url(jwks_uri):
            raise KeysUnavailable("the discovery document's jwks_uri is no https URL")
        return jwks_uri

    def _get(self, url: str) -> bytes:
        download = _Download(self.timeout_seconds)
        return download.run(lambda: download.get(url))


def discovery_uri(issuer: str) -> str:
    """Return where an issuer's metadata is (OpenID Connect Discovery 1.0 section 4)."""
    return f"{issuer.removesuffix('/')}/.well-known/openid-configuration"


def is_safe_url(url: str) -> bool:
    """Whether keys may be fetched from there: https, or http to a loopback host."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not host or parts.username is not None or not is_plain:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Download:
    """One request: its tries share one deadline, and passing it cuts their connections."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._given_up = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def run(self, work: Callable[[], bytes]) -> bytes:
        """Do the work in a thread, or raise KeysUnavailable when the deadline has passed."""
        outcome: SimpleQueue[bytes | BaseException] = SimpleQueue()

        def attempt() -> None:
            try:
                outcome.put(work())
            except BaseException as error:  # noqa: BLE001  # raised again in the waiting thread
                outcome.put(error)

        threading.Thread(target=attempt, daemon=True).start()
        try:
            result = outcome.get(timeout=self._timeout_seconds)
        except Empty:
            self._give_up()
            raise KeysUnavailable(f"no answer within {self._timeout_seconds} s") from None
        if isinstance(result, BaseException):
            raise result
        return result

    def get(self, url: str) -> bytes:
        """Return the body of a 200 answer, asking once more if the connection was dropped.

        Raises:
            KeysUnavailable: there is none.
        """
        parts = urlsplit(url)
        try:
            try:
                return self._exchange(parts)
            except _DROPPED:
                return self._exchange(parts)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise KeysUnavailable(f"no answer: {type(error).__name__}") from None

    def _exchange(self, parts: SplitResult) -> bytes:
        self._check_not_given_up()
        connection = self._connection = self._open(parts)
        try:
            # Connected first, and asked only then: from here on giving up finds a socket to cut.
            connection.connect()
            self._check_not_given_up()
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers=_HEADERS)
            with connection.getresponse() as response:
                return _body(response)
        finally:
            connection.close()

    def _check_not_given_up(self) -> None:
        if self._given_up.is_set():
            raise KeysUnavailable("given up")

    def _open(self, parts: SplitResult) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme == "https":
            return http.client.HTTPSConnection(
                host, parts.port, timeout=self._timeout_seconds, context=_tls()
            )
        return http.client.HTTPConnection(host, parts.port, timeout=self._timeout_seconds)

    def _give_up(self) -> None:
        self._given_up.set()
        socket = self._connection.sock if self._connection else None
        if socket is not None:
            with suppress(OSError):  # the other side may have been faster
                socket.shutdown(SHUT_RDWR)


def _body(response: http.client.HTTPResponse) -> bytes:
    if response.status != _HTTP_OK:
        refused = response.status in _CLIENT_ERRORS and response.status not in _PASSING
        raise KeysUnavailable(f"answered {response.status}", nothing_there=refused)
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise KeysUnavailable("answered with an encoded body")
    body = response.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise KeysUnavailable(f"answered more than {MAX_BODY_BYTES} bytes")
    if response.length:  # what the server had announced and did not send
        raise http.client.IncompleteRead(body)
    return body
