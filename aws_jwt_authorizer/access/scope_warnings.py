"""AccessTable -> the writing routes that every person of the user pool may call.

Cognito gives a person each scope that the app client may ask for ("Scopes, M2M, and resource
servers", Amazon Cognito guide): a scope tells apps apart, and people by their groups or claims.
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.conditions import Rule, TokenUse, conditions_of, rules_of
from aws_jwt_authorizer.access.route_keys import method_and_path
from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable

WRITING = frozenset({"ANY", "DELETE", "PATCH", "POST", "PUT"})


def scope_warnings(access: AccessTable) -> Iterator[str]:
    """Warn of each writing route that admits the pool's people by scopes alone.

    Args:
        access: A table that `check_table` has accepted.

    Returns:
        One line each, with the way out.
    """
    for route in access.routes:
        method, _ = method_and_path(route.key)
        everybody = any(_admits_everybody(rule, access) for rule in rules_of(route.rule))
        if method in WRITING and everybody:
            yield (
                f"{route.key} asks the user pool's people for scopes alone, and an app client gets "
                "its scopes for everybody who signs in: ask for a group too, groups_any=(...), "
                "behind authorizer='lambda'"
            )


def _admits_everybody(rule: Rule, access: AccessTable) -> bool:
    by_scopes = _asks_for_everybodys_scopes(rule, access) and rule.token_use is not TokenUse.ID
    tells_people_apart = any(condition.tells_people_apart for condition in conditions_of(rule))
    of_pool = any(issuer.is_pool for issuer in issuers_of(rule, access))
    return by_scopes and of_pool and not tells_people_apart


def _asks_for_everybodys_scopes(rule: Rule, access: AccessTable) -> bool:
    """Return whether the rule asks for scopes, and for none that only a trigger can give."""
    of_trigger = set(access.trigger_scopes)
    only_by_trigger = not of_trigger.isdisjoint(rule.scopes_all) or (
        rule.scopes_any and of_trigger.issuperset(rule.scopes_any)
    )
    return bool(rule.scopes_all or rule.scopes_any) and not only_by_trigger
