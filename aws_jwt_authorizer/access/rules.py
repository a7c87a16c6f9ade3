"""The vocabulary of the access table: issuers, backends and routes.

What a route may ask of a token is in `conditions` and `claim_tests`; all names of the table can be
imported from here. `table_checks` says what a table may hold, `policy_document` prints it. Imports
no CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aws_jwt_authorizer.access.claim_tests import (
    ClaimValue,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
)
from aws_jwt_authorizer.access.conditions import AnyOf, ClaimPath, Rule, TokenUse
from aws_jwt_authorizer.function_sources import LAMBDA_SRC

__all__ = [
    "AccessTable",
    "AnyOf",
    "ClaimPath",
    "ClaimValue",
    "Contains",
    "ContainsAny",
    "HttpBackend",
    "Issuer",
    "NoOlderThan",
    "Not",
    "Number",
    "OneOf",
    "PathParameter",
    "Route",
    "Rule",
    "TokenUse",
]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A party whose tokens are accepted.

    Attributes:
        name: What rules and log lines call it.
        url: Its `iss`, as in its tokens; None for this app's own user pool, whose id is known
            only after it is deployed, and for one that each stage gives an address of its own.
        audiences: The `aud` values that are ours; none for the pool, whose app clients count.
        from_stage: Whether url and audiences are those under the stage's `issuers.<name>` in
            cdk.json. A stage without such an entry has neither the issuer nor the routes that ask
            for it.
        algorithms: The JWS algorithms that it signs with (RFC 7518 section 3.1).
        token_type: The `typ` that each token's header must have: "at+jwt" for an issuer of
            RFC 9068 access tokens; None for any. Only the Lambda authorizer looks at it.
        token_use: What its tokens are for; None for either. ID makes an ID token of one that does
            not say its use, for those of OpenID Connect do not (a user pool's always do). Only the
            Lambda authorizer looks at it.
        accept_bound_tokens_as_bearer: Whether the Lambda authorizer lets a token pass that is bound
            to its holder's key (`cnf`, RFC 8705 and 9449), although nothing checks that who sends
            it has the key. The built-in authorizer always does.
    """

    name: str
    url: str | None = None
    audiences: tuple[str, ...] = ()
    from_stage: bool = False
    algorithms: tuple[str, ...] = ("RS256",)
    token_type: Literal["JWT", "at+jwt"] | None = None
    token_use: TokenUse | None = None
    accept_bound_tokens_as_bearer: bool = False

    @property
    def is_pool(self) -> bool:
        """Whether this is the app's own user pool."""
        return self.url is None and not self.from_stage


def _sub_and_issuer() -> Mapping[str, str]:
    return {"x-user-sub": "sub", "x-user-issuer": "issuer"}


@dataclass(frozen=True, slots=True)
class HttpBackend:
    """A server that the gateway hands requests on to; docs/backends.md.

    Attributes:
        name: What the stage's `http_backends` in cdk.json call it, to say where it is. A stage
            without such an entry has none of its routes.
        identity_headers: Headers that tell it who calls, each with the member of the Lambda
            authorizer's context that it holds, as "sub=..." for the member "sub". Whatever a
            client sends under these names is thrown away, on public routes too. Nothing behind
            the "=" means that no authorizer has passed the request.
    """

    name: str
    identity_headers: Mapping[str, str] = field(default_factory=_sub_and_issuer)


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the API.

    Attributes:
        key: The route key as declared, "GET /orders/{id}".
        backend: Who answers: a folder under `lambda_src`, or a server.
        authorizer: Who checks the caller: nobody ("public"), API Gateway's built-in authorizer
            ("jwt"), or the Lambda authorizer ("lambda").
        rule: What is asked of the token, or several rules of which one must hold; None on a public
            route, and only there.
        cookie: Whether the access token may come in a cookie of the page that this API serves.
            Only behind the Lambda authorizer, and no decision about such a route is cached.
    """

    key: str
    backend: str | HttpBackend
    authorizer: Literal["public", "jwt", "lambda"]
    rule: Rule | AnyOf | None = None
    cookie: bool = False


@dataclass(frozen=True, slots=True)
class AccessTable:
    """Everything that users decide about access.

    Attributes:
        issuers: Whose tokens are accepted; exactly one is this app's user pool.
        scopes: Scopes of the pool's resource servers, "<server>/<scope>", each with what it
            lets a client do. A server may be called by its URL; a scope has no slash.
        groups: Groups of the pool, the one that wins in doubt first, each with who is in it.
        machine_scopes: What the machine client may ask for, of `scopes`.
        routes: The API's routes; a route that is not here does not exist and is denied.
        claims_for_backends: Claims that the Lambda authorizer hands on to backends beside those
            that it always does, by the name that each gets in the authorizer's context:
            {"email": "email", "actor": ("act", "sub")}.
        backends: Where the code of the routes' backends is: a folder in there for each.
    """

    issuers: tuple[Issuer, ...]
    scopes: Mapping[str, str]
    groups: Mapping[str, str]
    machine_scopes: tuple[str, ...]
    routes: tuple[Route, ...]
    claims_for_backends: Mapping[str, str | ClaimPath] = field(default_factory=dict)
    backends: Path = LAMBDA_SRC
