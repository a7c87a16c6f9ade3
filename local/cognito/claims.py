"""A person or a machine, and what a trigger wants -> the claims of access and ID tokens.

Pure; names and forms are those of Amazon Cognito, "Understanding user pool JSON web
tokens".
"""

import json
import uuid
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpUser

from local.cognito.customisation import Customisation
from local.cognito.federation.federated_users import IDENTITIES
from local.cognito.pool import ACCESS, ID, SignedPool
from local.cognito.token_sessions import TokenSession
from local.cognito.users import groups_of, preferred_role_of, readable, roles_of
from local.json_value import JsonObject, JsonValue
from local.template.pool_config import ClientConfig

_VERIFIED = frozenset({"email_verified", "phone_number_verified"})


@dataclass(frozen=True, slots=True)
class TokenSubject:
    """Whose tokens: a session of a person, as an app client sees it, at a moment in seconds."""

    pool: SignedPool
    client: ClientConfig
    user: CognitoIdpUser
    session: TokenSession
    now: int
    event_id: str


def access_claims(subject: TokenSubject, customisation: Customisation) -> JsonObject:
    """Return the claims of a person's access token."""
    session = subject.session
    claims: JsonObject = {
        **_claims(subject, ACCESS, subject.client.access_token_seconds),
        **_group_claims(subject, customisation, with_roles=False),
        "client_id": subject.client.id,
        "scope": " ".join(customisation.scopes(session.scopes)),
        "username": subject.user.username,
    }
    if not session.by_api:
        claims["version"] = 2
    return customisation.access_token.applied_to(claims)


def id_claims(
    subject: TokenSubject, customisation: Customisation, nonce: str | None, at_hash: str | None
) -> JsonObject:
    """Return the claims of a person's ID token.

    Args:
        subject: Whose.
        customisation: What a trigger wants changed.
        nonce: From the authorization request, if it had one.
        at_hash: Of the access token (OpenID Connect Core section 3.1.3.6), if the OAuth endpoints
            give it.
    """
    attributes: JsonObject = {
        name: _attribute_claim(name, value)
        for name, value in readable(subject.user, subject.client, subject.session.scopes).items()
    }
    claims: JsonObject = {
        **attributes,
        **_claims(subject, ID, subject.client.id_token_seconds),
        **_group_claims(subject, customisation, with_roles=True),
        "aud": subject.client.id,
        "cognito:username": subject.user.username,
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
    """Return the claims of an access token for client credentials."""
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


def _claims(subject: TokenSubject, token_use: str, seconds: int) -> JsonObject:
    return {
        "sub": subject.user.id,
        "iss": subject.pool.issuer,
        "origin_jti": subject.session.id,
        "event_id": subject.event_id,
        "token_use": token_use,
        "auth_time": subject.session.auth_time,
        "iat": subject.now,
        "exp": subject.now + seconds,
        "jti": str(uuid.uuid4()),
    }


def _group_claims(
    subject: TokenSubject, customisation: Customisation, *, with_roles: bool
) -> JsonObject:
    changes = customisation.groups
    groups: list[JsonValue] = list(changes.groups if changes else groups_of(subject.user))
    roles: list[JsonValue] = list(changes.roles if changes else roles_of(subject.user))
    preferred = changes.preferred_role if changes else preferred_role_of(subject.user)
    claims: JsonObject = {"cognito:groups": groups} if groups else {}
    if with_roles and roles:
        claims["cognito:roles"] = roles
    if with_roles and preferred:
        claims["cognito:preferred_role"] = preferred
    return claims
