"""A route's rules -> who just meets each of them, and who misses one part of it.

They are made of a token of the demo's own callers and signed by its issuer: no person of the demo
needs to have what a rule asks for.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from local.cognito.pool import ACCESS
from local.json_value import JsonObject, JsonValue
from local.template.local_app import RouteConfig
from local.this_app.demo.callers import Caller
from local.this_app.demo.calls import sample_parameters
from local.this_app.demo.claim_values import Unknown, failing, passing
from local.this_app.demo.source_table import SourceRoute

Sign = Callable[[str, JsonObject], str]
"""Takes "access" or "id" and claims; returns the token."""

_ASKED_OF_THE_TOKEN = frozenset({"issuers", "token_use", "check"})
_THE_VERIFIERS = frozenset({"aud", "azp", "client_id", "exp", "iat", "iss", "nbf", "token_use"})
"""Claims that a token is refused for before its route's rule is asked."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A call of a route by somebody who was made for one of its rules.

    Args:
        route: What is called.
        caller: By whom; the name says what is missing.
        meets: Whether nothing is.
    """

    route: RouteConfig
    caller: Caller
    meets: bool


@dataclass(frozen=True, slots=True)
class Trusted:
    """An issuer whose tokens can be made here.

    Args:
        name: As rules call it.
        scopes_claim: Where its access tokens say scopes, name by name.
        groups_claim: Where its tokens say groups, likewise.
        bearers: Genuine callers, by the use of their token.
        sign: Makes a token.
    """

    name: str
    scopes_claim: tuple[str, ...]
    groups_claim: tuple[str, ...]
    bearers: Mapping[str, Caller]
    sign: Sign = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Draft:
    use: str
    scopes: tuple[str, ...]
    groups: tuple[str, ...]
    claims: JsonObject
    parameters: Mapping[str, str]


def trials_of(
    route: RouteConfig, declared: SourceRoute, trusted: Sequence[Trusted]
) -> Iterator[Trial]:
    """Yield the trials of each rule of a route; none for a rule that only its issuer could meet.

    Args:
        route: What is called.
        declared: What the table says of it.
        trusted: The issuers whose tokens can be made here.
    """
    for number, rule in enumerate(declared.any_of or [], start=1):
        one = f"rule {number}" if len(declared.any_of or []) > 1 else "the rule"
        for issuer in _issuers_of(rule, trusted):
            try:
                yield from _of_rule(route, rule, issuer, one)
            except Unknown:
                continue
            break


def _of_rule(
    route: RouteConfig, rule: list[JsonObject], issuer: Trusted, one: str
) -> Iterator[Trial]:
    use = next((str(item["token_use"]) for item in rule if "token_use" in item), "access")
    if use not in issuer.bearers:
        return
    bearer = issuer.bearers[use]
    met = _Draft(use, (), (), bearer.claims, sample_parameters(route, bearer))
    for condition in rule:
        met = _meeting(condition, met)
    yield _trial(route, issuer, met, f"just meets {one}", meets=True)
    for condition in rule:
        for what, draft in _missing(condition, met, issuer):
            yield _trial(route, issuer, draft, f"without {what}", meets=False)


def _issuers_of(rule: list[JsonObject], trusted: Sequence[Trusted]) -> Iterator[Trusted]:
    named = next((_texts(item["issuers"]) for item in rule if "issuers" in item), None)
    return (issuer for issuer in trusted if named is None or issuer.name in named)


def _meeting(condition: JsonObject, draft: _Draft) -> _Draft:
    """Return a draft that meets one condition more.

    Raises:
        Unknown: The condition cannot be met by what is known here.
    """
    if "claim" in condition:
        return _with_claim(condition, draft, passing)
    [(kind, asked)] = condition.items()
    names = _texts(asked)
    match kind:
        case "scopes_all":
            return replace(draft, scopes=(*draft.scopes, *names))
        case "scopes_any":
            return replace(draft, scopes=(*draft.scopes, names[0]))
        case "groups_all":
            return replace(draft, groups=(*draft.groups, *names))
        case "groups_any":
            return replace(draft, groups=(*draft.groups, names[0]))
        case "check":
            raise Unknown(kind)
    return draft


def _missing(condition: JsonObject, met: _Draft, issuer: Trusted) -> Iterator[tuple[str, _Draft]]:
    """Yield what is missing, and the draft that misses it alone."""
    if "claim" in condition:
        name = ".".join(_texts(condition["claim"]))
        yield f"a fit {name}", _with_claim(condition, met, failing)
        return
    [(kind, asked)] = condition.items()
    match kind:
        case "scopes_all" | "groups_all":
            for name in _texts(asked):
                yield name, _less(met, frozenset({name}))
        case "scopes_any" | "groups_any":
            names = frozenset(_texts(asked))
            yield " or ".join(sorted(names)), _less(met, names)
        case "token_use":
            for use in sorted(issuer.bearers.keys() - {asked}):
                bearer = issuer.bearers[use]
                yield f"an {asked} token", replace(met, use=use, claims=bearer.claims)


def _less(met: _Draft, names: frozenset[str]) -> _Draft:
    return replace(
        met,
        scopes=tuple(name for name in met.scopes if name not in names),
        groups=tuple(name for name in met.groups if name not in names),
    )


def _with_claim(
    condition: JsonObject,
    draft: _Draft,
    value_of: Callable[[JsonObject, Mapping[str, str], int], JsonValue],
) -> _Draft:
    path = _texts(condition["claim"])
    test = condition["must"]
    if path[0] in _THE_VERIFIERS or not isinstance(test, dict):
        raise Unknown(path[0])
    parameter = _parameter(test)
    if path == ["sub"]:
        if parameter is None:
            raise Unknown("sub")
        owner = str(draft.claims["sub"])
        asked = owner if value_of is passing else f"not-{owner}"
        return replace(draft, parameters={**draft.parameters, parameter: asked})
    value = value_of(test, draft.parameters, int(time.time()))
    return replace(draft, claims=_put(draft.claims, path, value))


def _parameter(test: JsonObject) -> str | None:
    """Return the one parameter of the path that a claim must be equal to, if it is that."""
    match test:
        case {"be_one_of": [{"path_parameter": str(name)}]}:
            return name
    return None


def _put(claims: JsonObject, path: list[str], value: JsonValue) -> JsonObject:
    name, *rest = path
    if not rest:
        return {**claims, name: value}
    inner = claims.get(name)
    return {**claims, name: _put(inner if isinstance(inner, dict) else {}, rest, value)}


def _trial(route: RouteConfig, issuer: Trusted, draft: _Draft, name: str, *, meets: bool) -> Trial:
    claims: JsonObject = {**draft.claims, "jti": secrets.token_urlsafe()}
    if draft.groups or issuer.groups_claim[0] in claims:
        claims = _put(claims, [*issuer.groups_claim], list(dict.fromkeys(draft.groups)))
    if draft.use == ACCESS:
        claims = _put(claims, [*issuer.scopes_claim], " ".join(dict.fromkeys(draft.scopes)))
    token = issuer.sign(draft.use, claims)
    return Trial(route, Caller(name, token, claims, parameters=draft.parameters), meets)


def _texts(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
