"""AccessTable -> the rules that no client of the user pool can meet: said in words at synth.

Nothing is wrong with such a table: its routes are there and refuse everybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_jwt_authorizer.access.clients.kinds import MachineClient, scopes_of
from aws_jwt_authorizer.access.conditions import Rule, TokenUse, rules_of
from aws_jwt_authorizer.access.pool_names import STANDARD_SCOPES
from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable

OF_SIGN_IN_API = "aws.cognito.signin.user.admin"
"""The scope of every token that Cognito's own sign-in API gives."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whom a client gets tokens for, and the scopes that these can have."""

    is_person: bool
    scopes: frozenset[str]


def unreachable(access: AccessTable, *, page: bool) -> Iterator[str]:
    """Yield each route of the user pool that nobody can call, in one line with the way out.

    A token of another issuer is that issuer's affair: a route that takes one is left alone.

    Args:
        access: The table of a stage, with the clients of that stage alone.
        page: Whether the page that this API serves signs people in at the user pool, by clients of
            its own.
    """
    if any(issuer.is_pool and issuer.client_ids for issuer in access.issuers):
        return  # clients made elsewhere may ask for anything
    holders = [
        _Holder(
            is_person=not isinstance(client, MachineClient),
            scopes=frozenset(scopes_of(client, access.scopes)),
        )
        for client in access.clients
    ]
    if page:
        holders.append(_Holder(is_person=True, scopes=frozenset(access.scopes)))
    for route in access.routes:
        rules = rules_of(route.rule)
        of_pool = [all(issuer.is_pool for issuer in issuers_of(rule, access)) for rule in rules]
        lacking = [_lacking(rule, holders, access) for rule in rules]
        if rules and all(of_pool) and all(lacking):
            yield f"nobody can call {route.key}: {lacking[0]}"


def _lacking(rule: Rule, holders: Sequence[_Holder], access: AccessTable) -> str | None:
    """Return why no client gets a token that meets a rule; None if one does."""
    if not holders:
        return (
            "it asks for a token of the user pool, and no client of this stage can get one; add "
            "one to CLIENTS"
        )
    able = [holder for holder in holders if holder.is_person or not _asks_for_a_person(rule)]
    if not able:
        return (
            "it asks for a person, and every client of this stage is a machine; add a WebClient or "
            "a NativeClient to CLIENTS"
        )
    if any(_has_scopes(rule, holder, access) for holder in able):
        return None
    asked = ", ".join(dict.fromkeys((*rule.scopes_all, *rule.scopes_any)))
    return (
        f"it asks for {asked}, and no client of this stage may ask for that; give it to one in "
        "CLIENTS"
    )


def _asks_for_a_person(rule: Rule) -> bool:
    return bool(rule.groups_all or rule.groups_any) or rule.token_use is TokenUse.ID


def _has_scopes(rule: Rule, holder: _Holder, access: AccessTable) -> bool:
    of_people = {*STANDARD_SCOPES, OF_SIGN_IN_API} if holder.is_person else set()
    held = holder.scopes | of_people | set(access.trigger_scopes)
    return held.issuperset(rule.scopes_all) and (
        not rule.scopes_any or not held.isdisjoint(rule.scopes_any)
    )
