"""A person or a machine, and what a trigger wants -> the claims of access and ID tokens.

Pure; names and forms are those of Amazon Cognito, "Understanding user pool JSON web
tokens".
"""

import json
import uuid
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpUser

from local.cognito.customisation import Customisation
from local.cognito.federation.people import IDENTITIES
from local.cognito.pool import ACCESS, ID, SignedPool
from local.cognito.token_sessions import TokenSession
from local.cognito.users import groups_of, preferred_role_of, readable, roles_of
from local.json_value import JsonObject, JsonValue
from local.template.pool_config import ClientConfig

_VERIFIED = frozenset({"email_verified", "phone_number_verified"})


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose tokens: a session of a person, as an app client sees it, at a moment in seconds."""

    pool: SignedPool
    client: ClientConfig
    user: CognitoIdpUser
    session: TokenSession
    now: int
    event_id: str


def access_claims(holder: Holder, customisation: Customisation) -> JsonObject:
    """The claims of a person's access token."""
    session = holder.session
    claims: JsonObject = {
        **_claims(holder, ACCESS, holder.client.access_token_seconds),
        **_group_claims(holder, customisation, with_roles=False),
        "client_id": holder.client.id,
        "scope": " ".join(customisation.scopes(session.scopes)),
        "username": holder.user.username,
    }
    if not session.by_api:
        claims["version"] = 2
    return customisation.access_token.applied_to(claims)


def id_claims(
    holder: Holder, customisation: Customisation, nonce: str | None, at_hash: str | None
) -> JsonObject:
    """The claims of a person's ID token.

    Args:
        holder: Whose.
        customisation: What a trigger wants changed.
        nonce: From the authorization request, if it had one.
        at_hash: Of the access token (OpenID Connect Core section 3.1.3.6), if the OAuth endpoints
            give it.
    """
    attributes: JsonObject = {
        name: _attribute_claim(name, value)
        for name, value in readable(holder.user, holder.client, holder.session.scopes).items()
    }
    claims: JsonObject = {
        **attributes,
        **_claims(holder, ID, holder.client.id_token_seconds),
        **_group_claims(holder, customisation, with_roles=True),
        "aud": holder.client.id,
        "cognito:username": holder.user.username,
        **({"nonce": nonce} if nonce is not None else {}),
        **({"at_hash": at_hash} if at_hash is not None else {}),
    }
    return customisation.id_token.applied_to(claims)


def machine_claims(
    pool: SignedPool,
    client: ClientConfig,
    scopes: tuple[str, ...],
    customisation: Customisation,
    now: int,
) -> JsonObject:
    """The claims of an access token for client credentials."""
    claims: JsonObject = {
        "sub": client.id,
        "token_use": ACCESS,
        "scope": " ".join(customisation.scopes(scopes)),
        "auth_time": now,
        "iss": pool.issuer,
        "exp": now + client.access_token_seconds,
        "iat": now,
        "version": 2,
        "jti": str(uuid.uuid4()),
        "client_id": client.id,
    }
    return customisation.access_token.applied_to(claims)


def _attribute_claim(name: str, value: str) -> JsonValue:
    if name == IDENTITIES:
        identities: JsonValue = json.loads(value)
        return identities
    return value == "true" if name in _VERIFIED else value


def _claims(holder: Holder, token_use: str, seconds: int) -> JsonObject:
    return {
        "sub": holder.user.id,
        "iss": holder.pool.issuer,
        "origin_jti": holder.session.id,
        "event_id": holder.event_id,
        "token_use": token_use,
        "auth_time": holder.session.auth_time,
        "iat": holder.now,
        "exp": holder.now + seconds,
        "jti": str(uuid.uuid4()),
    }


def _group_claims(holder: Holder, customisation: Customisation, *, with_roles: bool) -> JsonObject:
    changes = customisation.groups
    groups: list[JsonValue] = list(changes.groups if changes else groups_of(holder.user))
    roles: list[JsonValue] = list(changes.roles if changes else roles_of(holder.user))
    preferred = changes.preferred_role if changes else preferred_role_of(holder.user)
    claims: JsonObject = {"cognito:groups": groups} if groups else {}
    if with_roles and roles:
        claims["cognito:roles"] = roles
    if with_roles and preferred:
        claims["cognito:preferred_role"] = preferred
    return claims
