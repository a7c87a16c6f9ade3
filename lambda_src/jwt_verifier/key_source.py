"""Issuer -> its public keys, over HTTPS. The only user of the network.

Nothing that a token says can change where this looks. A fetch has one deadline for everything, DNS
and TLS included, because a socket's time-out bounds a single read and a dripping server makes many.
"""

import http.client
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from jwt_verifier import strict_json
from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.jwks import JwksInvalid, PublicKeys, parse_jwks
from jwt_verifier.strict_json import JsonInvalid

MAX_BODY_BYTES: Final = 150_000
"""API Gateway's own limit for a JWKS (HTTP API quotas)."""

_HTTP_OK: Final = 200


class KeySource(Protocol):
    """Where an issuer's keys come from."""

    def fetch(self) -> PublicKeys:
        """Return the issuer's keys as of now, perhaps none. Raises KeysUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class HttpsKeySource:
    """Fetches a JWKS, through OIDC discovery if `jwks_uri` is None.

    `algorithms` is the issuer's list. `timeout_seconds` bounds a whole fetch.
    """

    issuer: str
    jwks_uri: str | None
    algorithms: frozenset[str]
    timeout_seconds: float

    def fetch(self) -> PublicKeys:
        """Return the usable ones of the published keys, perhaps none.

        A JWK set is the issuer's word whatever it holds: one that is empty withdraws every key.

        Raises:
            KeysUnavailable: no answer in time, not 200, a redirect, over 150,000 bytes, an encoded
                body, no JWK set, or a discovery document of another issuer (OpenID Connect
                Discovery 1.0 section 4.3).
        """
        download = _Download(self.timeout_seconds)
        document = download.run(lambda: self._jwks_document(download))
        try:
            return parse_jwks(document, self.algorithms)
        except JwksInvalid as invalid:
            raise KeysUnavailable(f"the JWKS is {invalid}") from None

    def _jwks_document(self, download: "_Download") -> bytes:
        return download.get(self.jwks_uri or self._discovered_jwks_uri(download))

    def _discovered_jwks_uri(self, download: "_Download") -> str:
        try:
            metadata = strict_json.parse_object(download.get(discovery_uri(self.issuer)))
        except JsonInvalid as invalid:
            raise KeysUnavailable(f"the discovery document is {invalid}") from None
        if metadata.get("issuer") != self.issuer:
            raise KeysUnavailable("the discovery document names another issuer")
        jwks_uri = metadata.get("jwks_uri")
        if not isinstance(jwks_uri, str) or not is_safe_url(jwks_uri):
            raise KeysUnavailable("the discovery document's jwks_uri is no https URL")
        return jwks_uri


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
    """One fetch: its requests share one deadline, and passing it cuts their connections."""

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
        """Return the body of a 200 answer. Raises KeysUnavailable."""
        parts = urlsplit(url)
        connection = self._connection = self._open(parts)
        try:
            # Connected first, and asked only then: from here on giving up finds a socket to cut.
            connection.connect()
            if self._given_up.is_set():
                raise KeysUnavailable("given up")
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"accept": "application/json"})
            with connection.getresponse() as response:
                return _body(response)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise KeysUnavailable(f"no answer: {type(error).__name__}") from None
        finally:
            connection.close()

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
        raise KeysUnavailable(f"answered {response.status}")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise KeysUnavailable("answered with an encoded body")
    body = response.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise KeysUnavailable(f"answered more than {MAX_BODY_BYTES} bytes")
    return body
