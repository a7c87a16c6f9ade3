"""VerifiedToken + RouteKey -> Decision. Pure and total: what is not granted is denied.

Time is an argument. A rule may read the path that the gateway matched, the time, or what a check of
the user's own reads: such a decision the gateway must not keep.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from authorizer.call import NO_TIME, Call
from authorizer.conditions import ISSUER_NOT_ALLOWED, Condition, parse_condition
from authorizer.path_parameters import NO_PARAMETERS, PathParameters
from authorizer.route import RouteKey
from jwt_verifier import strict_json
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.fields import Fields
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.tokens import VerifiedToken

POLICY_VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the request may pass, and why: a stable code, for logs and metrics alone."""

    allowed: bool
    reason: str


ALLOWED: Final = Decision(allowed=True, reason="allowed")

Rule = tuple[Condition, ...]
"""What must all hold; nothing, for any verified token."""


@dataclass(frozen=True, slots=True)
class RouteRule:
    """What a route asks: one of these rules.

    `cookie` is whether the token may come in a cookie, and asks nothing of the token itself.
    """

    any_of: tuple[Rule, ...]
    cookie: bool

    def decide(self, token: VerifiedToken, call: Call) -> Decision:
        """Return that a rule holds, or the first thing that is missing of each."""
        reasons: list[str] = []
        for rule in self.any_of:
            reason = _first_lack(rule, token, call)
            if reason is None:
                return ALLOWED
            reasons.append(reason)
        return Decision(allowed=False, reason=_one_reason(reasons))


def _first_lack(rule: Rule, token: VerifiedToken, call: Call) -> str | None:
    for condition in rule:
        reason = condition.lacking(token, call)
        if reason is not None:
            return reason
    return None


def _one_reason(reasons: list[str]) -> str:
    """Return one reason for all rules; that of another issuer's rule explains nothing."""
    of_own_issuer = [reason for reason in reasons if reason != ISSUER_NOT_ALLOWED]
    told = list(dict.fromkeys(of_own_issuer or reasons))
    return told[0] if len(told) == 1 else f"no_rule_met:{'|'.join(told)}"


ClaimPaths = Mapping[str, tuple[str, ...]]
"""Where claims are, by the names that they are handed on under."""

NO_CLAIMS: Final[ClaimPaths] = MappingProxyType({})


class RoutePolicy:
    """The rule of every route that the authorizer may let anyone pass on.

    `claims_for_backends` are the claims that an answer hands on beside those that it always does.
    """

    def __init__(
        self, rules: Mapping[RouteKey, RouteRule], claims_for_backends: ClaimPaths = NO_CLAIMS
    ) -> None:
        self._rules = dict(rules)
        self.claims_for_backends = claims_for_backends

    @property
    def route_keys(self) -> frozenset[RouteKey]:
        """The routes that have a rule."""
        return frozenset(self._rules)

    def takes_cookie(self, route_key: RouteKey) -> bool:
        """Return whether the route's token may come in a cookie; never without a rule."""
        rule = self._rules.get(route_key)
        return rule is not None and rule.cookie

    def decide(
        self,
        token: VerifiedToken,
        route_key: RouteKey,
        path_parameters: PathParameters = NO_PARAMETERS,
        now: float = NO_TIME,
    ) -> Decision:
        """Decide by the route as declared; a route without a rule is denied.

        Args:
            token: what its issuer vouches for.
            route_key: the route as declared.
            path_parameters: of the called path; of a path that reads in two ways, none.
            now: seconds since the epoch. Without it, whatever asks for an age is denied.

        Raises:
            Exception: whatever a check of the user's own raises.
        """
        rule = self._rules.get(route_key)
        if rule is None:
            return Decision(allowed=False, reason="route_not_in_policy")
        return rule.decide(token, Call(path_parameters, now))

    @classmethod
    def from_file(cls, path: Path) -> "RoutePolicy":
        """Read the policy that `python -m stacks.access` printed.

        Raises:
            SettingsInvalid: the file cannot be read, or is not a policy; it names the field.
        """
        try:
            return cls.from_json(path.read_bytes())
        except OSError as error:
            raise SettingsInvalid(
                f"POLICY_FILE: {path} cannot be read ({type(error).__name__}); bundle the policy"
            ) from None

    @classmethod
    def from_json(cls, document: bytes) -> "RoutePolicy":
        """Parse a policy document. Raises SettingsInvalid as `from_file` does."""
        try:
            policy = strict_json.parse_object(document)
        except JsonInvalid as invalid:
            raise SettingsInvalid(
                f"POLICY_FILE: {invalid}; make it with `python -m stacks.access`"
            ) from None
        fields = Fields("POLICY_FILE", policy, ("version", "claims_for_backends", "routes"))
        version = fields.positive_integer("version")
        if version != POLICY_VERSION:
            raise fields.invalid(
                "version", f"{version!r}", f"this authorizer reads {POLICY_VERSION}"
            )
        rules = {
            RouteKey(key): _route_rule(key, rule) for key, rule in fields.objects("routes").items()
        }
        if RouteKey("") in rules:
            raise fields.invalid("routes", "holds an empty route key", "name the route")
        return cls(rules, _claims_for_backends(fields))


def _route_rule(route_key: str, value: object) -> RouteRule:
    names = ("in_words", "any_of", "cookie")
    path = f'POLICY_FILE.routes["{route_key:.80}"]'
    fields = Fields(path, value, names)
    # A field left out would ask nothing: in a policy, silence must not grant.
    for name in names:
        if name not in fields.names:
            raise fields.invalid(name, "missing", "make the policy with `python -m stacks.access`")
    fields.text("in_words")
    rules = _list(fields, "any_of", fields.value("any_of"))
    if not rules:
        raise fields.invalid("any_of", "[]", "give at least one rule, [[]] if it asks nothing")
    return RouteRule(
        any_of=tuple(
            tuple(
                parse_condition(f"{path}.any_of[{i}][{j}]", condition, RouteKey(route_key))
                for j, condition in enumerate(_list(fields, f"any_of[{i}]", rule))
            )
            for i, rule in enumerate(rules)
        ),
        cookie=fields.flag("cookie"),
    )


def _claims_for_backends(fields: Fields) -> ClaimPaths:
    given = fields.objects("claims_for_backends")
    paths = Fields("POLICY_FILE.claims_for_backends", given, given)
    found = {name: paths.texts(name) for name in given}
    for name, path in found.items():
        if not path:
            raise paths.invalid(name, "[]", "give the names on the way to the claim")
    return found


def _list(fields: Fields, name: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise fields.invalid(name, f"{value!r:.80}", "give an array")
    return value
