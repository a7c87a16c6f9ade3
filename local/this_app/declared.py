"""Route and caller -> the declared answer: allowed, 401 or 403.

Judged by the access table of the sources, by the template's issuers and by what the demo
itself knows of each caller; neither the bundled policy nor a line of the authorizer is asked, so
that none can hide the other's mistake.
"""

import json
from collections.abc import Mapping
from enum import StrEnum

from local.json_value import JsonObject, JsonValue
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.authorizer_settings import ISSUERS
from local.this_app.callers import Caller
from local.this_app.calls import sample_parameters
from local.this_app.rules import function_of, policy_of
from local.this_app.source_table import SourceTable

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
    rule = declared.rule or {}
    match route.authorizer:
        case None:
            return Verdict.ALLOWED
        case JwtAuthorizerConfig() as authorizer:
            return _by_built_in(authorizer, _strings(rule.get("scopes_any")), caller)
        case LambdaAuthorizerConfig() as authorizer:
            return _by_rule(app, authorizer, rule, sample_parameters(route), caller)


def _by_built_in(authorizer: JwtAuthorizerConfig, scopes: list[str], caller: Caller) -> Verdict:
    known = (
        caller.claims.get("iss") == authorizer.issuer
        and _audience(caller.claims) in authorizer.audiences
    )
    if caller.token is None or not caller.genuine or not known:
        return Verdict.UNAUTHORIZED
    if scopes and not set(scopes) & set(_scopes(caller.claims)):
        return Verdict.FORBIDDEN
    return Verdict.ALLOWED


def _by_rule(
    app: LocalApp,
    authorizer: LambdaAuthorizerConfig,
    rule: JsonObject,
    parameters: Mapping[str, str],
    caller: Caller,
) -> Verdict | None:
    if policy_of(app, authorizer) is None:
        return None
    issuer = _issuer(app, authorizer, caller.claims)
    if caller.token is None or not caller.genuine or issuer is None:
        return Verdict.UNAUTHORIZED
    granted = _grants(rule, issuer, caller.claims, parameters)
    return Verdict.ALLOWED if granted else Verdict.FORBIDDEN


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


def _grants(
    rule: JsonObject, issuer: JsonObject, claims: JsonObject, parameters: Mapping[str, str]
) -> bool:
    # An issuer of RFC 9068 tokens makes access tokens only, and says so by their type.
    use = (
        "access"
        if issuer.get("typ") == "at+jwt"
        else claims.get("token_use", issuer.get("token_use"))
    )
    scopes = set(_scopes(claims))
    of_pool = "cognito-idp." in str(issuer["issuer"])
    groups = set(_strings(claims.get("cognito:groups" if of_pool else "groups")))
    wanted = rule.get("claims")
    checks = (
        not rule["issuers"] or issuer["name"] in _strings(rule["issuers"]),
        rule["token_use"] is None or rule["token_use"] == use,
        scopes >= set(_strings(rule["scopes_all"])),
        not rule["scopes_any"] or scopes & set(_strings(rule["scopes_any"])),
        not rule["groups_any"] or groups & set(_strings(rule["groups_any"])),
        not isinstance(wanted, dict)
        or all(
            _is_the_same(claims.get(name), _wanted(value, parameters))
            for name, value in wanted.items()
        ),
    )
    return all(checks)


def _wanted(value: JsonValue, parameters: Mapping[str, str]) -> JsonValue:
    """Return what a claim must be: the value itself, or what the path of the call holds."""
    return parameters[str(value["path_parameter"])] if isinstance(value, dict) else value


def _is_the_same(held: JsonValue, wanted: JsonValue) -> bool:
    return type(held) is type(wanted) and held == wanted


def _audience(claims: JsonObject) -> JsonValue:
    return claims["aud"] if "aud" in claims else claims.get("client_id")


def _scopes(claims: JsonObject) -> list[str]:
    return str(claims.get("scope", "")).split(" ")


def _strings(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
