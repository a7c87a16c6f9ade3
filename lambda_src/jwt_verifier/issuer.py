"""The issuers that we trust, and what we ask of each one's tokens."""

from dataclasses import dataclass
from typing import Final

from jwt_verifier import user_pools
from jwt_verifier.claim_path import ClaimPath

ACCESS_TOKEN_TYPE: Final = "at+jwt"  # noqa: S105  # RFC 9068 section 2.1
TOKEN_USES: Final = ("access", "id")
TOKEN_TYPES: Final = ("JWT", ACCESS_TOKEN_TYPE, "JWS")
DEFAULT_ALGORITHMS: Final = frozenset({"RS256"})


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """One item of `ISSUERS`.

    Attributes:
        name: what rules and log lines call it.
        issuer: its `iss`, to the letter. An https URL, or any other string whose keys are named by
            `jwks_uri` or `jwks`.
        audiences: the values of `aud` that are ours.
        client_ids: the clients that are ours: an access token's client, an ID token's `aud` and
            `azp`. Neither these nor `audiences` are ever looked at for the other.
        token_use: "access" or "id"; None takes either. "id" takes a token that does not say its use
            for an ID token, for those of OpenID Connect do not.
        algorithms: of its tokens (RFC 7518 section 3.1).
        jwks_uri: where its keys are; None means Cognito's own address, or OIDC discovery for any
            other issuer.
        typ: the header's `typ`. None takes a header without one, or with `JWT` or `at+jwt`;
            "at+jwt" demands all that RFC 9068 does; "JWS" is that of a Cognito identity pool.
        max_lifetime_seconds: the most that `exp - iat` may be.
        required_claims: claims that each token must have.
        accept_any_audience: whether any `aud`, or none, will do. `client_ids` are checked still.
        accept_bound_tokens_as_bearer: whether a token passes that is bound to a key (`cnf`), though
            no proof of the key is checked.
        scopes_claim: where its scopes are; None for `scope`, else `scp`, else `scopes`.
        groups_claim: where its groups are; None for `groups`.
        roles_claim: where its roles are; None for nowhere.
        client_claim: where the client is; None for `client_id`. A user pool's four are Cognito's
            own and cannot be set.
        jwks: its JWK set as JSON text, where keys are never to be fetched.
        accept_plain_http: whether the issuer and its keys may be asked over http, as inside a
            network of one's own: anybody who can answer in its place makes the keys.
        is_replica: whether this is a user pool's replica, whose issuer string names its own region
            and the id that the pool has from its first.
    """

    name: str
    issuer: str
    audiences: frozenset[str] = frozenset()
    client_ids: frozenset[str] = frozenset()
    token_use: str | None = None
    algorithms: frozenset[str] = DEFAULT_ALGORITHMS
    jwks_uri: str | None = None
    typ: str | None = None
    max_lifetime_seconds: int | None = None
    required_claims: tuple[str, ...] = ()
    accept_any_audience: bool = False
    accept_bound_tokens_as_bearer: bool = False
    scopes_claim: ClaimPath | None = None
    groups_claim: ClaimPath | None = None
    roles_claim: ClaimPath | None = None
    client_claim: ClaimPath | None = None
    jwks: str | None = None
    accept_plain_http: bool = False
    is_replica: bool = False

    @property
    def is_cognito(self) -> bool:
        """Whether this is a Cognito user pool, in either form of its issuer string."""
        return user_pools.is_user_pool(self.issuer) or self.is_replica

    @property
    def other_form(self) -> str | None:
        """The same user pool's other issuer string, None for another issuer."""
        return user_pools.other_form(self.issuer)

    @property
    def known_jwks_uri(self) -> str | None:
        """Where the keys are, or None if only discovery can tell."""
        if self.jwks_uri is None and self.is_cognito:
            return f"{self.issuer}/.well-known/jwks.json"
        return self.jwks_uri
