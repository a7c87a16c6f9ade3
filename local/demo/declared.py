"""Route and caller -> the declared answer: allowed, 401 or 403.

The rule: judged from the template and the bundled policy and from what the demo itself knows of
each caller; it shares no line with the authorizer, so that neither can hide the other's mistake.
"""

import json
from collections.abc import Mapping
from enum import StrEnum

from local.demo.callers import Caller
from local.demo.calls import sample_parameters
from local.json_value import JsonObject, JsonValue
from local.local_addresses import ISSUERS
from local.rules import function_of, policy_of
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)

_UNAUTHORIZED, _FORBIDDEN, _SERVER_ERROR = 401, 403, 500


class Verdict(StrEnum):
    """What can be declared about a call."""

    ALLOWED = "allowed"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"

    @classmethod
    def of_status(cls, status: int) -> "Verdict | None":
        """The verdict that an answer shows; None for a failure, which is never declared."""
        if status >= _SERVER_ERROR:
            return None
        refusals = {_UNAUTHORIZED: cls.UNAUTHORIZED, _FORBIDDEN: cls.FORBIDDEN}
        return refusals.get(status, cls.ALLOWED)


def declared_verdict(app: LocalApp, route: RouteConfig, caller: Caller) -> Verdict | None:
    """What the template and its policy declare for a call.

    Returns:
        None where nothing is declared: behind a Lambda authorizer that is not ours.
    """
    match route.authorizer:
        case None:
            return Verdict.ALLOWED
        case JwtAuthorizerConfig() as authorizer:
            return _by_built_in(authorizer, route, caller)
        case LambdaAuthorizerConfig() as authorizer:
            return _by_policy(app, authorizer, route, caller)


def _by_built_in(authorizer: JwtAuthorizerConfig, route: RouteConfig, caller: Caller) -> Verdict:
    known = (
        caller.claims.get("iss") == authorizer.issuer
        and _audience(caller.claims) in authorizer.audiences
    )
    if caller.token is None or not caller.genuine or not known:
        return Verdict.UNAUTHORIZED
    if route.scopes and not set(route.scopes) & set(_scopes(caller.claims)):
        return Verdict.FORBIDDEN
    return Verdict.ALLOWED


def _by_policy(
    app: LocalApp, authorizer: LambdaAuthorizerConfig, route: RouteConfig, caller: Caller
) -> Verdict | None:
    policy = policy_of(app, authorizer)
    if policy is None:
        return None
    issuer = _issuer(app, authorizer, caller.claims)
    if caller.token is None or not caller.genuine or issuer is None:
        return Verdict.UNAUTHORIZED
    rule = policy.get(route.key)
    parameters = sample_parameters(route)
    if rule is None or not _grants(rule, issuer, caller.claims, parameters):
        return Verdict.FORBIDDEN
    return Verdict.ALLOWED


def _issuer(
    app: LocalApp, authorizer: LambdaAuthorizerConfig, claims: JsonObject
) -> JsonObject | None:
    """The configured issuer whose token this is, meant for a client of ours."""
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
    """What a claim must be: the value itself, or what the path of the call holds."""
    return parameters[str(value["path_parameter"])] if isinstance(value, dict) else value


def _is_the_same(held: JsonValue, wanted: JsonValue) -> bool:
    return type(held) is type(wanted) and held == wanted


def _audience(claims: JsonObject) -> JsonValue:
    return claims["aud"] if "aud" in claims else claims.get("client_id")


def _scopes(claims: JsonObject) -> list[str]:
    return str(claims.get("scope", "")).split(" ")


def _strings(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
