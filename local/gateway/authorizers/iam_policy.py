"""A Lambda authorizer's policy document -> whether it allows a route.

An explicit Deny wins; `*` matches any text, slashes too; what no statement allows is
denied (IAM, "Policy evaluation logic"). A policy that we cannot evaluate is malformed, never a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from local.json_value import JsonValue

_INVOKE = "execute-api:invoke"
_MEMBERS = {"Sid", "Effect", "Action", "Resource"}


class PolicyMalformed(Exception):
    """The policy is none that can be evaluated; the message says why."""


@dataclass(frozen=True, slots=True)
class _Statement:
    is_deny: bool
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The statements of a policy that are about invoking a route."""

    statements: tuple[_Statement, ...]

    def allows(self, route_arn: str) -> bool:
        """Return whether a route may be invoked.

        Args:
            route_arn: The event's `routeArn` or `methodArn`.
        """
        about = [
            statement
            for statement in self.statements
            if any(_matches(pattern, route_arn) for pattern in statement.resources)
        ]
        return bool(about) and not any(statement.is_deny for statement in about)


def read_policy(document: JsonValue) -> Policy:
    """Return a policy from an authorizer's `policyDocument`.

    Raises:
        PolicyMalformed: It is not a policy, or it has a condition or another member that we do not
            evaluate.
    """
    if not isinstance(document, dict):
        raise PolicyMalformed("policyDocument is not an object")
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        raise PolicyMalformed("policyDocument.Statement is not a list")
    return Policy(tuple(found for one in statements if (found := _statement(one))))


def _statement(statement: JsonValue) -> _Statement | None:
    """Return a statement, or None if it is about another action."""
    if not isinstance(statement, dict):
        raise PolicyMalformed("a statement is not an object")
    if unknown := sorted(statement.keys() - _MEMBERS):
        raise PolicyMalformed(f"a statement's {unknown[0]} is not modelled")
    effect = statement.get("Effect")
    if effect not in {"Allow", "Deny"}:
        raise PolicyMalformed("a statement's Effect is neither Allow nor Deny")
    actions = _texts(statement.get("Action"), "Action")
    resources = _texts(statement.get("Resource"), "Resource")
    if not any(_matches(action.lower(), _INVOKE) for action in actions):
        return None
    return _Statement(effect == "Deny", tuple(resources))


def _texts(value: JsonValue, name: str) -> Sequence[str]:
    items = value if isinstance(value, list) else [value]
    texts = [item for item in items if isinstance(item, str)]
    if not texts or len(texts) < len(items):
        raise PolicyMalformed(f"a statement's {name} is neither a string nor a list of them")
    return texts


def _matches(pattern: str, text: str) -> bool:
    # A bracket is a set of characters to fnmatch and nothing special to IAM.
    return fnmatchcase(text, pattern.replace("[", "[[]"))
