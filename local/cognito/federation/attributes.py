"""A provider's claims -> the attributes of a person, as the mapping says. Pure.

A claim that is not there changes nothing (Amazon Cognito, "Mapping IdP attributes to
user pool profiles"), and an address that the provider does not call verified is not.
"""

import json
from collections.abc import Collection, Mapping
from urllib.parse import quote_plus

from local.cognito.federation.errors import FederationFailed
from local.json_value import JsonObject, JsonValue

LONGEST_VALUE_CHARACTERS = 2048
_VERIFIED = {"email": "email_verified", "phone_number": "phone_number_verified"}


def mapped(mapping: Mapping[str, str], claims: JsonObject) -> dict[str, str]:
    """Return the attributes that the claims give.

    Args:
        mapping: The provider's claim by the pool's attribute.
        claims: Of ID token and userInfo.

    Raises:
        FederationFailed: A value is longer than an attribute may be.
    """
    attributes = {
        name: _text(claims[claim])
        for name, claim in mapping.items()
        if claims.get(claim) is not None
    }
    for address, verified in _VERIFIED.items():
        if address in attributes:
            attributes[verified] = "true" if attributes.get(verified) == "true" else "false"
    for name, value in attributes.items():
        if len(value) > LONGEST_VALUE_CHARACTERS:
            raise FederationFailed(
                "invalid_request",
                f"Invalid user attributes: {name}: value is longer than "
                f"{LONGEST_VALUE_CHARACTERS} characters",
            )
    return attributes


def refuse_missing(required: Collection[str], attributes: Collection[str]) -> None:
    """Check that a person has what the pool requires.

    Raises:
        FederationFailed: In Cognito's words.
    """
    missing = sorted(set(required) - set(attributes))
    if missing:
        raise FederationFailed("invalid_request", f"attributes required: [{', '.join(missing)}]")


def _text(value: JsonValue) -> str:
    """Turn a claim into an attribute's string; the parts of a list are URL form encoded."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        # Cognito leaves letters, digits and . - * _ as they are.
        parts = (quote_plus(_text(item), safe="*").replace("~", "%7E") for item in value)
        return f"[{','.join(parts)}]"
    return json.dumps(value, separators=(",", ":"))
