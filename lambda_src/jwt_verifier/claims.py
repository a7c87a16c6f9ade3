"""Claims set -> what it says, checked against what we ask of its issuer. Pure; time is an argument.

Each function takes claims whose signature may or may not have been checked: `verifier` alone knows.
"""

from typing import Final

from jwt_verifier.claim_path import written
from jwt_verifier.errors import (
    AudienceMismatch,
    BindingNotVerified,
    ClaimRejected,
    ClientMismatch,
    LifetimeExceeded,
    TokenExpired,
    TokenNotYetValid,
    TokenUseMismatch,
    TypeNotAllowed,
)
from jwt_verifier.identity import CLIENT_CLAIM, Claims, client, optional_text, texts_of
from jwt_verifier.issuer import ACCESS_TOKEN_TYPE, TOKEN_USES, TrustedIssuer

ACCESS_TOKEN_CLAIMS: Final = ("client_id", "iat", "jti", "sub")
"""What RFC 9068 section 2.2 requires besides `iss`, `aud` and `exp`, which are checked anyway."""


def expiry(claims: Claims) -> float:
    """Return `exp` in seconds since the epoch (RFC 7519 section 4.1.4; RFC 9068 section 2.2).

    Raises:
        ClaimRejected: it is missing or not a number.
    """
    expires_at = _date(claims, "exp")
    if expires_at is None:
        raise ClaimRejected("exp is missing")
    return expires_at


def check_not_expired(expires_at: float, now: float, leeway_seconds: float) -> None:
    """Return if `exp` has not passed (RFC 7519 section 4.1.4)."""
    if now >= expires_at + leeway_seconds:
        raise TokenExpired("exp has passed")


def check_begun(claims: Claims, now: float, leeway_seconds: float) -> None:
    """Return if `nbf` and `iat`, where present, have passed (RFC 7519 sections 4.1.5, 4.1.6)."""
    latest = now + leeway_seconds
    for name in ("nbf", "iat"):
        if name not in claims:
            continue
        date = _date(claims, name)
        if date is not None and date > latest:
            raise TokenNotYetValid(f"{name} is in the future", value=date)


def check_lifetime(claims: Claims, expires_at: float, issuer: TrustedIssuer) -> None:
    """Return if the token lives no longer than the issuer's configuration allows."""
    if issuer.max_lifetime_seconds is None:
        return
    issued_at = _date(claims, "iat")
    if issued_at is None:
        raise ClaimRejected("iat is missing, and the issuer has a maximum lifetime")
    if expires_at - issued_at > issuer.max_lifetime_seconds:
        raise LifetimeExceeded(
            f"longer than {issuer.max_lifetime_seconds} s", value=expires_at - issued_at
        )


def check_type(typ: str | None, issuer: TrustedIssuer) -> None:
    """Return if the header's `typ` is what the issuer's configuration demands, if it does."""
    if issuer.typ is not None and typ != issuer.typ.lower():
        raise TypeNotAllowed(f"the issuer's tokens are {issuer.typ}")
    if typ == "jws" and issuer.typ is None:
        raise TypeNotAllowed("typ is JWS, which an issuer's configuration must ask for")


def token_use(claims: Claims, typ: str | None, issuer: TrustedIssuer) -> str | None:
    """Return "access" or "id", or None where neither claim nor type tells.

    A user pool's tokens always tell (Amazon Cognito, verifying a JSON web token); another issuer's
    access tokens tell by their `typ` (RFC 9068 section 2.1). An ID token of OpenID Connect never
    does: it is one if the issuer's configuration says that its tokens are, and nothing in the token
    says otherwise.

    Raises:
        TokenUseMismatch: another use than the issuer's configuration asks for, or than `typ` says.
    """
    claimed = claims.get("token_use")
    if claimed not in TOKEN_USES and "token_use" in claims:
        raise TokenUseMismatch("token_use is neither access nor id", value=claimed)
    by_type = "access" if typ == ACCESS_TOKEN_TYPE else None
    use = claimed or by_type
    if by_type and use != by_type:
        raise TokenUseMismatch("token_use contradicts typ")
    if use is None and issuer.is_cognito:
        raise TokenUseMismatch("token_use is missing")
    configured = issuer.token_use
    if use is None and configured == "id":
        return configured
    if configured is not None and use != configured:
        raise TokenUseMismatch(f"the issuer's tokens are for {configured}")
    return str(use) if use else None


def check_audience(claims: Claims, use: str | None, issuer: TrustedIssuer) -> None:
    """Return if the token is meant for us.

    An ID token is matched by `aud`, which must hold ours and no other, since another audience
    for could pass it on (OpenID Connect Core section 3.1.3.7 step 3); its `azp`, where present, is
    ours too (steps 4 and 5). Any other is matched by its client where client ids are configured,
    and by `aud` where it carries one or audiences are configured. So a Cognito access token, which
    has an `aud` only if it was asked for a resource, must have one wherever audiences are
    configured.

    Raises:
        AudienceMismatch: `aud` holds none of ours, or is missing, or an ID token's holds another.
        ClientMismatch: the client is not accepted, or is missing.
        ClaimRejected: either is of the wrong type (RFC 7519 section 4.1.3, RFC 9068 section 2.2).
    """
    audiences, client_id = _audiences(claims), client(claims, issuer)
    if issuer.accept_any_audience and not issuer.client_ids:
        return
    if audiences == () and not issuer.accept_any_audience:
        raise ClaimRejected("aud is neither a string nor an array that holds one", value=[])
    if use == "id":
        _check_id_token_is_ours(claims, audiences, issuer.audiences | issuer.client_ids)
        return
    if issuer.client_ids and client_id not in issuer.client_ids:
        raise ClientMismatch(f"{_client_name(issuer)} is not accepted", value=client_id)
    if issuer.accept_any_audience:
        return
    if audiences is not None or issuer.audiences:
        _check_any_is_ours(audiences, issuer.audiences)


def check_binding(claims: Claims, issuer: TrustedIssuer) -> None:
    """Return if the token is a bearer token, or may be taken for one.

    A token with `cnf` is good only together with a proof that its holder has the key (RFC 7800; by
    mutual TLS RFC 8705, by DPoP RFC 9449). We check no proof, so we refuse it as RFC 9449 section
    7.2 does, unless the issuer's configuration says that it may pass without one.

    Raises:
        BindingNotVerified: the token is bound to a key.
        ClaimRejected: `cnf` is not an object (RFC 7800 section 3.1).
    """
    if "cnf" not in claims:
        return
    if not isinstance(claims["cnf"], dict):
        raise ClaimRejected("cnf is not an object", value=claims["cnf"])
    if not issuer.accept_bound_tokens_as_bearer:
        raise BindingNotVerified("cnf binds the token to a key, and its possession is not verified")


def check_required(claims: Claims, issuer: TrustedIssuer) -> None:
    """Return if every claim that the issuer's configuration requires is there and not null.

    An issuer whose tokens must be `at+jwt` owes what RFC 9068 section 2.2 requires of them.
    """
    for name in issuer.required_claims:
        if claims.get(name) is None:
            raise ClaimRejected(f"{name} is missing")
    if issuer.typ == ACCESS_TOKEN_TYPE:
        for name in ACCESS_TOKEN_CLAIMS:
            if claims.get(name) is None:
                raise ClaimRejected(f"{name} is missing, which RFC 9068 requires")


def _date(claims: Claims, name: str) -> float | None:
    """Return a NumericDate (RFC 7519 section 2), or None if absent; a boolean is not a number."""
    if name not in claims:
        return None
    value = claims[name]
    if type(value) is int or type(value) is float:
        return value
    raise ClaimRejected(f"{name} is not a number", value=value)


def _audiences(claims: Claims) -> tuple[str, ...] | None:
    if "aud" not in claims:
        return None
    value = claims["aud"]
    if isinstance(value, str):
        return (value,)
    audiences = texts_of(value)
    if audiences is None:
        raise ClaimRejected("aud is neither a string nor an array of strings", value=value)
    return audiences


def _check_id_token_is_ours(
    claims: Claims, audiences: tuple[str, ...] | None, ours: frozenset[str]
) -> None:
    _check_any_is_ours(audiences, ours)
    if not ours.issuperset(audiences or ()):
        raise AudienceMismatch(
            "aud of an ID token contains an audience that is not accepted", value=audiences
        )
    authorised = optional_text(claims, "azp")
    if authorised is not None and authorised not in ours:
        raise ClientMismatch("azp of an ID token is not accepted", value=authorised)


def _client_name(issuer: TrustedIssuer) -> str:
    return written(issuer.client_claim or CLIENT_CLAIM)


def _check_any_is_ours(audiences: tuple[str, ...] | None, ours: frozenset[str]) -> None:
    if audiences is None:
        raise AudienceMismatch("aud is missing")
    if ours.isdisjoint(audiences):
        raise AudienceMismatch("aud does not contain an accepted audience", value=audiences)
