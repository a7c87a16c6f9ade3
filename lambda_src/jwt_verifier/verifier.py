"""UnverifiedToken -> VerifiedToken. The only maker of a VerifiedToken.

Cheap checks stand before dear ones: a token that can never pass costs no look-up of a key, so no
sender can make us ask an issuer for one (RFC 8725 section 3.8 and `jwks_cache`).
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from jwt_verifier import claims as claim
from jwt_verifier import compact, identity
from jwt_verifier.errors import (
    IssuerUnknown,
    KeyMismatch,
    KeysUnavailable,
    KeyUnknown,
    SignatureInvalid,
    TokenRejected,
    VerifiedFacts,
)
from jwt_verifier.freshness import Clock
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.issuer_hints import likeness
from jwt_verifier.jose_header import UnverifiedHeader, check_algorithm, parse_header
from jwt_verifier.jwks import PublicKey
from jwt_verifier.jwks_cache import JwksCache
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken

MAX_KNOWN_HEADERS: Final = 256


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """An issuer with the cache of its keys, which never verify another issuer's tokens."""

    issuer: TrustedIssuer
    keys: JwksCache


Issuers = Mapping[str, IssuerKeys]
"""By issuer string."""


class Verifier:
    """Verifies tokens of the given issuers; `wall_clock` returns seconds since the epoch."""

    def __init__(
        self,
        issuers: Iterable[IssuerKeys],
        *,
        leeway_seconds: float,
        wall_clock: Clock,
        steps: "Steps | None" = None,
    ) -> None:
        self._issuers = {trusted.issuer.issuer: trusted for trusted in issuers}
        self._algorithms = frozenset[str]().union(
            *(trusted.issuer.algorithms for trusted in self._issuers.values())
        )
        self._leeway_seconds = leeway_seconds
        self._wall_clock = wall_clock
        self._steps = steps or Steps()
        self._known_headers: dict[str, UnverifiedHeader] = {}

    def warm_up(self) -> None:
        """Fetch every issuer's keys, side by side: one that is slow holds up no other."""
        threads = [
            threading.Thread(target=trusted.keys.prefill) for trusted in self._issuers.values()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def verify(self, token: UnverifiedToken) -> VerifiedToken:
        """Return what the token's issuer vouches for (RFC 7519 section 7.2, RFC 8725 section 3).

        Raises:
            TokenRejected: the token is not acceptable; the class says why.
            KeysUnavailable: the issuer's keys cannot be had, so nothing can be said about it.
        """
        steps = self._steps
        jws = steps.split(token)
        known = self._known_headers.get(jws.header)
        header = known or self._header(jws.header)
        payload = steps.parse_claims(jws.payload)
        trusted = steps.find_issuer(payload, self._issuers)
        expires_at = self._refuse_hopeless(header, payload, trusted.issuer)
        signature = steps.decode_signature(jws.signature)

        key = steps.find_key(trusted, header.kid, self._issuers)
        steps.check_signature(key, trusted.keys, header.algorithm, jws.signing_input, signature)
        if known is None:
            self._remember(jws.header, header)
        try:
            return self._verified(header, payload, expires_at, trusted.issuer)
        except TokenRejected as rejection:
            rejection.facts = _facts(header, payload, trusted.issuer, rejection.value)
            raise

    def _header(self, segment: str) -> UnverifiedHeader:
        header = self._steps.parse_header(segment)
        self._steps.check_algorithm(header.algorithm, self._algorithms, "any issuer")
        return header

    def _remember(self, segment: str, header: UnverifiedHeader) -> None:
        """Keep a header that a signature was good for, so that no stranger fills the table.

        An issuer writes the same header for each of a key's tokens.
        """
        if len(self._known_headers) >= MAX_KNOWN_HEADERS:
            self._known_headers.clear()
        self._known_headers[segment] = header

    def _refuse_hopeless(
        self, header: UnverifiedHeader, payload: identity.Claims, issuer: TrustedIssuer
    ) -> float:
        """Refuse, before any key is fetched, what no signature could save; return `exp`."""
        steps = self._steps
        steps.check_algorithm(header.algorithm, issuer.algorithms, "the issuer")
        steps.check_type(header.typ, issuer)
        expires_at = steps.expiry(payload)
        steps.check_not_expired(expires_at, self._wall_clock(), self._leeway_seconds)
        return expires_at

    def _verified(
        self,
        header: UnverifiedHeader,
        payload: identity.Claims,
        expires_at: float,
        issuer: TrustedIssuer,
    ) -> VerifiedToken:
        """Check the claims, now that the issuer is known to have made them."""
        steps = self._steps
        now = self._wall_clock()  # a fetch of keys may have taken seconds
        steps.check_not_expired(expires_at, now, self._leeway_seconds)
        steps.check_begun(payload, now, self._leeway_seconds)
        steps.check_lifetime(payload, expires_at, issuer)
        use = steps.token_use(payload, header.typ, issuer)
        steps.check_audience(payload, use, issuer)
        steps.check_binding(payload, issuer)
        steps.check_required(payload, issuer)
        return steps.identify(header, payload, use, expires_at, issuer)


def find_issuer(claims: identity.Claims, issuers: Issuers) -> IssuerKeys:
    """Return the issuer that `iss` names to the letter (RFC 8725 section 3.8).

    Raises:
        IssuerUnknown: it is none of these.
    """
    issuer = claims.get("iss")
    trusted = issuers.get(issuer) if isinstance(issuer, str) else None
    if trusted is None:
        known = (each.issuer for each in issuers.values())
        hint = likeness(issuer, known) if isinstance(issuer, str) else None
        raise IssuerUnknown("; ".join(filter(None, ("iss is not a configured issuer", hint))))
    return trusted


def find_key(trusted: IssuerKeys, kid: str, issuers: Issuers) -> PublicKey:
    """Return the issuer's key of this kid.

    Refuses a token by the form of its issuer that its pool does not use. A user pool signs by
    one of its two issuer forms. Where both are accepted, as while it switches, Cognito answers
    that there is nothing under the dormant one (403, as observed), so a token that names it is
    nobody's but a stranger's.

    Raises:
        KeyUnknown: the issuer does not publish it, or is a dormant one.
        KeysUnavailable: the issuer's keys cannot be had.
    """
    try:
        return trusted.keys.key_for(kid)
    except KeysUnavailable as failure:
        if failure.nothing_there and _is_dormant(trusted.issuer, issuers):
            raise KeyUnknown("the user pool uses the other form of its issuer") from None
        raise


def check_signature(
    key: PublicKey, keys: JwksCache, algorithm: str, signing_input: bytes, signature: bytes
) -> None:
    """Return if the signature is the issuer's; keys may have been replaced under their kid.

    Raises:
        KeyMismatch: the key is not one for this algorithm.
        SignatureInvalid: the signature is another's.
    """
    try:
        key.verify(algorithm, signing_input, signature)
    except (SignatureInvalid, KeyMismatch):
        newer = keys.replaced(key)
        if newer is None:
            raise
        newer.verify(algorithm, signing_input, signature)


def identify(
    header: UnverifiedHeader,
    claims: identity.Claims,
    use: str | None,
    expires_at: float,
    issuer: TrustedIssuer,
) -> VerifiedToken:
    """Return whom and what the token speaks for.

    Raises:
        ClaimRejected: a claim is not of the type that its definition demands.
    """
    identity.optional_text(claims, "jti")
    return VerifiedToken(
        issuer=issuer.issuer,
        issuer_name=issuer.name,
        key_id=header.kid,
        subject=identity.optional_text(claims, "sub"),
        client_id=identity.client(claims, issuer),
        token_use=use,
        scopes=identity.scopes(claims, issuer),
        groups=identity.groups(claims, issuer),
        expires_at=expires_at,
        claims=MappingProxyType(claims),
        roles=identity.roles(claims, issuer),
    )


class Steps:
    """The steps of a verification; `Verifier` says in which order. Who watches one gives others."""

    def __init__(self) -> None:
        # Of the instance: looked up as fast as a module's own.
        self.split = compact.split
        self.parse_header = parse_header
        self.check_algorithm = check_algorithm
        self.parse_claims = compact.decode_object
        self.find_issuer = find_issuer
        self.check_type = claim.check_type
        self.expiry = claim.expiry
        self.check_not_expired = claim.check_not_expired
        self.decode_signature = compact.decode_bytes
        self.find_key = find_key
        self.check_signature = check_signature
        self.check_begun = claim.check_begun
        self.check_lifetime = claim.check_lifetime
        self.token_use = claim.token_use
        self.check_audience = claim.check_audience
        self.check_binding = claim.check_binding
        self.check_required = claim.check_required
        self.identify = identify


def _is_dormant(issuer: TrustedIssuer, issuers: Issuers) -> bool:
    other = issuers.get(issuer.other_form) if issuer.other_form is not None else None
    return other is not None and other.keys.holds_keys()


def _facts(
    header: UnverifiedHeader, payload: identity.Claims, issuer: TrustedIssuer, offending: object
) -> VerifiedFacts:
    """Return what the issuer vouches for in a refused token; wrong types are left out."""
    subject, client = payload.get("sub"), identity.claimed_client(payload, issuer)
    return VerifiedFacts(
        issuer=issuer.issuer,
        key_id=header.kid,
        subject=subject if isinstance(subject, str) else None,
        client_id=client if isinstance(client, str) else None,
        offending=offending,
    )
