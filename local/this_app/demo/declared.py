"""Route and caller -> the declared answer: allowed, 401 or 403.

Judged by the access table of the sources, by the template's issuers and by what the demo
itself knows of each caller; neither the bundled policy nor a line of the authorizer is asked, so
that none can hide the other's mistake.
"""

import json
import time
from collections.abc import Mapping
from enum import StrEnum

from local.json_value import JsonObject, JsonValue
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.authorizer_settings import ISSUERS, claim_path
from local.this_app.demo.callers import Caller
from local.this_app.demo.calls import sample_parameters
from local.this_app.demo.granted import Asked, Bearer, granted
from local.this_app.demo.source_table import SourceTable
from local.this_app.rules import function_of, policy_of

_UNAUTHORIZED, _FORBIDDEN, _SERVER_ERROR = 401, 403, 500


class Verdict(StrEnum):
    """What can be declared about a call."""

    ALLOWED = "allowed"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"

    @classmethod
    def of_status(cls, status: int) -> "Verdict | None":
        """Return the verdict that an answer shows; None for a failure, which is never declared."""
        if status >= _SERVER_ERROR:
            return None
        refusals = {_UNAUTHORIZED: cls.UNAUTHORIZED, _FORBIDDEN: cls.FORBIDDEN}
        return refusals.get(status, cls.ALLOWED)


def declared_verdict(
    app: LocalApp, table: SourceTable, route: RouteConfig, caller: Caller
) -> Verdict | None:
    """Return the verdict that the sources declare for a call.

    Args:
        app: What is served; its authorizers are of the kinds that the table says.
        table: The access table of the sources.
        route: What is called.
        caller: By whom.

    Returns:
        None where nothing is declared: the table has no such route, or the Lambda authorizer is
        not ours.

    Raises:
        LocalError: The policy in the bundle of our authorizer cannot be read.
    """
    declared = table.get(route.key)
    if declared is None:
        return None
    asked = declared.any_of or []
    match route.authorizer:
        case None:
            return Verdict.ALLOWED
        case JwtAuthorizerConfig() as authorizer:
            return _by_built_in(authorizer, asked, caller)
        case LambdaAuthorizerConfig() as authorizer:
            return _by_rule(app, authorizer, asked, sample_parameters(route, caller), caller)


def _by_built_in(authorizer: JwtAuthorizerConfig, asked: Asked, caller: Caller) -> Verdict:
    known = (
        caller.claims.get("iss") == authorizer.issuer
        and _audience(caller.claims) in authorizer.audiences
    )
    if caller.token is None or not caller.genuine or not known:
        return Verdict.UNAUTHORIZED
    of_scopes = [[item for item in rule if "issuers" not in item] for rule in asked]
    bearer = _bearer({"name": "", "issuer": authorizer.issuer}, caller.claims, {})
    return Verdict.ALLOWED if granted(of_scopes, bearer) else Verdict.FORBIDDEN


def _by_rule(
    app: LocalApp,
    authorizer: LambdaAuthorizerConfig,
    asked: Asked,
    parameters: Mapping[str, str],
    caller: Caller,
) -> Verdict | None:
    if policy_of(app, authorizer) is None:
        return None
    issuer = _issuer(app, authorizer, caller.claims)
    if caller.token is None or not caller.genuine or issuer is None:
        return Verdict.UNAUTHORIZED
    answer = granted(asked, _bearer(issuer, caller.claims, parameters))
    verdicts = {True: Verdict.ALLOWED, False: Verdict.FORBIDDEN}
    return None if answer is None else verdicts[answer]


def _issuer(
    app: LocalApp, authorizer: LambdaAuthorizerConfig, claims: JsonObject
) -> JsonObject | None:
    """Return the configured issuer whose token this is, meant for a client of ours."""
    for item in json.loads(function_of(app, authorizer).environment[ISSUERS]):
        ours = [*item.get("client_ids", ()), *item.get("audiences", ())]
        if item["issuer"] == claims.get("iss") and _audience(claims) in ours:
            found: JsonObject = item
            return found
    return None


def _bearer(issuer: JsonObject, claims: JsonObject, parameters: Mapping[str, str]) -> Bearer:
    # An issuer of RFC 9068 tokens makes access tokens only, and says so by their type.
    use = (
        "access"
        if issuer.get("typ") == "at+jwt"
        else claims.get("token_use", issuer.get("token_use"))
    )
    of_pool = "cognito-idp." in str(issuer["issuer"])
    groups = ("cognito:groups",) if of_pool else claim_path(issuer, "groups_claim", ("groups",))
    return Bearer(
        issuer=str(issuer["name"]),
        use=use,
        scopes=frozenset(_scopes(_at(claims, claim_path(issuer, "scopes_claim", ("scope",))))),
        groups=frozenset(_strings(_at(claims, groups))),
        claims=claims,
        parameters=parameters,
        now=time.time(),
    )


def _audience(claims: JsonObject) -> JsonValue:
    return claims["aud"] if "aud" in claims else claims.get("client_id")


def _at(claims: JsonObject, path: tuple[str, ...]) -> JsonValue:
    held: JsonValue = claims
    for name in path:
        held = held.get(name) if isinstance(held, dict) else None
    return held


def _scopes(held: JsonValue) -> list[str]:
    return held.split(" ") if isinstance(held, str) else _strings(held)


def _strings(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
