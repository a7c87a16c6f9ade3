"""A pre-token-generation function's answer -> Customisation of both tokens.

An answer of another shape fails the sign-in; a claim that Cognito reserves is left as it
is, whatever the answer says (Amazon Cognito, "Pre token generation Lambda trigger").
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.cognito.errors import Refused
from local.json_value import JsonObject, JsonValue

_RESERVED = frozenset(
    {
        "acr",
        "amr",
        "at_hash",
        "auth_time",
        "azp",
        "exp",
        "iat",
        "iss",
        "jti",
        "nbf",
        "nonce",
        "origin_jti",
        "sub",
        "token_use",
    }
)
_RESERVED_IN_ID = _RESERVED | {"aud", "cognito:username", "identities"}
_RESERVED_IN_ACCESS = _RESERVED | {
    "client_id",
    "device_key",
    "event_id",
    "scope",
    "username",
    "version",
}
_GROUPS = "cognito:groups"
_OWN_SCOPES = "aws.cognito"
_DETAILS = "claimsAndScopeOverrideDetails"


@dataclass(frozen=True, slots=True)
class TokenChanges:
    """What to add to or override in one token, and what to leave out of it."""

    claims: Mapping[str, JsonValue] = field(default_factory=dict)
    suppressed: frozenset[str] = frozenset()

    def applied_to(self, claims: JsonObject) -> JsonObject:
        """Return the changed claims; what is both added and suppressed is suppressed."""
        changed = {**claims, **self.claims}
        return {name: value for name, value in changed.items() if name not in self.suppressed}


@dataclass(frozen=True, slots=True)
class GroupChanges:
    """Groups and roles that stand in both tokens instead of the user's."""

    groups: tuple[str, ...]
    roles: tuple[str, ...]
    preferred_role: str | None


@dataclass(frozen=True, slots=True)
class Customisation:
    """All that a function wants changed; `groups` is None to leave them alone."""

    id_token: TokenChanges = TokenChanges()
    access_token: TokenChanges = TokenChanges()
    scopes_added: tuple[str, ...] = ()
    scopes_suppressed: frozenset[str] = frozenset()
    groups: GroupChanges | None = None

    def scopes(self, granted: tuple[str, ...]) -> tuple[str, ...]:
        """Return the scopes of the access token, in order and once each."""
        wanted = dict.fromkeys((*granted, *self.scopes_added))
        return tuple(scope for scope in wanted if scope not in self.scopes_suppressed)


NOTHING = Customisation()


def read_customisation(answer: bytes, client_id: str) -> Customisation:
    """Read the answer of a V2_0 or V3_0 function.

    Args:
        answer: Its result, JSON text.
        client_id: The only `aud` that an access token may be given.

    Raises:
        Refused: `InvalidLambdaResponseException`: it is not an event with a response of that shape.
    """
    try:
        event = json.loads(answer)
    except ValueError as error:
        raise _unrecognisable() from error
    details = _object(_object(_object({"event": event}, "event"), "response"), _DETAILS)
    access = _object(details, "accessTokenGeneration")
    access_changes = _changes(access, _RESERVED_IN_ACCESS)
    if access_changes.claims.get("aud", client_id) != client_id:
        raise _unrecognisable()
    added = _texts(access, "scopesToAdd")
    return Customisation(
        id_token=_changes(_object(details, "idTokenGeneration"), _RESERVED_IN_ID),
        access_token=access_changes,
        scopes_added=tuple(scope for scope in added if not scope.startswith(_OWN_SCOPES)),
        scopes_suppressed=frozenset(_texts(access, "scopesToSuppress")),
        groups=_group_changes(details),
    )


def _changes(part: JsonObject, reserved: frozenset[str]) -> TokenChanges:
    # Groups are changed by groupOverrideDetails alone, but may be suppressed.
    claims = _object(part, "claimsToAddOrOverride")
    return TokenChanges(
        {name: value for name, value in claims.items() if name not in reserved | {_GROUPS}},
        frozenset(_texts(part, "claimsToSuppress")) - reserved,
    )


def _group_changes(details: JsonObject) -> GroupChanges | None:
    if "groupOverrideDetails" not in details:
        return None
    part = _object(details, "groupOverrideDetails")
    preferred = part.get("preferredRole")
    if not isinstance(preferred, str | None):
        raise _unrecognisable()
    return GroupChanges(
        tuple(_texts(part, "groupsToOverride")),
        tuple(_texts(part, "iamRolesToOverride")),
        preferred,
    )


def _object(parent: JsonObject, name: str) -> JsonObject:
    value = parent.get(name)
    if value is None and name != "event":
        return {}
    if not isinstance(value, dict):
        raise _unrecognisable()
    return value


def _texts(parent: JsonObject, name: str) -> list[str]:
    value = parent.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _unrecognisable()
    texts = [item for item in value if isinstance(item, str) and item and " " not in item]
    if len(texts) != len(value):
        raise _unrecognisable()
    return texts


def _unrecognisable() -> Refused:
    return Refused("InvalidLambdaResponseException", "Unrecognizable lambda output")
