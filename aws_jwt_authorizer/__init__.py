"""JWT authorization for CDK apps: the access table, bundling, and the checks that stop synth.

What an app needs can be imported from here; nothing is imported before it is asked for, so that the
words of a table need no CDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_jwt_authorizer.access import presets
    from aws_jwt_authorizer.access.rules import (
        AnyOf,
        Contains,
        ContainsAny,
        Issuer,
        NoOlderThan,
        Not,
        Number,
        OneOf,
        PathParameter,
        Rule,
        TokenUse,
    )
    from aws_jwt_authorizer.authorizers.bearer_responses import bearer_responses
    from aws_jwt_authorizer.authorizers.jwt_authorizer import JwtAuthorizer
    from aws_jwt_authorizer.authorizers.rest_jwt_authorizer import RestJwtAuthorizer
    from aws_jwt_authorizer.authorizers.user_pool_issuer import user_pool_issuer

__all__ = [
    "AnyOf",
    "Contains",
    "ContainsAny",
    "Issuer",
    "JwtAuthorizer",
    "NoOlderThan",
    "Not",
    "Number",
    "OneOf",
    "PathParameter",
    "RestJwtAuthorizer",
    "Rule",
    "TokenUse",
    "bearer_responses",
    "presets",
    "user_pool_issuer",
]

_RULES = "aws_jwt_authorizer.access.rules"
_HOMES = {
    "RestJwtAuthorizer": "aws_jwt_authorizer.authorizers.rest_jwt_authorizer",
    "bearer_responses": "aws_jwt_authorizer.authorizers.bearer_responses",
    "JwtAuthorizer": "aws_jwt_authorizer.authorizers.jwt_authorizer",
    "user_pool_issuer": "aws_jwt_authorizer.authorizers.user_pool_issuer",
}


def __getattr__(name: str) -> object:
    """Import what is asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "presets":
        return import_module("aws_jwt_authorizer.access.presets")
    return getattr(import_module(_HOMES.get(name, _RULES)), name)
