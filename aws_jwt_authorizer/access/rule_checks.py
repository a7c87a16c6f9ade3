"""What a route asks -> what is wrong with it, a line each.

Among it is what no token can meet: such a rule would be a route that nobody can call. Imports no
CDK.
"""

import re
from collections.abc import Iterable, Iterator

from aws_jwt_authorizer.access.cache_key import path_parameters
from aws_jwt_authorizer.access.claim_tests import claim_test
from aws_jwt_authorizer.access.conditions import (
    AnyOf,
    ClaimPath,
    Rule,
    TokenUse,
    path_of,
    path_parameters_of,
    rules_of,
)
from aws_jwt_authorizer.access.jwt_route import reason_for_lambda
from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route

COGNITO_SCOPES = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})
POOL_GROUPS = "cognito:groups"
CHECK = re.compile(r"[a-z_][a-z0-9_]*:[a-z_][a-z0-9_]*")
DOTTED = re.compile(r"[^/:]*\.[^/:]*")
"""A name with a dot that is not the URL or URN that issuers name their own claims by."""

SEPARATORS = (".", "/", ":")
"""What people write between the names of a path."""


def issuers_of(asked: Rule | AnyOf, table: AccessTable) -> tuple[Issuer, ...]:
    """Return the issuers whose tokens a route admits: those that its rules name, or all."""
    rules = rules_of(asked)
    return tuple(
        item
        for item in table.issuers
        if any(not rule.issuers or item.name in rule.issuers for rule in rules)
    )


def rule_problems(table: AccessTable, route: Route, asked: Rule | AnyOf) -> Iterator[str]:
    """Say what is wrong with what a route asks; `field_types` has accepted its types."""
    rules = rules_of(asked)
    if not rules:
        yield "has AnyOf() without a rule: name those of which one must hold"
    for rule in rules:
        yield from _one_problems(table, route, rule)
    reason = reason_for_lambda(asked, issuers_of(asked, table))
    if route.authorizer == "jwt" and reason:
        yield f"the built-in authorizer {reason}, use authorizer='lambda'"


def _one_problems(table: AccessTable, route: Route, rule: Rule) -> Iterator[str]:
    names = {issuer.name for issuer in table.issuers}
    for issuer in rule.issuers:
        if issuer not in names:
            yield f"issuer {issuer!r} is unknown, use one of {', '.join(sorted(names))}"
    if all(issuer.is_pool for issuer in issuers_of(rule, table)):
        yield from _pool_problems(table, rule)
    yield from _use_problems(table, rule)
    yield from _claim_problems(table, rule)
    yield from _parameter_problems(route.key, rule)
    if rule.check is not None and not CHECK.fullmatch(rule.check):
        yield (
            f"check {rule.check!r} must be 'module:function', a module of lambda_src/access_checks "
            "and a function in it"
        )
    means_something_by_issuer = (
        rule.scopes_all or rule.scopes_any or rule.groups_all or rule.groups_any or rule.claims
    )
    if (
        route.authorizer == "lambda"
        and len(table.issuers) > 1
        and not rule.issuers
        and means_something_by_issuer
    ):
        yield (
            "name its issuers, with more than one issuer "
            "a scope, group or claim means only what its issuer says it means"
        )


def _use_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    """Say which issuers make no token that can be known to be of the use that a rule asks for.

    A rule that names its issuers expects tokens of each; another, of any one.
    """
    if rule.token_use is None:
        return
    admitted = issuers_of(rule, table)
    unable = [issuer for issuer in admitted if rule.token_use not in issuer.token_uses]
    for issuer in unable if rule.issuers or unable == list(admitted) else ():
        asked = f"token_use is {str(rule.token_use)!r}, and tokens of issuer {issuer.name!r}"
        if issuer.token_uses:
            only = " or ".join(repr(str(use)) for use in sorted(issuer.token_uses))
            yield f"{asked} are for {only} alone: remove it, or the issuer"
        else:
            yield (
                f"{asked} never say what they are for: remove it, or say token_type='at+jwt' of "
                "the issuer if its tokens are of that type"
            )


def _pool_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    """List scopes and groups that only the pool can give, and that it does not."""
    for scope in rule.scopes_all + rule.scopes_any:
        if scope not in (*table.scopes, *table.trigger_scopes, *COGNITO_SCOPES):
            yield (
                f"scope {scope!r} is not in SCOPES, use one of {', '.join(table.scopes)}, or add "
                "it to TRIGGER_SCOPES if a trigger adds it to tokens"
            )
    for group in rule.groups_all + rule.groups_any:
        if group not in table.groups:
            yield f"group {group!r} is not in GROUPS, use one of {', '.join(table.groups)}"
    if rule.token_use is TokenUse.ID and (rule.scopes_all or rule.scopes_any):
        yield "an ID token of the user pool has no scopes: ask for TokenUse.ACCESS or for no scope"
    if (POOL_GROUPS,) in {path_of(claim)[:1] for claim in rule.claims or {}}:
        yield f"claim {POOL_GROUPS!r}: ask for the user pool's groups by groups_any or groups_all"


def path_problems(claim: str | ClaimPath) -> Iterator[str]:
    """Say what is wrong with how a table writes where a claim is."""
    if not path_of(claim) or "" in path_of(claim):
        yield f"claim {claim!r} names nothing: write the names on the way to it, outermost first"
    if isinstance(claim, str) and DOTTED.fullmatch(claim):
        yield (
            f"claim {claim!r} has a dot, which is part of a name and never a path: write "
            f"{tuple(claim.split('.'))!r} for a claim inside another, or {(claim,)!r} for a "
            "claim of that very name"
        )


def flat_problems(claim: str | ClaimPath, issuers: Iterable[Issuer]) -> Iterator[str]:
    """Say which issuers' tokens nest what a table writes as one name."""
    for issuer in issuers:
        for name in issuer.object_claims:
            members = _members_in(claim, name) if isinstance(claim, str) else ()
            if members:
                yield (
                    f"claim {claim!r} is one name, and tokens of issuer {issuer.name!r} have it "
                    f"inside {name!r}: write {(name, *members)!r}"
                )


def _members_in(claim: str, name: str) -> tuple[str, ...]:
    """Return the names that follow an object's in a name that was meant as a path."""
    rest = claim.removeprefix(name)
    if rest == claim or not (name.endswith("/") or rest.startswith(SEPARATORS)):
        return ()
    return tuple(filter(None, re.split(r"[./:]", rest)))


def _object_problems(claim: str | ClaimPath, issuers: Iterable[Issuer]) -> Iterator[str]:
    for issuer in issuers:
        if len(path_of(claim)) == 1 and path_of(claim)[0] in issuer.object_claims:
            yield (
                f"claim {claim!r} is an object in tokens of issuer {issuer.name!r}, which passes "
                f"no test: ask for a member of it, {(*path_of(claim), '...')!r}"
            )


def _claim_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    issuers = issuers_of(rule, table) if rule.issuers else ()
    paths: list[ClaimPath] = []
    for claim, value in (rule.claims or {}).items():
        where = f"claim {claim!r}"
        paths.append(path_of(claim))
        if paths.count(path_of(claim)) > 1:
            yield f"{where} is asked for twice: name each claim only once"
        of_issuer = [*flat_problems(claim, issuers), *_object_problems(claim, issuers)]
        yield from of_issuer or path_problems(claim)
        yield from (f"{where} {problem}" for problem in claim_test(value).problems)


def _parameter_problems(route_key: str, rule: Rule) -> Iterator[str]:
    parameters = path_parameters(route_key)
    for claim, parameter in path_parameters_of(rule):
        if parameter.name not in parameters:
            yield (
                f"claim {claim!r} is compared with {{{parameter.name}}}, which its path does not "
                f"have: use one of {', '.join(parameters) or '(none)'}"
            )
