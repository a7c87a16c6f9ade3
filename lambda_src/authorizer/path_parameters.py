"""Route key and called path -> the path's parameters, or none of a path that reads in two ways.

A live HTTP API decoded each path twice before it handed it over, and cut it at an encoded question
mark (docs/local.md, "Percent-decoding"). What that does to the selected route and its parameters is
not known, nor how often the server behind it decodes again. So a rule that compares a parameter
gets none of a path that another reader could take for another path.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeGuard

from authorizer.route import RouteKey

PathParameters = Mapping[str, str]
"""What stands in the called path for each `{name}` of the route key."""

NO_PARAMETERS: Final[PathParameters] = MappingProxyType({})

MAX_KNOWN_ROUTES: Final = 1_024
"""A deployed API has at most 300; an event made by hand may name any."""

_PARAMETER: Final = re.compile(r"\{([^{}+]+)(\+?)\}")
# An escape that is left over, what ends a path in a URL, the other separator of some servers, and
# the segments that servers remove (RFC 3986 section 5.2.4), some also before a semicolon.
_SECOND_READING: Final = re.compile(r"[%?#\\]|(?:\A|/)\.\.?(?:[/;]|\Z)")


def reads_one_way(parameter: str | None) -> TypeGuard[str]:
    """Return whether a parameter stays the same single segment when decoded or normalised.

    What stands behind a semicolon some servers take for a parameter of the segment (RFC 3986
    section 3.3) and drop.
    """
    return (
        parameter is not None
        and not {"/", ";"} & set(parameter)
        and _SECOND_READING.search(parameter) is None
    )


def path_reads_one_way(path: str) -> bool:
    """Return whether a path stays the same when decoded or normalised."""
    return _SECOND_READING.search(path) is None


def declared_parameters(route_key: RouteKey) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names in a route key: those of one segment, and those of several, `{file+}`."""
    found = _PARAMETER.findall(route_key)
    return tuple(n for n, greedy in found if not greedy), tuple(n for n, greedy in found if greedy)


def unambiguous(route_key: RouteKey, raw_path: object, parameters: object) -> PathParameters:
    """Return the parameters of a path that reads one way; of any other path, none.

    Args:
        route_key: as declared.
        raw_path: the event's `rawPath`, decoded by the gateway. A stage or an API mapping may
            stand before the route's own path.
        parameters: the event's `pathParameters`.
    """
    if not parameters:
        return NO_PARAMETERS
    found = _texts(parameters)
    literals, names, single = _declared(route_key)
    if not isinstance(raw_path, str) or found.keys() != frozenset(names):
        return NO_PARAMETERS
    if any("/" in found[name] for name in single):
        return NO_PARAMETERS
    values = [found[name] for name in names]
    rebuilt = "".join(map("".join, zip(literals, [*values, ""], strict=True)))
    if not raw_path.endswith(rebuilt) or _SECOND_READING.search(raw_path) is not None:
        return NO_PARAMETERS
    return found


@lru_cache(MAX_KNOWN_ROUTES)
def _declared(route_key: RouteKey) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the parts of the path that a route key declares.

    They are what stands between its parameters, one text more than those; the parameters' names;
    and which of them are of one segment.
    """
    path = route_key.partition(" ")[2]
    found = _PARAMETER.findall(path)
    # Two groups a match: a literal, a name and a sign, in turn.
    return (
        tuple(_PARAMETER.split(path)[::3]),
        tuple(name for name, _ in found),
        tuple(name for name, greedy in found if not greedy),
    )


def _texts(parameters: object) -> PathParameters:
    given = parameters if isinstance(parameters, dict) else {}
    if not all(isinstance(text, str) for members in given.items() for text in members):
        return NO_PARAMETERS
    return given
