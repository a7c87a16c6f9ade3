"""LocalApp -> who may call each route, as text and as the policy in the authorizer's bundle.

Read from what would be deployed, never from the access table or the authorizer's code.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from local.errors import LocalError
from local.json_value import JsonObject, JsonValue
from local.template.local_app import (
    FunctionConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.authorizer_settings import ISSUERS, POLICY_FILE

_ANY = "any valid token"


def policy_of(app: LocalApp, authorizer: LambdaAuthorizerConfig) -> Mapping[str, JsonObject] | None:
    """Return the rule of each route, by route key, from a Lambda authorizer's bundle.

    Returns:
        None for an authorizer that is not ours: its function lacks `ISSUERS` or `POLICY_FILE`.

    Raises:
        LocalError: The policy of ours cannot be read.
    """
    function = function_of(app, authorizer)
    if not function.environment.keys() >= {ISSUERS, POLICY_FILE}:
        return None
    path = function.code_folder / function.environment[POLICY_FILE]
    try:
        routes = json.loads(path.read_text(encoding="utf-8"))["routes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LocalError(
            f"function {function.label}: {path.name} in its bundle: {error}"
        ) from error
    return MappingProxyType(routes)


def function_of(app: LocalApp, authorizer: LambdaAuthorizerConfig) -> FunctionConfig:
    """Return the function that a Lambda authorizer asks."""
    return next(item for item in app.functions if item.name == authorizer.function_name)


def rule_in_words(app: LocalApp, route: RouteConfig) -> str:
    """Say who may call a route, in one short phrase."""
    match route.authorizer:
        case None:
            return "everyone"
        case JwtAuthorizerConfig():
            return f"a scope of {', '.join(route.scopes)}" if route.scopes else _ANY
        case LambdaAuthorizerConfig() as authorizer:
            return _by_function(app, route, authorizer)


def _by_function(app: LocalApp, route: RouteConfig, authorizer: LambdaAuthorizerConfig) -> str:
    try:
        policy = policy_of(app, authorizer)
    except LocalError as error:
        # A column of a table stops no start; the function itself says what it cannot read.
        return f"nobody: {error}"
    if policy is None:
        return f"as function {function_of(app, authorizer).label} decides"
    rule = policy.get(route.key)
    return "nobody" if rule is None else _words(rule)


def _words(rule: JsonObject) -> str:
    claims = rule.get("claims")
    wanted = claims if isinstance(claims, dict) else {}
    phrases = [
        f"{rule['token_use']} token" if rule.get("token_use") else "",
        _list("issuer", rule.get("issuers"), " or "),
        _list("scope", rule.get("scopes_all"), " and "),
        _list("scope", rule.get("scopes_any"), " or "),
        _list("group", rule.get("groups_any"), " or "),
        *(f"{name} = {_claim_in_words(value)}" for name, value in wanted.items()),
    ]
    return ", ".join(phrase for phrase in phrases if phrase) or _ANY


def _claim_in_words(value: JsonValue) -> str:
    """Return a value, or the place in the called path that it must equal."""
    return f"{{{value['path_parameter']}}}" if isinstance(value, dict) else json.dumps(value)


def _list(kind: str, values: JsonValue, glue: str) -> str:
    return f"{kind} {glue.join(map(str, values))}" if isinstance(values, list) and values else ""
