"""NEW_PASSWORD_REQUIRED: what the challenge tells of a person, and what its answer may set.

Amazon Cognito's API reference, RespondToAuthChallenge, names both; clients parse both as JSON.
"""

import json
from collections.abc import Mapping

from moto.cognitoidp.models import CognitoIdpUser

from local.cognito.api.parameters import Parameters
from local.cognito.errors import invalid_parameter, not_authorized
from local.cognito.pool import SignedPool
from local.cognito.users import attributes_of, readable
from local.json_value import JsonObject
from local.template.pool_config import ClientConfig

_PREFIX = "userAttributes."
_SET_BY_COGNITO = frozenset({"email_verified", "phone_number_verified", "sub"})


def challenge_parameters(
    pool: SignedPool, client: ClientConfig, user: CognitoIdpUser
) -> JsonObject:
    """Return the attributes that the client may read, and the required ones still to be given.

    Returns:
        `userAttributes` is the text of a JSON object; `requiredAttributes` that of an array, whose
        names begin with `userAttributes.`.
    """
    return {
        "USER_ID_FOR_SRP": user.username,
        "requiredAttributes": json.dumps([f"{_PREFIX}{name}" for name in _missing(pool, user)]),
        "userAttributes": json.dumps(readable(user, client, ())),
    }


def given_attributes(
    pool: SignedPool, client: ClientConfig, user: CognitoIdpUser, given: Parameters
) -> Mapping[str, str]:
    """Return the attributes that an answer to the challenge sets.

    Raises:
        Refused: The client may not write one of them, a required one would change, or is missing.
    """
    values = {
        response.removeprefix(_PREFIX): given.optional_text(response) or ""
        for response in given.names
        if response.startswith(_PREFIX)
    }
    held = attributes_of(user)
    for name in values:
        if name in pool.required_attributes and held.get(name):
            raise not_authorized(f"Cannot modify an already provided {name}")
        if name in _SET_BY_COGNITO or not client.may_write(name):
            raise not_authorized("A client attempted to write unauthorized attribute")
    for name in _missing(pool, user):
        if not values.get(name):
            raise invalid_parameter(f"Invalid attributes given, {name} is missing")
    return values


def _missing(pool: SignedPool, user: CognitoIdpUser) -> list[str]:
    held = attributes_of(user)
    return sorted(name for name in pool.required_attributes if not held.get(name))
