"""One request that is let in, and what each reason's input changes about it.

docs/troubleshooting.md shows both; a test makes each request and holds it to its reason.
"""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from authorizer.explain.reasons import Reason

ISSUER: Final = "https://issuer.example"
PAGE_ORIGIN: Final = "https://app.example"

TRUSTED: Final[Mapping[str, Any]] = {
    "name": "company",
    "issuer": ISSUER,
    "audiences": ["https://api.example"],
    "client_ids": ["web"],
    "token_use": "access",
    "algorithms": ["RS256", "RS512"],
    "max_lifetime_seconds": 3600,
}
"""What the authorizer is told of the issuer, but where its keys are."""

HEADER: Final[Mapping[str, Any]] = {"alg": "RS256", "kid": "key-1", "typ": "at+jwt"}

CLAIMS: Final[Mapping[str, Any]] = {
    "iss": "{issuer}",
    "aud": "https://api.example",
    "client_id": "web",
    "sub": "ann",
    "scope": "orders/read",
    "groups": ["buyers"],
    "tenant": "acme",
    "iat": "{now}",
    "exp": "{now + 900}",
}

ROUTES: Final[Mapping[str, list[list[dict[str, Any]]]]] = {
    "GET /orders": [[{"scopes_all": ["orders/read"]}]],
    "DELETE /orders": [[{"groups_any": ["admins"]}]],
    "GET /profile": [[{"token_use": "id"}]],
    "GET /partner/orders": [[{"issuers": ["partner"]}]],
    "GET /tenants/{tenant}/orders": [
        [{"claim": ["tenant"], "must": {"be_one_of": [{"path_parameter": "tenant"}]}}]
    ],
    "GET /users/{user}/orders": [
        [{"groups_any": ["admins"]}],
        [{"claim": ["sub"], "must": {"be_one_of": [{"path_parameter": "user"}]}}],
    ],
    "GET /reports": [[{"check": "delegation:in_person"}]],
    "GET /session/orders": [[]],
}
"""What each route asks, as a policy has it."""

BY_COOKIE: Final = "GET /session/orders"
"""The route that takes the token in a cookie too."""

_PLACE: Final = re.compile(r"\{(now|issuer)(?: ([+-]) (\d+))?\}")


@dataclass(frozen=True, slots=True)
class Input:
    """What one reason's request differs in.

    Attributes:
        route: The called route.
        parameters: What its path has for each `{name}`.
        authorization: The header's value; `{token}` stands for the token.
        cookie: Whether the token comes in a cookie of the page's, and in no header.
        headers: Further headers, or others.
        header: Members of the token's header.
        claims: Members of its claims.
        settings: Variables of the authorizer.
        situation: What no request can bring about, in a sentence.
    """

    route: str = "GET /orders"
    parameters: Mapping[str, str] = field(default_factory=dict)
    authorization: str = "Bearer {token}"
    cookie: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    situation: str = ""


_USUAL: Final = Input()
"""What no input has to say."""


def input_of(reason: Reason) -> Input:
    """Return a reason's input."""
    given: dict[str, Any] = dict(reason.input)
    return Input(**given)


def filled(members: Mapping[str, Any], now: int) -> dict[str, Any]:
    """Return a token's members, times and the issuer in their places."""
    return {name: _filled(value, now) for name, value in deepcopy(dict(members)).items()}


def policy() -> str:
    """Return the policy document of `ROUTES`."""
    routes = {
        key: {"in_words": "an example", "any_of": any_of, "cookie": key == BY_COOKIE}
        for key, any_of in ROUTES.items()
    }
    return json.dumps({"version": 2, "routes": routes})


def in_words(of: Input) -> str:
    """Return what an input differs in, as Markdown."""
    told = [of.situation] if of.situation else []
    told += [f"The variable `{name}` is `{value}`." for name, value in of.settings.items()]
    if of.route != _USUAL.route:
        told.append(f"The route is `{of.route}`{_asks(of.route)}.")
    told += [f"In the path `{{{name}}}` is `{value}`." for name, value in of.parameters.items()]
    if of.cookie:
        told.append("The token comes in the page's cookie.")
    elif not of.authorization:
        told.append("There is no `Authorization` header.")
    elif of.authorization != _USUAL.authorization:
        shown = of.authorization.replace("{token}", "<token>")
        told.append(f"The `Authorization` header is `{shown}`.")
    told += [f"A header is `{name}: {value}`." for name, value in of.headers.items()]
    told += [f"In the token's header `{_member(*item)}`." for item in of.header.items()]
    told += [f"In its claims `{_member(*item)}`." for item in of.claims.items()]
    return " ".join(told) or "The request as it is."


def _asks(route: str) -> str:
    rules = ROUTES.get(route)
    if rules is None:
        return ", which the policy lacks"
    asked = [" and ".join(f"`{json.dumps(each)}`" for each in rule) for rule in rules if rule]
    return f", which asks {' or '.join(asked)}" if asked else ""


def _member(name: str, value: object) -> str:
    text = json.dumps(value)
    if isinstance(value, str) and _PLACE.fullmatch(value) and "issuer" not in value:
        text = value.strip("{}")
    return f"{json.dumps(name)}: {text.replace('{issuer}', ISSUER)}"


def _filled(value: object, now: int) -> object:
    if not isinstance(value, str):
        return value
    place = _PLACE.fullmatch(value)
    if place and place[1] == "now":
        return now + int(f"{place[2] or '+'}{place[3] or 0}")
    return value.replace("{issuer}", ISSUER)
