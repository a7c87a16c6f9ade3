"""Pre-token-generation event, version 2 -> the same event with what its tokens shall say.

Fails closed: an event that is none of these raises, and Cognito then signs nobody in.
"""

from typing import Any

from aws_lambda_powertools import Logger

from token_claims.claims import claims_outside_scopes, tenant_claims

EVENT_VERSION = "2"

logger = Logger()


class EventUnsupported(Exception):
    """An event that this function cannot answer: the message says why."""


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Add the claim `tenant` to ID and access token; drop from the ID token what nobody asked for.

    Args:
        event: Cognito's pre-token-generation event, version 2, with `userAttributes` and `scopes`
            in its request ("Pre token generation Lambda trigger", Cognito developer guide).

    Returns:
        The event with `response.claimsAndScopeOverrideDetails` set.

    Raises:
        EventUnsupported: If the event is of another version or has no attributes.
    """
    if event.get("version") != EVENT_VERSION:
        raise EventUnsupported(f"version is {event.get('version')!r}: set the trigger to V2_0")
    request = event["request"]
    attributes = request.get("userAttributes")
    if not isinstance(attributes, dict):
        raise EventUnsupported("request.userAttributes is missing: is this a person's sign-in?")
    added = tenant_claims(attributes)
    dropped = claims_outside_scopes(attributes, request.get("scopes") or ())
    logger.info(
        "claims",
        trigger=event.get("triggerSource"),
        client_id=event.get("callerContext", {}).get("clientId"),
        added=sorted(added),
        dropped=dropped,
    )
    event["response"] = {
        "claimsAndScopeOverrideDetails": {
            "idTokenGeneration": {"claimsToAddOrOverride": added, "claimsToSuppress": dropped},
            "accessTokenGeneration": {"claimsToAddOrOverride": added},
        }
    }
    return event
