"""A sign-in that is about to give tokens -> the pre-token-generation function's wishes.

A function that fails, or is late three times, fails the sign-in; it is never passed by.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpUser

from local.cognito.customisation import NOTHING, Customisation, read_customisation
from local.cognito.errors import Refused
from local.cognito.pool import SignedPool
from local.cognito.users import attributes_of, groups_of, preferred_role_of, roles_of, status_of
from local.json_value import JsonObject, JsonValue
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded

Invoke = Callable[[str, bytes, float], Outcome]
"""Runs a function: its name, the event as JSON text, how many seconds to wait."""

LIMIT_SECONDS = 5.0
ATTEMPTS = 3
"""Amazon Cognito, "Customizing user pool workflows with Lambda triggers": 5 s, three times."""

AUTHENTICATION = "TokenGeneration_Authentication"
CLIENT_CREDENTIALS = "TokenGeneration_ClientCredentials"
HOSTED_AUTH = "TokenGeneration_HostedAuth"
NEW_PASSWORD = "TokenGeneration_NewPasswordChallenge"  # noqa: S105 - the name of a trigger
REFRESH = "TokenGeneration_RefreshTokens"


@dataclass(frozen=True, slots=True)
class TriggerContext:
    """Why tokens are made: the trigger source, for whom, and what the caller passes along."""

    source: str
    client_id: str
    scopes: tuple[str, ...]
    metadata: Mapping[str, str] | None = None


class PreTokenTrigger:
    """Asks the function of a pool that has one.

    Args:
        invoke: Runs it.
    """

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    def customise(
        self, pool: SignedPool, user: CognitoIdpUser | None, context: TriggerContext
    ) -> Customisation:
        """Return what the function wants changed; nothing if the pool has none for this context.

        Args:
            pool: The pool.
            user: Who signs in; None for a machine.
            context: Why.

        Raises:
            Refused: The function failed, was late or answered in another shape.
        """
        config = pool.pre_token
        if config is None or (user is None and config.version != "V3_0"):
            return NOTHING
        event = json.dumps(_event(pool, config.version, user, context)).encode()
        return read_customisation(self._answer(config.function_name, event), context.client_id)

    def _answer(self, function_name: str, event: bytes) -> bytes:
        for _ in range(ATTEMPTS):
            match self._invoke(function_name, event, LIMIT_SECONDS):
                case Succeeded(payload):
                    return payload
                case Failed(_, message):
                    raise Refused(
                        "UserLambdaValidationException",
                        f"PreTokenGeneration failed with error {message}.",
                    )
                case GaveUp():
                    continue
        raise Refused(
            "UnexpectedLambdaException",
            f"PreTokenGeneration took more than {LIMIT_SECONDS:.0f} seconds, {ATTEMPTS} times",
        )


def _event(
    pool: SignedPool, version: str, user: CognitoIdpUser | None, context: TriggerContext
) -> JsonObject:
    request: JsonObject = {
        "userAttributes": _attributes(user),
        "groupConfiguration": _groups(user),
        "scopes": _list(context.scopes),
    }
    if context.metadata is not None:
        request["clientMetadata"] = dict(context.metadata)
    return {
        "version": version[1],
        "triggerSource": context.source,
        "region": pool.region,
        "userPoolId": pool.id,
        **({"userName": user.username} if user else {}),
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": context.client_id,
        },
        "request": request,
        "response": {"claimsAndScopeOverrideDetails": None},
    }


def _attributes(user: CognitoIdpUser | None) -> JsonObject:
    if user is None:
        return {}
    return {**attributes_of(user), "cognito:user_status": status_of(user)}


def _groups(user: CognitoIdpUser | None) -> JsonObject:
    return {
        "groupsToOverride": _list(groups_of(user)) if user else [],
        "iamRolesToOverride": _list(roles_of(user)) if user else [],
        "preferredRole": preferred_role_of(user) if user else None,
    }


def _list(texts: Iterable[str]) -> list[JsonValue]:
    return list(texts)
