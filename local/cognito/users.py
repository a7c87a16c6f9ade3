"""moto's user -> what tokens and endpoints may say of them.

Attributes leave only through `readable`, which an app client's settings and the granted
scopes both narrow (Amazon Cognito, "The user attributes endpoint").
"""

from collections.abc import Collection, Mapping

from moto.cognitoidp.models import CognitoIdpGroup, CognitoIdpUser, UserStatus
from moto.cognitoidp.utils import flatten_attrs

from local.cognito.federation.federated_users import IDENTITIES
from local.template.pool_config import ClientConfig

_LAST = 2**31
_PROFILE = frozenset(
    {
        "birthdate",
        "family_name",
        "gender",
        "given_name",
        "locale",
        "middle_name",
        "name",
        "nickname",
        "picture",
        "preferred_username",
        "profile",
        "updated_at",
        "website",
        "zoneinfo",
    }
)
_BY_SCOPE: Mapping[str, frozenset[str]] = {
    "email": frozenset({"email", "email_verified"}),
    "phone": frozenset({"phone_number", "phone_number_verified"}),
    "profile": _PROFILE,
}


def attributes_of(user: CognitoIdpUser) -> dict[str, str]:
    """Return all attributes, `sub` among them."""
    return {name: str(value) for name, value in flatten_attrs(user.attributes).items()}


def status_of(user: CognitoIdpUser) -> str:
    """Return the status by its name in Cognito; moto's enumeration lacks EXTERNAL_PROVIDER."""
    return user.status.value if isinstance(user.status, UserStatus) else user.status


def readable(user: CognitoIdpUser, client: ClientConfig, scopes: Collection[str]) -> dict[str, str]:
    """Return the attributes that a client may see with these scopes; never `sub`.

    `openid` alone, and the scope of Cognito's own API, give all that the client may read; who
    signs a person in is not an attribute that a client could be denied.
    """
    limits = [_BY_SCOPE[scope] for scope in scopes if scope in _BY_SCOPE]

    def allowed(name: str) -> bool:
        if name == IDENTITIES:
            return True
        if client.readable_attributes is not None and name not in client.readable_attributes:
            return False
        custom = name.startswith("custom:") and "profile" in scopes
        return not limits or custom or any(name in limit for limit in limits)

    return {
        name: value
        for name, value in attributes_of(user).items()
        if name != "sub" and allowed(name)
    }


def groups_of(user: CognitoIdpUser) -> list[str]:
    """Return the names of a user's groups, the lowest precedence first."""
    return [group.group_name for group in _by_precedence(user)]


def roles_of(user: CognitoIdpUser) -> list[str]:
    """Return the IAM roles of a user's groups, in the same order."""
    return [group.role_arn for group in _by_precedence(user) if group.role_arn]


def preferred_role_of(user: CognitoIdpUser) -> str | None:
    """Return the role of the one group with the lowest precedence; None if two groups share it."""
    groups = _by_precedence(user)
    if not groups:
        return None
    first = [group for group in groups if _precedence(group) == _precedence(groups[0])]
    return first[0].role_arn or None if len(first) == 1 else None


def _by_precedence(user: CognitoIdpUser) -> list[CognitoIdpGroup]:
    return sorted(user.groups, key=lambda group: (_precedence(group), group.group_name))


def _precedence(group: CognitoIdpGroup) -> int:
    return _LAST if group.precedence is None else group.precedence
