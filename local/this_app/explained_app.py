"""LocalApp -> what it takes to explain a verdict: the authorizer's settings and bundle, routes.

A running stack writes it among its outputs, for another process to read.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from local.errors import LocalError
from local.json_value import JsonObject
from local.stack.localised import WELL_KNOWN
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LambdaIntegrationConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.authorizer_settings import ISSUERS, POLICY_FILE

ISSUERS_FILE = "ISSUERS_FILE"
"""The variable that names a file of more issuers inside the authorizer's bundle."""

REVOCATIONS = "REVOCATION_TABLE"
"""The variable that names the table of what was taken back."""

_NOT_CALLED = LambdaIntegrationConfig(id="", function_name="", timeout_seconds=0.0)
_SCOPES = ("scopes_all", "scopes_any")


@dataclass(frozen=True, slots=True)
class ExplainedApp:
    """What a verdict depends on.

    Attributes:
        environment: The variables of our own authorizer; empty for an app without it.
        bundle: Where the authorizer's policy is.
        routes: Of the API; what they lead to is left out.
    """

    environment: Mapping[str, str]
    bundle: Path
    routes: tuple[RouteConfig, ...]

    def issuers(self) -> Iterator[JsonObject]:
        """Yield the issuers that the authorizer trusts."""
        yield from json.loads(self.environment.get(ISSUERS, "[]"))
        if ISSUERS_FILE in self.environment:
            more = self.bundle / self.environment[ISSUERS_FILE]
            yield from json.loads(more.read_text(encoding="utf-8"))

    def without_revocation(self) -> "ExplainedApp":
        """Return the same, but that nobody looks up what was taken back."""
        left = {name: self.environment[name] for name in self.environment if name != REVOCATIONS}
        return replace(self, environment=left)

    def scopes_of(self, route_key: str) -> tuple[str, ...]:
        """Return every scope that a rule of a route of our own authorizer names."""
        policy = (self.bundle / self.environment[POLICY_FILE]).read_text(encoding="utf-8")
        rule = json.loads(policy)["routes"].get(route_key, {"any_of": []})
        named = [
            scope
            for conditions in rule["any_of"]
            for condition in conditions
            for kind in _SCOPES
            for scope in condition.get(kind, ())
        ]
        return tuple(dict.fromkeys(named))

    def renamed(self, texts: Mapping[str, str]) -> "ExplainedApp":
        """Return the same with other texts in the place of some, the longest first."""

        def told(text: str) -> str:
            for before in sorted(texts, key=len, reverse=True):
                text = text.replace(before, texts[before])
            return text

        def of_route(route: RouteConfig) -> RouteConfig:
            if not isinstance(route.authorizer, JwtAuthorizerConfig):
                return route
            audiences = tuple(map(told, route.authorizer.audiences))
            issuer = told(route.authorizer.issuer)
            return replace(
                route, authorizer=replace(route.authorizer, issuer=issuer, audiences=audiences)
            )

        environment = {name: told(value) for name, value in self.environment.items()}
        return replace(self, environment=environment, routes=tuple(map(of_route, self.routes)))


def explained_app(app: LocalApp) -> ExplainedApp:
    """Return what it takes to explain a verdict of an app."""
    ours = {ISSUERS, POLICY_FILE}
    function = next((each for each in app.functions if each.environment.keys() >= ours), None)
    region = {"AWS_REGION": function.arn.split(":")[3]} if function else {}
    return ExplainedApp(
        environment={**function.environment, **region} if function else {},
        bundle=function.code_folder if function else Path(),
        routes=tuple(replace(route, integration=_NOT_CALLED) for route in app.api.routes),
    )


def as_json(app: ExplainedApp) -> JsonObject:
    """Return it as JSON."""
    return {
        "environment": dict(app.environment),
        "bundle": str(app.bundle),
        "routes": [
            {"key": route.key, "scopes": list(route.scopes), "authorizer": _authorizer_json(route)}
            for route in app.routes
        ],
    }


def of_json(document: JsonObject) -> ExplainedApp:
    """Return what `as_json` has written.

    Raises:
        LocalError: It is of another version of this checkout.
    """
    environment, routes = document.get("environment"), document.get("routes")
    if not isinstance(environment, dict) or not isinstance(routes, list):
        raise LocalError("the outputs of the running stack are another version's: start it again")
    return ExplainedApp(
        environment={name: str(value) for name, value in environment.items()},
        bundle=Path(str(document["bundle"])),
        routes=tuple(_route(route) for route in routes if isinstance(route, dict)),
    )


def built_in_of(issuer: JsonObject) -> JwtAuthorizerConfig:
    """Return a built-in authorizer that trusts an issuer of ours as nearly as it can.

    Args:
        issuer: An item of `ISSUERS`.
    """
    accepted = [*_texts(issuer, "audiences"), *_texts(issuer, "client_ids")]
    jwks_uri = str(issuer.get("jwks_uri", ""))
    url, well_known, _ = jwks_uri.partition(WELL_KNOWN)
    return JwtAuthorizerConfig(
        id="",
        name=str(issuer["name"]),
        identity_source="$request.header.Authorization",
        issuer=str(issuer["issuer"]),
        audiences=tuple(accepted),
        issuer_url=url if well_known else None,
    )


def _authorizer_json(route: RouteConfig) -> JsonObject | None:
    match route.authorizer:
        case JwtAuthorizerConfig() as built_in:
            return {
                "issuer": built_in.issuer,
                "audiences": list(built_in.audiences),
                "issuer_url": built_in.issuer_url,
            }
        case LambdaAuthorizerConfig() as ours:
            return {"function": ours.function_name}
        case None:
            return None


def _route(document: JsonObject) -> RouteConfig:
    given = document["authorizer"]
    authorizer: JwtAuthorizerConfig | LambdaAuthorizerConfig | None = None
    if isinstance(given, dict):
        if "function" in given:
            name = str(given["function"])
            authorizer = LambdaAuthorizerConfig("", "", name, (), 0)
        else:
            url = given["issuer_url"]
            authorizer = JwtAuthorizerConfig(
                id="",
                name="",
                identity_source="",
                issuer=str(given["issuer"]),
                audiences=_texts(given, "audiences"),
                issuer_url=str(url) if url is not None else None,
            )
    return RouteConfig(str(document["key"]), _NOT_CALLED, authorizer, _texts(document, "scopes"))


def _texts(document: JsonObject, name: str) -> tuple[str, ...]:
    values = document.get(name)
    return tuple(map(str, values)) if isinstance(values, list) else ()
