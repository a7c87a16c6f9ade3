"""LocalApp -> who may call each route, as text and as the policy in the authorizer's bundle.

Read from what would be deployed, never from the access table or the authorizer's code.
"""

import json
from collections.abc import Mapping

from local.errors import LocalError
from local.template.local_app import (
    FunctionConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.authorizer_settings import ISSUERS, POLICY_FILE

_ANY = "any valid token"


def policy_of(app: LocalApp, authorizer: LambdaAuthorizerConfig) -> Mapping[str, str] | None:
    """Return the rule of each route in words, by route key, from a Lambda authorizer's bundle.

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
        return {key: str(rule["in_words"]) for key, rule in routes.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LocalError(
            f"function {function.label}: {path.name} in its bundle: {error}"
        ) from error


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
    return policy.get(route.key, "nobody")
