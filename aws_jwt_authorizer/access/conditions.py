"""Rule -> the conditions that it sets, each in every form that anything needs of it.

A condition's form in the policy, its words, what it reads and what the built-in authorizer makes of
it stand here, together, and nowhere else: the policy, the console, the page, the cache key and the
checks of the table are made from them. Imports no CDK.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aws_jwt_authorizer.access.claim_tests import ClaimValue, PathParameter, claim_test

ClaimPath = tuple[str, ...]
"""Where a claim is: ("realm_access", "roles") for the member `roles` of the object
`realm_access`."""


class TokenUse(StrEnum):
    """What a Cognito token is for, as its `token_use` claim says."""

    ACCESS = "access"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks of a verified token; every part that is given must hold.

    Attributes:
        issuers: Names of issuers; none means any issuer of the table.
        token_use: The kind of token, or None for either.
        scopes_all: Scopes that must all be there.
        scopes_any: Scopes of which one must be there.
        groups_any: Groups of which the user must be in one.
        claims: What each claim must be: a value, a parameter of the path, or a test of
            `claim_tests`. A claim inside another has a path, ("realm_access", "roles"); a dot in a
            name is part of the name.
        groups_all: Groups in all of which the user must be.
        check: A function of your own in `lambda_src/access_checks`, "module:function".
    """

    issuers: tuple[str, ...] = ()
    token_use: TokenUse | None = None
    scopes_all: tuple[str, ...] = ()
    scopes_any: tuple[str, ...] = ()
    groups_any: tuple[str, ...] = ()
    claims: Mapping[str | ClaimPath, ClaimValue] | None = None
    groups_all: tuple[str, ...] = ()
    check: str | None = None


@dataclass(frozen=True, slots=True, init=False)
class AnyOf:
    """Several rules for one route, of which one must hold: AnyOf(ADMIN, OWNER)."""

    rules: tuple[Rule, ...]

    def __init__(self, *rules: Rule) -> None:
        object.__setattr__(self, "rules", rules)


class Reads(StrEnum):
    """What a decision depends on beside the token and the route."""

    PATH = "path"
    CLOCK = "clock"
    CODE = "code"
    """A function of the user's own, of which nothing is known."""


TOKEN_ALONE = frozenset[Reads]()


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a rule asks.

    Attributes:
        document: As the policy has it.
        words: As a person reads it, behind "a token with": "the scope orders/read".
        reads: What its answer depends on beside the token.
        beyond_jwt: Why the built-in authorizer cannot check it, behind "the built-in authorizer";
            None if it can.
        tells_people_apart: Whether one person can meet it and another not, with the same app.
    """

    document: Mapping[str, object]
    words: str
    reads: frozenset[Reads]
    beyond_jwt: str | None = None
    tells_people_apart: bool = False


def rules_of(asked: Rule | AnyOf | None) -> tuple[Rule, ...]:
    """Return the rules of a route, of which one must hold; none for a public route."""
    if isinstance(asked, AnyOf):
        return asked.rules
    return () if asked is None else (asked,)


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """Return all that a rule asks, what is cheap to check first."""
    return (*_of_origin(rule), *_of_permission(rule))


def rule_in_words(asked: Rule | AnyOf, issuer_names: Sequence[str]) -> str:
    """Say what a route asks for: "an access token of cognito with the scope orders/read".

    Args:
        asked: The rule, or several.
        issuer_names: All issuers of the table, which count where a rule names none.
    """
    return ", or ".join(_one_in_words(rule, issuer_names) for rule in rules_of(asked))


def path_of(claim: str | ClaimPath) -> ClaimPath:
    """Return a claim's path, one name for a claim of the token itself."""
    return (claim,) if isinstance(claim, str) else claim


def path_parameters_of(rule: Rule) -> Iterator[tuple[str | ClaimPath, PathParameter]]:
    """Yield each claim that a rule compares with a parameter of the path."""
    for claim, value in (rule.claims or {}).items():
        for operand in claim_test(value).operands:
            if isinstance(operand, PathParameter):
                yield claim, operand


def _one_in_words(rule: Rule, issuer_names: Sequence[str]) -> str:
    kind = f"an {'ID' if rule.token_use is TokenUse.ID else 'access'} token"
    start = f"{kind if rule.token_use else 'a token'} of {_either(rule.issuers or issuer_names)}"
    words = [condition.words for condition in _of_permission(rule)]
    return f"{start} with {' and '.join(words)}" if words else start


def _of_origin(rule: Rule) -> Iterator[Condition]:
    if rule.issuers:
        words = f"the issuer {_either(rule.issuers)}"
        yield Condition({"issuers": list(rule.issuers)}, words, TOKEN_ALONE)
    if rule.token_use is not None:
        yield Condition(
            {"token_use": rule.token_use},
            f"the use {rule.token_use}",
            TOKEN_ALONE,
            "cannot tell an ID token from an access token",
        )


def _of_permission(rule: Rule) -> Iterator[Condition]:
    if rule.scopes_all:
        one = len(rule.scopes_all) == 1
        words = f"the scope{'s' * (not one)} {', '.join(rule.scopes_all)}"
        beyond = None if one else "cannot ask for all of several scopes, only for any of them"
        yield Condition({"scopes_all": list(rule.scopes_all)}, words, TOKEN_ALONE, beyond)
    if rule.scopes_any:
        words = f"the scope {_either(rule.scopes_any)}"
        yield Condition({"scopes_any": list(rule.scopes_any)}, words, TOKEN_ALONE)
    if rule.groups_all:
        words = f"membership of {' and '.join(rule.groups_all)}"
        yield _of_person({"groups_all": list(rule.groups_all)}, words, "checks no groups")
    if rule.groups_any:
        words = f"membership of {_either(rule.groups_any)}"
        yield _of_person({"groups_any": list(rule.groups_any)}, words, "checks no groups")
    for claim, value in (rule.claims or {}).items():
        yield _of_claim(path_of(claim), value)
    if rule.check is not None:
        yield _of_person(
            {"check": rule.check},
            f"the consent of the check {rule.check}",
            "runs no code of yours",
            frozenset({Reads.CODE}),
        )


def _of_claim(path: ClaimPath, value: ClaimValue) -> Condition:
    test = claim_test(value)
    reads_path = any(isinstance(operand, PathParameter) for operand in test.operands)
    reads = {Reads.PATH: reads_path, Reads.CLOCK: test.reads_clock}
    return _of_person(
        {"claim": list(path), "must": test.document},
        f"the claim {'.'.join(path)} {test.words}",
        "checks no claims",
        frozenset(what for what, does in reads.items() if does),
    )


def _of_person(
    document: Mapping[str, object],
    words: str,
    beyond_jwt: str,
    reads: frozenset[Reads] = TOKEN_ALONE,
) -> Condition:
    return Condition(document, words, reads, beyond_jwt, tells_people_apart=True)


def _either(names: Sequence[str]) -> str:
    return " or ".join(names)
