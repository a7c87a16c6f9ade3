"""What the local Cognito serves, as plain values: pools with clients, groups, scopes and providers.

Everything here is resolved, frozen and modelled; nothing reads a template after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.json_value import JsonObject

POOL_PROVIDER = "COGNITO"  # the pool itself, among identity providers


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """An app client of a user pool; lifetimes in seconds.

    `rotation_grace_seconds` is None without refresh-token rotation; `readable_attributes` and
    `writable_attributes` are None if the client may read or write all of them.
    `identity_providers` names who signs people in.
    """

    id: str
    name: str
    has_secret: bool
    auth_flows: frozenset[str]
    oauth_flows: frozenset[str]
    oauth_scopes: tuple[str, ...]
    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    access_token_seconds: int
    id_token_seconds: int
    refresh_token_seconds: int
    rotation_grace_seconds: int | None
    auth_session_seconds: int
    readable_attributes: frozenset[str] | None
    hides_unknown_users: bool
    identity_providers: tuple[str, ...] = (POOL_PROVIDER,)
    writable_attributes: frozenset[str] | None = None

    def may_write(self, attribute: str) -> bool:
        """Return whether the client may set an attribute of a person who is signing in."""
        return self.writable_attributes is None or attribute in self.writable_attributes


@dataclass(frozen=True, slots=True)
class GroupConfig:
    """A group of a user pool; the lower precedence comes first in a token."""

    name: str
    precedence: int
    role_arn: str | None


@dataclass(frozen=True, slots=True)
class ResourceServerConfig:
    """A resource server of a user pool: its scopes are `identifier/name`."""

    identifier: str
    scope_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreTokenConfig:
    """A pre-token-generation trigger: its function, and the event's version, V2_0 or V3_0."""

    function_name: str
    version: str


@dataclass(frozen=True, slots=True)
class IdentityProviderConfig:
    """An OIDC provider that signs people in; `attributes` has its claim by the pool's attribute.

    `issuer_url` is where the issuer is on this machine, None if it is its own address.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...]
    attributes: Mapping[str, str]
    attributes_request_method: str = "GET"
    issuer_url: str | None = None


@dataclass(frozen=True, slots=True)
class PoolConfig:
    """A user pool and all that hangs on it.

    `settings` are the pool's own properties under the names of Cognito's CreateUserPool.
    """

    id: str
    name: str
    region: str
    account_id: str
    issuer: str
    settings: JsonObject
    pre_token: PreTokenConfig | None
    clients: tuple[ClientConfig, ...]
    groups: tuple[GroupConfig, ...]
    resource_servers: tuple[ResourceServerConfig, ...]
    identity_providers: tuple[IdentityProviderConfig, ...] = ()

    @property
    def requires_mfa(self) -> bool:
        """Whether a password alone signs nobody in."""
        return self.settings.get("MfaConfiguration") == "ON"
