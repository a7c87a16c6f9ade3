"""VerifiedToken + RouteKey -> Decision. Pure and total: what is not granted is denied.

A rule may compare a claim with a parameter of the path that the gateway matched. Such a decision
depends on the path as it was sent, so the gateway must not keep it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from authorizer.path_parameters import NO_PARAMETERS, PathParameters, reads_one_way
from authorizer.route import RouteKey
from jwt_verifier import strict_json
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.fields import Fields
from jwt_verifier.issuer import TOKEN_USES
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.tokens import VerifiedToken

POLICY_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class PathParameter:
    """Stands in a rule for the value that the called path has there."""

    name: str


ClaimValue = str | int | bool | PathParameter


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the request may pass, and why: a stable code, for logs and metrics alone."""

    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks of a token; an empty field asks nothing.

    `issuers` are names; `scopes_all`, `scopes_any` and `groups_any` whole values; `claims` values
    that must be equal in type too, since `1 == True` in Python. `cookie` is whether the token may
    come in a cookie, and asks nothing of the token itself.
    """

    issuers: tuple[str, ...]
    token_use: str | None
    scopes_all: tuple[str, ...]
    scopes_any: tuple[str, ...]
    groups_any: tuple[str, ...]
    claims: Mapping[str, ClaimValue]
    cookie: bool

    def decide(self, token: VerifiedToken, path_parameters: PathParameters) -> Decision:
        """Return the first thing that is missing, or that nothing is."""
        reason = next(self._missing(token, path_parameters), None)
        return Decision(allowed=reason is None, reason=reason or "allowed")

    def _missing(self, token: VerifiedToken, path_parameters: PathParameters) -> Iterator[str]:
        if self.issuers and token.issuer_name not in self.issuers:
            yield "issuer_not_allowed"
        if self.token_use is not None and token.token_use != self.token_use:
            yield f"token_use_not_allowed:{token.token_use}"
        for scope in self.scopes_all:
            if scope not in token.scopes:
                yield f"missing_scope:{scope}"
        if self.scopes_any and set(self.scopes_any).isdisjoint(token.scopes):
            yield f"missing_scope:{'|'.join(self.scopes_any)}"
        if self.groups_any and set(self.groups_any).isdisjoint(token.groups):
            yield f"missing_group:{'|'.join(self.groups_any)}"
        yield from self._missing_claims(token, path_parameters)

    def _missing_claims(
        self, token: VerifiedToken, path_parameters: PathParameters
    ) -> Iterator[str]:
        for name, asked in self.claims.items():
            wanted: object = asked
            if isinstance(asked, PathParameter):
                wanted = path_parameters.get(asked.name)
                if wanted is None or not reads_one_way(wanted):
                    yield f"path_parameter_unclear:{asked.name}"
            held = token.claims.get(name)
            if held is None or type(held) is not type(wanted) or held != wanted:
                yield f"claim_mismatch:{name}"


class RoutePolicy:
    """The rule of every route that the authorizer may let anyone pass on."""

    def __init__(self, rules: Mapping[RouteKey, Rule]) -> None:
        self._rules = dict(rules)

    def takes_cookie(self, route_key: RouteKey) -> bool:
        """Return whether the route's token may come in a cookie; never without a rule."""
        rule = self._rules.get(route_key)
        return rule is not None and rule.cookie

    def decide(
        self,
        token: VerifiedToken,
        route_key: RouteKey,
        path_parameters: PathParameters = NO_PARAMETERS,
    ) -> Decision:
        """Decide by the route as declared; a route without a rule is denied."""
        rule = self._rules.get(route_key)
        if rule is None:
            return Decision(allowed=False, reason="route_not_in_policy")
        return rule.decide(token, path_parameters)

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
        fields = Fields("POLICY_FILE", policy, ("version", "routes"))
        version = fields.positive_integer("version")
        if version != POLICY_VERSION:
            raise fields.invalid(
                "version", f"{version!r}", f"this authorizer reads {POLICY_VERSION}"
            )
        rules = {RouteKey(key): _rule(key, rule) for key, rule in fields.objects("routes").items()}
        if RouteKey("") in rules:
            raise fields.invalid("routes", "holds an empty route key", "name the route")
        return cls(rules)


def _rule(route_key: str, value: object) -> Rule:
    names = ("issuers", "token_use", "scopes_all", "scopes_any", "groups_any", "claims", "cookie")
    fields = Fields(f'POLICY_FILE.routes["{route_key:.80}"]', value, names)
    # A field left out would ask nothing: in a policy, silence must not grant.
    for name in names:
        if name not in fields.names:
            raise fields.invalid(name, "missing", "give it, empty if it asks nothing")
    return Rule(
        issuers=fields.texts("issuers"),
        token_use=fields.one_of("token_use", TOKEN_USES),
        scopes_all=fields.texts("scopes_all"),
        scopes_any=fields.texts("scopes_any"),
        groups_any=fields.texts("groups_any"),
        claims=_claims(fields),
        cookie=fields.flag("cookie"),
    )


def _claims(fields: Fields) -> Mapping[str, ClaimValue]:
    claims: dict[str, ClaimValue] = {}
    for name, value in fields.objects("claims").items():
        if isinstance(value, dict):
            path = f"{fields.path}.claims.{name:.80}"
            claims[name] = PathParameter(
                Fields(path, value, ("path_parameter",)).text("path_parameter")
            )
        elif isinstance(value, str | int | bool):
            claims[name] = value
        else:
            raise fields.invalid(
                f"claims.{name:.80}",
                f"{value!r:.80}",
                'give a string, an integer, a boolean or {"path_parameter": name}',
            )
    return claims
