"""The vocabulary of the access table: backends and routes.

What a route may ask of a token is in `conditions` and `claim_tests`, who makes it in `issuers`, who
may get one of the user pool in `clients`; all names of the table can be imported from here.
`table_checks` says what a table may hold, `policy_document` prints it. Imports no CDK.
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
from aws_jwt_authorizer.access.clients.kinds import (
    ALL_SCOPES,
    AppClient,
    MachineClient,
    NativeClient,
    WebClient,
)
from aws_jwt_authorizer.access.conditions import AnyOf, ClaimPath, Rule, TokenUse
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.function_sources import LAMBDA_SRC

__all__ = [
    "ALL_SCOPES",
    "AccessTable",
    "AnyOf",
    "AppClient",
    "ClaimPath",
    "ClaimValue",
    "Contains",
    "ContainsAny",
    "HttpBackend",
    "Issuer",
    "MachineClient",
    "NativeClient",
    "NoOlderThan",
    "Not",
    "Number",
    "OneOf",
    "PathParameter",
    "Route",
    "Rule",
    "TokenUse",
    "WebClient",
]


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
        accepts_revoked: Why a token that was taken back may call it until it expires, in words: the
            built-in authorizer cannot know, so a "jwt" route needs them where a stage has
            `revocation` on. Empty elsewhere.
    """

    key: str
    backend: str | HttpBackend
    authorizer: Literal["public", "jwt", "lambda"]
    rule: Rule | AnyOf | None = None
    cookie: bool = False
    accepts_revoked: str = ""


@dataclass(frozen=True, slots=True)
class AccessTable:
    """Everything that users decide about access.

    Attributes:
        issuers: Whose tokens are accepted; exactly one is this app's user pool.
        scopes: Scopes of the pool's resource servers, "<server>/<scope>", each with what it
            lets a client do. A server may be called by its URL; a scope has no slash.
        groups: Groups of the pool, the one that wins in doubt first, each with who is in it.
        clients: The app clients of the pool, any number of each kind or none. The page that the API
            serves has clients of its own.
        routes: The API's routes; a route that is not here does not exist and is denied.
        claims_for_backends: Claims that the Lambda authorizer hands on to backends beside those
            that it always does, by the name that each gets in the authorizer's context:
            {"email": "email", "actor": ("act", "sub")}.
        backends: Where the code of the routes' backends is: a folder in there for each.
        trigger_scopes: Scopes that a pre-token-generation trigger adds to the pool's access tokens,
            by whatever name. Rules may ask for them, and no resource server is made for them.
    """

    issuers: tuple[Issuer, ...]
    scopes: Mapping[str, str]
    groups: Mapping[str, str]
    clients: tuple[AppClient, ...]
    routes: tuple[Route, ...]
    claims_for_backends: Mapping[str, str | ClaimPath] = field(default_factory=dict)
    backends: Path = LAMBDA_SRC
    trigger_scopes: tuple[str, ...] = ()
