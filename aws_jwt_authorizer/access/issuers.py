"""The vocabulary of the access table: who makes the tokens. Data only; `presets` fill it in."""

from dataclasses import dataclass
from typing import Literal

from aws_jwt_authorizer.access.conditions import ClaimPath, TokenUse


@dataclass(frozen=True, slots=True)
class Issuer:
    """A party whose tokens are accepted; docs/issuers.md has a row for each provider.

    Only the Lambda authorizer looks at `token_type`, `token_use` and
    `accept_bound_tokens_as_bearer`; a `jwt` route of an issuer with another field that the built-in
    authorizer knows nothing of stops synth.

    Attributes:
        name: What rules and log lines call it.
        url: Its `iss`, as in its tokens; None for this app's own user pool, whose id is known
            only after it is deployed, and for one that each stage gives an address of its own. It
            need not be a URL where `jwks_uri` or `jwks_file` names its keys.
        audiences: The `aud` values that are ours. For the pool, and for another one with
            `client_ids`, they are the resources that an access token must have been asked for.
        from_stage: Whether url and audiences are those under the stage's `issuers.<name>` in
            cdk.json. A stage without such an entry has neither the issuer nor the routes that ask
            for it.
        algorithms: The JWS algorithms that it signs with (RFC 7518 section 3.1).
        token_type: The `typ` that each token's header must have: "at+jwt" for an issuer of
            RFC 9068 access tokens, which then must have all that it requires; "JWS" for a Cognito
            identity pool; None for any.
        token_use: What its tokens are for; None for either. ID makes an ID token of one that does
            not say its use, for those of OpenID Connect do not (a user pool's always do).
        accept_bound_tokens_as_bearer: Whether a token passes that is bound to its holder's key
            (`cnf`, RFC 8705 and 9449), although nothing checks that who sends it has the key. The
            built-in authorizer always lets it pass.
        client_ids: The clients that are ours: another user pool's app clients, further ones of this
            app's pool, or what `client_claim` must hold.
        jwks_uri: Where its keys are, if OpenID Connect Discovery does not tell.
        jwks_file: A JWK set of this repository, which is bundled; its keys are never fetched, so a
            new key takes a deployment.
        accept_any_audience: Whether any `aud`, or none, will do. `client_ids` are checked still.
        required_claims: Claims that each token must have.
        max_lifetime_seconds: The most that `exp - iat` may be.
        accept_plain_http: Whether it may be asked for its keys over http, inside a VPC: anybody who
            can answer there in its place makes the keys.
        scopes_claim: Where scopes are; None for `scope`, else `scp`, else `scopes`.
        groups_claim: Where groups are; None for `groups`.
        roles_claim: Where roles are; None for nowhere.
        client_claim: Where the client is; None for `client_id`. A user pool's scopes, groups and
            client are Cognito's own and cannot be set.
        says_token_use: False if its tokens never say what they are for, neither by a claim
            `token_use` nor by the type "at+jwt". Then a rule that asks for it stops synth.
        object_claims: Claims of its tokens that are objects: a rule that asks for one whole, or for
            a member by a flat name, stops synth.
        other_urls: Further `iss` of its tokens while it moves from one address to another; each
            is asked for its own keys.
    """

    name: str
    url: str | None = None
    audiences: tuple[str, ...] = ()
    from_stage: bool = False
    algorithms: tuple[str, ...] = ("RS256",)
    token_type: Literal["JWT", "at+jwt", "JWS"] | None = None
    token_use: TokenUse | None = None
    accept_bound_tokens_as_bearer: bool = False
    client_ids: tuple[str, ...] = ()
    jwks_uri: str | None = None
    jwks_file: str | None = None
    accept_any_audience: bool = False
    required_claims: tuple[str, ...] = ()
    max_lifetime_seconds: int | None = None
    accept_plain_http: bool = False
    scopes_claim: ClaimPath | None = None
    groups_claim: ClaimPath | None = None
    roles_claim: ClaimPath | None = None
    client_claim: ClaimPath | None = None
    says_token_use: bool = True
    object_claims: tuple[str, ...] = ()
    other_urls: tuple[str, ...] = ()

    @property
    def is_pool(self) -> bool:
        """Whether this is the app's own user pool."""
        return self.url is None and not self.from_stage

    @property
    def token_uses(self) -> frozenset[TokenUse]:
        """What its tokens can be known to be for: the uses that a rule may ask of them."""
        if self.token_type == "at+jwt":  # noqa: S105  # a type
            return frozenset({TokenUse.ACCESS})
        if self.token_use is not None:
            return frozenset({self.token_use})
        return frozenset(TokenUse) if self.says_token_use else frozenset()
