"""Stage and table -> the `jwt` routes that take fewer forms of the pool's issuer than it says.

API Gateway's built-in authorizer compares `iss` with one string ("Control access to HTTP APIs with
JWT authorizers", API Gateway developer guide). Imports no CDK.
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable, Rule
from stacks.stage.config import StageConfig


def form_warnings(config: StageConfig, access: AccessTable) -> Iterator[str]:
    """Each such route, one line each, with the way out.

    Args:
        config: The stage.
        access: The table of that stage.
    """
    causes = [
        name
        for name, says in (
            ("accept_both_cognito_issuers", config.accept_both_cognito_issuers),
            ("replica_regions", bool(config.replica_regions)),
        )
        if says
    ]
    for route in access.routes if causes else ():
        of_pool = any(issuer.is_pool for issuer in issuers_of(route.rule or Rule(), access))
        if route.authorizer == "jwt" and of_pool:
            yield (
                f"{route.key} has authorizer='jwt', which takes the {config.cognito_issuer} form "
                f"of the pool's issuer in its own region alone, whatever {' and '.join(causes)} "
                "says: use authorizer='lambda' (docs/issuers.md)"
            )
