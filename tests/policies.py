"""What a rule asks, as a test writes it in one line -> its conditions as a policy has them."""

import json
from collections.abc import Mapping
from typing import Any

Asked = Mapping[str, Any]


def conditions(asked: Asked) -> list[dict[str, Any]]:
    """The conditions of a rule: `{"scopes_all": ["a"], "claims": {"tenant": "acme"}}`.

    A claim is equal to a value, or to a path parameter, unless it is given a test of its own.
    """
    claims = asked.get("claims", {})
    plain = [{name: value} for name, value in asked.items() if name not in ("claims", "cookie")]
    tests = [{"claim": _path(name), "must": _test(value)} for name, value in claims.items()]
    return [*plain, *tests]


def route_rule(asked: Asked) -> dict[str, Any]:
    """What a policy says of a route with one rule."""
    return {
        "in_words": "what a test asks",
        "any_of": [conditions(asked)],
        "cookie": asked.get("cookie", False),
    }


def policy_document(routes: Mapping[str, Asked]) -> bytes:
    """A policy of these routes."""
    rules = {key: route_rule(asked) for key, asked in routes.items()}
    return json.dumps({"version": 2, "routes": rules}).encode()


def _path(claim: str | tuple[str, ...]) -> list[str]:
    return [claim] if isinstance(claim, str) else list(claim)


def _test(value: Any) -> Any:
    is_test = isinstance(value, dict) and "path_parameter" not in value
    return value if is_test else {"be_one_of": [value]}
