"""Issuer and kid -> public key, as the built-in authorizer gets it: discovery, then the JWKS.

Keys are kept for two hours and not asked for again within them, an unknown kid or not
(API Gateway, "Control access with JWT authorizers"; no other refetch is documented).
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from local.json_value import JsonValue
from local.loopback.fetch import FetchFailed, fetch, json_object

KEEP_SECONDS = 7200.0
_LEAST_BITS = 2048
"""RFC 7518, 3.3."""
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})


class KeysUnreachable(Exception):
    """The issuer could not be asked; the message is the gateway's own text."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key, and the only algorithm that its JWK lets it be used with, if it says."""

    public_key: RSAPublicKey
    algorithm: str | None


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: Mapping[str, IssuerKey]
    until: float


class IssuerKeys:
    """The keys of every issuer that a JWT authorizer trusts.

    One request asks for an issuer's keys; those that come meanwhile wait for its result, good or
    bad, and requests that trust another issuer do not wait at all.

    Args:
        addresses: Where an issuer's documents are served on this machine, by issuer; one without
            an entry is its own address.
        clock: Seconds that only grow.
        get: Fetches a document; by default from this machine alone.
    """

    def __init__(
        self,
        addresses: Mapping[str, str],
        clock: Callable[[], float],
        get: Callable[[str], bytes] = fetch,
    ) -> None:
        self._addresses = addresses
        self._clock = clock
        self._get = get
        self._lock = Lock()
        self._kept: dict[str, _Kept] = {}
        self._asking: dict[str, Future[_Kept]] = {}

    def key(self, issuer: str, kid: str) -> IssuerKey | None:
        """Return the issuer's key of this kid; None if it publishes none.

        Raises:
            KeysUnreachable: Discovery or JWKS failed.
        """
        return self._current(issuer).keys.get(kid)

    def _current(self, issuer: str) -> _Kept:
        with self._lock:
            kept = self._kept.get(issuer)
            if kept and kept.until > self._clock():
                return kept
            asking = self._asking.get(issuer)
            if asking is None:
                mine: Future[_Kept] = Future()
                self._asking[issuer] = mine
        if asking is not None:
            return asking.result()
        try:
            kept = _Kept(self._fetch_keys(issuer), self._clock() + KEEP_SECONDS)
        except KeysUnreachable as error:
            with self._lock:
                del self._asking[issuer]
            mine.set_exception(error)
            raise
        with self._lock:
            self._kept[issuer] = kept
            del self._asking[issuer]
        mine.set_result(kept)
        return kept

    def check_discovery(self, issuer: str) -> None:
        """Do what API Gateway does when a JWT authorizer is created.

        Raises:
            KeysUnreachable: The issuer has no working discovery endpoint.
        """
        self._jwks_uri(issuer)

    def _fetch_keys(self, issuer: str) -> Mapping[str, IssuerKey]:
        try:
            document = json_object(self._get(self._jwks_uri(issuer)))
        except FetchFailed as error:
            raise KeysUnreachable("JWKS communication error") from error
        published = document.get("keys")
        keys: dict[str, IssuerKey] = {}
        for jwk in published if isinstance(published, list) else ():
            kid = jwk.get("kid") if isinstance(jwk, dict) else None
            key = _rsa_key(jwk)
            if key is not None and isinstance(kid, str):
                keys[kid] = key
        return keys

    def _jwks_uri(self, issuer: str) -> str:
        address = self._addresses.get(issuer, issuer).rstrip("/")
        try:
            document = json_object(self._get(f"{address}/.well-known/openid-configuration"))
        except FetchFailed as error:
            raise KeysUnreachable("OIDC discovery endpoint communication error") from error
        jwks_uri = document.get("jwks_uri")
        if document.get("issuer") != issuer or not isinstance(jwks_uri, str):
            raise KeysUnreachable("OIDC discovery endpoint communication error")
        if jwks_uri.startswith(f"{issuer}/"):
            # The document is the deployed one: what it says is the issuer's is where the issuer is.
            return address + jwks_uri.removeprefix(issuer)
        return jwks_uri


def _rsa_key(jwk: JsonValue) -> IssuerKey | None:
    """Return the key, or None for one that is malformed or not for this: it costs only itself."""
    if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or not _PRIVATE_MEMBERS.isdisjoint(jwk):
        return None
    algorithm, operations = jwk.get("alg"), jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(algorithm, str | None):
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    try:
        key = jwt.PyJWK(jwk, algorithm="RS256").key
    except jwt.PyJWTError:
        return None
    is_strong = isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_BITS
    return IssuerKey(key, algorithm) if is_strong else None
