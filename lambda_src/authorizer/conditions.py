"""One condition of a rule + VerifiedToken -> what the token lacks, as a stable code for the log.

Whole values only: no prefix, no substring, no pattern. The form of each condition in the policy is
in `docs/access-table.md`.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Final, NamedTuple, Protocol

from authorizer import access_check
from authorizer.access_check import AccessCheck
from authorizer.call import Call
from authorizer.claim_tests import ClaimTest, claim_at, parse_test
from authorizer.path_parameters import declared_parameters, reads_one_way
from authorizer.route import RouteKey
from jwt_verifier.fields import Fields
from jwt_verifier.issuer import TOKEN_USES
from jwt_verifier.tokens import VerifiedToken

Held = Callable[[VerifiedToken], tuple[str, ...]]

_SCOPES: Final[Held] = attrgetter("scopes")
_GROUPS: Final[Held] = attrgetter("groups")


class Condition(Protocol):
    """One thing that a rule asks."""

    def lacking(self, token: VerifiedToken, call: Call) -> str | None:
        """Return why the condition is not met, or None if it is."""


class _OfIssuer(NamedTuple):
    """The token is of one of these issuers, by the names that the settings give them."""

    names: frozenset[str]

    def lacking(self, token: VerifiedToken, _call: Call) -> str | None:
        return None if token.issuer_name in self.names else ISSUER_NOT_ALLOWED


ISSUER_NOT_ALLOWED: Final = "issuer_not_allowed"


class _OfUse(NamedTuple):
    """The token is for this use."""

    use: str

    def lacking(self, token: VerifiedToken, _call: Call) -> str | None:
        held = token.token_use
        return None if held == self.use else f"token_use_not_allowed:{held}"


class _HoldsAll(NamedTuple):
    """Each of these scopes, or groups, is there."""

    reason: str
    names: tuple[str, ...]
    held: Held

    def lacking(self, token: VerifiedToken, _call: Call) -> str | None:
        held = self.held(token)
        for name in self.names:
            if name not in held:
                return f"{self.reason}:{name}"
        return None


class _HoldsAny(NamedTuple):
    """One of these scopes, or groups, is there."""

    reason: str
    names: tuple[str, ...]
    held: Held

    def lacking(self, token: VerifiedToken, _call: Call) -> str | None:
        held = self.held(token)
        for name in self.names:
            if name in held:
                return None
        return f"{self.reason}:{'|'.join(self.names)}"


class _Claim(NamedTuple):
    """The claim at this path is what the test asks for."""

    path: tuple[str, ...]
    test: ClaimTest

    def lacking(self, token: VerifiedToken, call: Call) -> str | None:
        for name in self.test.parameters:
            if not reads_one_way(call.path_parameters.get(name)):
                return f"path_parameter_unclear:{name}"
        held = claim_at(token.claims, self.path)
        if held is not None and self.test.holds(held, call) is True:
            return None
        return f"claim_mismatch:{'.'.join(self.path)}"


class _PassesCheck(NamedTuple):
    """A function of the user's own consents, of which an exception is our fault and a 500.

    It is asked only about a path all of whose parameters read one way.
    """

    check: AccessCheck
    segments: tuple[str, ...]
    """The path's parameters of one segment each."""

    rest: tuple[str, ...]
    """Those that may hold several segments."""

    def lacking(self, token: VerifiedToken, call: Call) -> str | None:
        given = call.path_parameters
        for name in self.segments:
            if not reads_one_way(given.get(name)):
                return f"path_parameter_unclear:{name}"
        for name in self.rest:
            if name not in given:
                return f"path_parameter_unclear:{name}"
        denial = self.check.denial(token, given)
        return None if denial is None else f"check_denied:{denial}"


def parse_condition(path: str, value: object, route_key: RouteKey) -> Condition:
    """Read a condition out of a policy.

    Args:
        path: how an error names it.
        value: the decoded JSON.
        route_key: the route that it stands under.

    Raises:
        SettingsInvalid: it is not a condition; the message names the field and the fix.
    """
    fields = Fields(path, value, (*_KINDS, "claim", "must"))
    if fields.names == {"claim", "must"}:
        return _claim(fields)
    name = fields.only_name()
    if name not in _KINDS:
        raise fields.invalid(name, "stands alone", "give claim and must together")
    return _KINDS[name](fields, route_key)


def _claim(fields: Fields) -> Condition:
    return _Claim(_names(fields, "claim"), parse_test(f"{fields.path}.must", fields.value("must")))


def _use(fields: Fields, _route_key: RouteKey) -> Condition:
    use = fields.one_of("token_use", TOKEN_USES)
    if use is None:
        raise fields.invalid("token_use", "None", "give access or id")
    return _OfUse(use)


def _check(fields: Fields, route_key: RouteKey) -> Condition:
    name = fields.text("check")
    segments, rest = declared_parameters(route_key)
    try:
        return _PassesCheck(access_check.load(name), segments, rest)
    except access_check.AccessCheckInvalid as invalid:
        raise fields.invalid("check", f"{name:.80} {invalid.problem}", invalid.fix) from None


def _names(fields: Fields, name: str) -> tuple[str, ...]:
    # An empty list would ask nothing: in a policy, silence must not grant.
    names = fields.texts(name)
    if not names:
        raise fields.invalid(name, "[]", "give at least one string, or leave the condition out")
    return names


_KINDS: Final[Mapping[str, Callable[[Fields, RouteKey], Condition]]] = {
    "issuers": lambda fields, _: _OfIssuer(frozenset(_names(fields, "issuers"))),
    "token_use": _use,
    "scopes_all": lambda fields, _: _HoldsAll(
        "missing_scope", _names(fields, "scopes_all"), _SCOPES
    ),
    "scopes_any": lambda fields, _: _HoldsAny(
        "missing_scope", _names(fields, "scopes_any"), _SCOPES
    ),
    "groups_all": lambda fields, _: _HoldsAll(
        "missing_group", _names(fields, "groups_all"), _GROUPS
    ),
    "groups_any": lambda fields, _: _HoldsAny(
        "missing_group", _names(fields, "groups_any"), _GROUPS
    ),
    "check": _check,
}
