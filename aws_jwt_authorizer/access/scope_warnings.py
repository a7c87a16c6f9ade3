"""AccessTable -> the writing routes that every person of the user pool may call.

Cognito gives a person each scope that the app client may ask for ("Scopes, M2M, and resource
servers", Amazon Cognito guide): a scope tells apps apart, and people by their groups or claims.
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.rules import AccessTable, Rule, TokenUse
from aws_jwt_authorizer.access.table_checks import issuers_of

WRITING = frozenset({"ANY", "DELETE", "PATCH", "POST", "PUT"})


def scope_warnings(access: AccessTable) -> Iterator[str]:
    """Warn of each writing route that admits the pool's people by scopes alone.

    Args:
        access: A table that `check_table` has accepted.

    Returns:
        One line each, with the way out.
    """
    for route in access.routes:
        method = route.key.split(" ")[0]
        if route.rule and method in WRITING and _admits_everybody(route.rule, access):
            yield (
                f"{route.key} asks the user pool's people for scopes alone, and an app client gets "
                "its scopes for everybody who signs in: ask for a group too, groups_any=(...), "
                "behind authorizer='lambda'"
            )


def _admits_everybody(rule: Rule, access: AccessTable) -> bool:
    by_scopes = bool(rule.scopes_all or rule.scopes_any) and rule.token_use is not TokenUse.ID
    tells_people_apart = bool(rule.groups_any or rule.claims)
    of_pool = any(issuer.is_pool for issuer in issuers_of(rule, access))
    return by_scopes and of_pool and not tells_people_apart
