"""Method and path -> the route that an HTTP API selects, with its path parameters.

A full match before a greedy one before `$default`; within each, the exact method before
`ANY`; then, segment by segment, literal before `{x}` before `{x+}` (API Gateway, "Routes for HTTP
APIs"; the ties as observed by others). A path is taken apart as it was sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from local.behaviour import ROUTABLE_METHODS
from local.gateway.decoding import decoded_twice
from local.template.local_app import RouteConfig

DEFAULT_ROUTE_KEY = "$default"


class _Kind(IntEnum):
    LITERAL = 0
    VARIABLE = 1
    GREEDY = 2


@dataclass(frozen=True, slots=True)
class Match:
    """The selected route; parameters are decoded."""

    route: RouteConfig
    path_parameters: dict[str, str]


class Router:
    """Selects among the routes of one API."""

    def __init__(self, routes: Iterable[RouteConfig]) -> None:
        all_routes = list(routes)
        self._default = next((r for r in all_routes if r.key == DEFAULT_ROUTE_KEY), None)
        patterns = [_Pattern(route) for route in all_routes if route.key != DEFAULT_ROUTE_KEY]
        self._patterns = sorted(patterns, key=lambda pattern: pattern.rank)

    def match(self, method: str, path: str) -> Match | None:
        """Return the route for a request, or None.

        Args:
            method: Upper case.
            path: Percent-encoded, without the stage.

        Raises:
            Undecodable: The path has no one meaning.
        """
        if method not in ROUTABLE_METHODS:
            return None
        segments = path.removeprefix("/").split("/")
        for pattern in self._patterns:
            if pattern.method in {method, "ANY"}:
                parameters = pattern.parameters(segments)
                if parameters is not None:
                    return Match(pattern.route, parameters)
        return Match(self._default, {}) if self._default else None


class _Pattern:
    def __init__(self, route: RouteConfig) -> None:
        self.route = route
        self.method, _, path = route.key.partition(" ")
        self._segments = [_segment(text) for text in path.removeprefix("/").split("/")]
        kinds = tuple(kind for kind, _ in self._segments)
        self.rank = (_Kind.GREEDY in kinds, self.method == "ANY", kinds)

    def parameters(self, segments: list[str]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for index, (kind, name) in enumerate(self._segments):
            rest = segments[index:]
            if not rest or (kind is not _Kind.LITERAL and not rest[0]):
                return None
            if kind is _Kind.GREEDY:
                return {**found, name: decoded_twice("/".join(rest))}
            if kind is _Kind.VARIABLE:
                found[name] = decoded_twice(rest[0])
            elif decoded_twice(rest[0]) != name:
                return None
        return found if len(segments) == len(self._segments) else None


def _segment(text: str) -> tuple[_Kind, str]:
    if text.startswith("{") and text.endswith("+}"):
        return _Kind.GREEDY, text[1:-2]
    if text.startswith("{") and text.endswith("}"):
        return _Kind.VARIABLE, text[1:-1]
    return _Kind.LITERAL, text
