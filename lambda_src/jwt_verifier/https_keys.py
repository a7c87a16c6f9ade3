"""Issuer -> its public keys, over HTTPS. Nothing that a token says can change where this looks."""

from dataclasses import dataclass, field
from typing import Final

from jwt_verifier.discovery import DiscoveryInvalid, discovery_uri, endpoint, parse_metadata
from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.https import HTTP_OK, NoAnswer, Request, ask
from jwt_verifier.jwks import JwksInvalid, PublicKeys, parse_jwks

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""What a parser "MAY ignore" before JSON (RFC 8259 section 8.1): TLS vouches for the rest."""

_CLIENT_ERRORS: Final = range(400, 500)
_PASSING: Final = (408, 425, 429)
"""Client errors that may pass by waiting (RFC 9110 section 15.5.9, RFC 8470, RFC 6585)."""


@dataclass(slots=True)
class HttpsKeySource:
    """Fetches a JWKS, through OIDC discovery if `jwks_uri` is None. For one thread at a time.

    `algorithms` is the issuer's list. `timeout_seconds` bounds each of the at most two requests of
    a fetch, discovery and JWKS. `plain_http` is whether discovery may name an http address.
    """

    issuer: str
    jwks_uri: str | None
    algorithms: frozenset[str]
    timeout_seconds: float
    plain_http: bool = False
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
        body = self._get(discovery_uri(self.issuer))
        try:
            metadata = parse_metadata(body, self.issuer)
            return endpoint(metadata, "jwks_uri", plain_http=self.plain_http)
        except DiscoveryInvalid as invalid:
            raise KeysUnavailable(str(invalid)) from None

    def _get(self, url: str) -> bytes:
        try:
            answer = ask(Request(url), self.timeout_seconds)
        except NoAnswer as none:
            raise KeysUnavailable(f"{none}: {_shown(url)}") from None
        if answer.status != HTTP_OK:
            refused = answer.status in _CLIENT_ERRORS and answer.status not in _PASSING
            raise KeysUnavailable(f"answered {answer.status}: {_shown(url)}", nothing_there=refused)
        return answer.body.removeprefix(BYTE_ORDER_MARK)


def _shown(url: str) -> str:
    """Return an address as a log may have it: without a query, which may hold a key of its own."""
    return url.partition("?")[0]
