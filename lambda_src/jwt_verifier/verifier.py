"""UnverifiedToken -> VerifiedToken. The only maker of a VerifiedToken.

Cheap checks stand before dear ones: a token that can never pass costs no look-up of a key, so no
sender can make us ask an issuer for one (RFC 8725 section 3.8 and `jwks_cache`).
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from jwt_verifier import claims as claim
from jwt_verifier import compact, identity
from jwt_verifier.algorithms import in_words
from jwt_verifier.errors import (
    AlgorithmNotAllowed,
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
from jwt_verifier.jose_header import UnverifiedHeader, parse_header
from jwt_verifier.jwks_cache import JwksCache
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken

MAX_KNOWN_HEADERS: Final = 256


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """An issuer with the cache of its keys, which never verify another issuer's tokens."""

    issuer: TrustedIssuer
    keys: JwksCache


class Verifier:
    """Verifies tokens of the given issuers; `wall_clock` returns seconds since the epoch."""

    def __init__(
        self, issuers: Iterable[IssuerKeys], *, leeway_seconds: float, wall_clock: Clock
    ) -> None:
        self._issuers = {trusted.issuer.issuer: trusted for trusted in issuers}
        self._algorithms = frozenset[str]().union(
            *(trusted.issuer.algorithms for trusted in self._issuers.values())
        )
        self._leeway_seconds = leeway_seconds
        self._wall_clock = wall_clock
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
        jws = compact.split(token)
        known = self._known_headers.get(jws.header)
        header = known or self._header(jws.header)
        payload = compact.decode_object(jws.payload)
        trusted = self._issuer_of(payload)
        expires_at = self._refuse_hopeless(header, payload, trusted.issuer)
        signature = compact.decode_bytes(jws.signature)

        self._check_signature(trusted, header, jws.signing_input, signature)
        if known is None:
            self._remember(jws.header, header)
        try:
            return self._verified(header, payload, expires_at, trusted.issuer)
        except TokenRejected as rejection:
            rejection.facts = _facts(header, payload, trusted.issuer, rejection.value)
            raise

    def _header(self, segment: str) -> UnverifiedHeader:
        header = parse_header(segment)
        if header.algorithm not in self._algorithms:
            raise AlgorithmNotAllowed(
                f"alg is not allowed for any issuer: {in_words(header.algorithm)}"
            )
        return header

    def _remember(self, segment: str, header: UnverifiedHeader) -> None:
        """Keep a header that a signature was good for, so that no stranger fills the table.

        An issuer writes the same header for each of a key's tokens.
        """
        if len(self._known_headers) >= MAX_KNOWN_HEADERS:
            self._known_headers.clear()
        self._known_headers[segment] = header

    def _issuer_of(self, payload: identity.Claims) -> IssuerKeys:
        issuer = payload.get("iss")
        trusted = self._issuers.get(issuer) if isinstance(issuer, str) else None
        if trusted is None:
            known = (each.issuer for each in self._issuers.values())
            hint = likeness(issuer, known) if isinstance(issuer, str) else None
            raise IssuerUnknown("; ".join(filter(None, ("iss is not a configured issuer", hint))))
        return trusted

    def _check_signature(
        self,
        trusted: IssuerKeys,
        header: UnverifiedHeader,
        signing_input: bytes,
        signature: bytes,
    ) -> None:
        """Return if the signature is the issuer's; keys may have been replaced under their kid.

        Refuses a token by the form of its issuer that its pool does not use. A user pool signs by
        one of its two issuer forms. Where both are accepted, as while it switches, Cognito answers
        that there is nothing under the dormant one (403, as observed), so a token that names it is
        nobody's but a stranger's.
        """
        try:
            key = trusted.keys.key_for(header.kid)
        except KeysUnavailable as failure:
            if failure.nothing_there and self._is_dormant(trusted.issuer):
                raise KeyUnknown("the user pool uses the other form of its issuer") from None
            raise
        try:
            key.verify(header.algorithm, signing_input, signature)
        except (SignatureInvalid, KeyMismatch):
            newer = trusted.keys.replaced(key)
            if newer is None:
                raise
            newer.verify(header.algorithm, signing_input, signature)

    def _is_dormant(self, issuer: TrustedIssuer) -> bool:
        other = self._issuers.get(issuer.other_form) if issuer.other_form is not None else None
        return other is not None and other.keys.holds_keys()

    def _refuse_hopeless(
        self, header: UnverifiedHeader, payload: identity.Claims, issuer: TrustedIssuer
    ) -> float:
        """Refuse, before any key is fetched, what no signature could save; return `exp`."""
        if header.algorithm not in issuer.algorithms:
            raise AlgorithmNotAllowed(
                f"alg is not allowed for the issuer: {in_words(header.algorithm)}"
            )
        claim.check_type(header.typ, issuer)
        expires_at = claim.expiry(payload)
        claim.check_not_expired(expires_at, self._wall_clock(), self._leeway_seconds)
        return expires_at

    def _verified(
        self,
        header: UnverifiedHeader,
        payload: identity.Claims,
        expires_at: float,
        issuer: TrustedIssuer,
    ) -> VerifiedToken:
        """Check the claims, now that the issuer is known to have made them."""
        now = self._wall_clock()  # a fetch of keys may have taken seconds
        claim.check_not_expired(expires_at, now, self._leeway_seconds)
        claim.check_begun(payload, now, self._leeway_seconds)
        claim.check_lifetime(payload, expires_at, issuer)
        use = claim.token_use(payload, header.typ, issuer)
        claim.check_audience(payload, use, issuer)
        claim.check_binding(payload, issuer)
        claim.check_required(payload, issuer)
        identity.optional_text(payload, "jti")
        return VerifiedToken(
            issuer=issuer.issuer,
            issuer_name=issuer.name,
            key_id=header.kid,
            subject=identity.optional_text(payload, "sub"),
            client_id=identity.client(payload, issuer),
            token_use=use,
            scopes=identity.scopes(payload, issuer),
            groups=identity.groups(payload, issuer),
            expires_at=expires_at,
            claims=MappingProxyType(payload),
            roles=identity.roles(payload, issuer),
        )


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
