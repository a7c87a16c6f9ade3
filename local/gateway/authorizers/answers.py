"""A Lambda authorizer's result -> the answer that may be kept, or a refusal as malformed.

Only a boolean `isAuthorized` or a whole policy is an answer; anything else is a 500 (API
Gateway, "Control access with Lambda authorizers").
"""

import json
from dataclasses import dataclass

from local.gateway.authorization import LambdaAuthorization, as_text
from local.gateway.authorizers.iam_policy import Policy, PolicyMalformed, read_policy
from local.gateway.messages import Refusal, internal_error
from local.json_value import JsonObject, JsonValue
from local.template.local_app import LambdaAuthorizerConfig


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function said: `verdict` is for every route or, as a policy, for each on its own."""

    verdict: bool | Policy
    authorization: LambdaAuthorization

    def allows(self, route_arn: str) -> bool:
        """Return whether it lets a request to a route pass."""
        if isinstance(self.verdict, Policy):
            return self.verdict.allows(route_arn)
        return self.verdict


def read_answer(payload: bytes, config: LambdaAuthorizerConfig) -> Answer:
    """Return the answer in a function's result.

    Args:
        payload: JSON text.
        config: Says which forms the authorizer may use.

    Raises:
        Refusal: 500, it is malformed.
    """
    try:
        result = json.loads(payload)
    except (ValueError, RecursionError):
        result = None
    if not isinstance(result, dict):
        raise _malformed("it is not a JSON object")
    context = _context(result, config)
    if config.simple_responses and ("isAuthorized" in result or "policyDocument" not in result):
        allowed = result.get("isAuthorized")
        if not isinstance(allowed, bool) or "policyDocument" in result:
            raise _malformed("isAuthorized is not a boolean, or there is a policy too")
        return Answer(allowed, LambdaAuthorization(context, None))
    principal_id = result.get("principalId")
    if not isinstance(principal_id, str):
        raise _malformed("principalId is not a string")
    try:
        policy = read_policy(result.get("policyDocument"))
    except PolicyMalformed as error:
        raise _malformed(str(error)) from error
    return Answer(policy, LambdaAuthorization(context, principal_id))


def _context(result: JsonObject, config: LambdaAuthorizerConfig) -> JsonObject | None:
    context = result.get("context")
    if context is None:
        return None
    if not isinstance(context, dict):
        raise _malformed("context is not an object")
    return context if config.payload_format == "2.0" else _as_strings(context)


def _as_strings(context: JsonObject) -> JsonObject:
    """Return a payload 1.0 context: only strings, numbers and booleans may be in it."""
    texts: dict[str, JsonValue] = {}
    for name, value in context.items():
        if isinstance(value, dict | list):
            raise _malformed(f"context.{name} is neither string, number nor boolean")
        if name == "claims":
            raise _malformed("context.claims is reserved")
        if value is not None:
            texts[name] = as_text(value)
    return texts


def _malformed(problem: str) -> Refusal:
    return internal_error(f"the authorizer's answer is malformed: {problem}")
