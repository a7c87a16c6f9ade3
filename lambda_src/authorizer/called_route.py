"""Called method and path, and the routes that have a rule -> the route that was called.

A REST API tells a TOKEN authorizer the path as it was called and not as it is declared. So the
route is found again, as API Gateway finds a resource: segment by segment, a text before a parameter
before one that takes the rest, and only then the method. What does not read one way is no route.
"""

import re
from collections.abc import Iterable
from typing import Final

from authorizer.path_parameters import NO_PARAMETERS, PathParameters, path_reads_one_way
from authorizer.route import NO_ROUTE, RouteKey

_PARAMETER: Final = re.compile(r"\{([^{}+]+)(\+?)\}")
_LITERAL, _ONE, _REST = range(3)

Found = tuple[RouteKey, PathParameters]
NOTHING: Final[Found] = (NO_ROUTE, NO_PARAMETERS)


def find(method: str, path: str, route_keys: Iterable[RouteKey]) -> Found:
    """Return the key of the called route and what stands for its parameters.

    Args:
        method: as it was called.
        path: likewise, from its first slash on.
        route_keys: those that have a rule, each "METHOD /path".

    Returns:
        `NO_ROUTE` where none fits. A path that fits has the route of the best fit, also where that
        one has no rule for the method.
    """
    if not path_reads_one_way(path):
        return NOTHING
    segments = path.split("/")[1:]
    methods: dict[str, dict[str, RouteKey]] = {}
    for key in route_keys:
        of_method, _, declared = key.partition(" ")
        methods.setdefault(declared, {})[of_method] = key
    fits = [
        (fit, declared) for declared in methods if (fit := _fit(declared, segments)) is not None
    ]
    if not fits:
        return NOTHING
    (_, parameters), declared = min(fits, key=lambda item: item[0][0])
    found = methods[declared]
    return found.get(method) or found.get("ANY") or NO_ROUTE, parameters


def _fit(declared: str, segments: list[str]) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """Return how well a declared path fits, the lower the better, and its parameters."""
    kinds: list[int] = []
    parameters: dict[str, str] = {}
    names = declared.split("/")[1:]
    for index, name in enumerate(names):
        parameter = _PARAMETER.fullmatch(name)
        if index >= len(segments):
            return None
        if parameter is None:
            if name != segments[index]:
                return None
            kinds.append(_LITERAL)
        elif parameter[2]:
            parameters[parameter[1]] = "/".join(segments[index:])
            kinds.append(_REST)
            return (tuple(kinds), parameters) if all(segments[index:]) else None
        elif not segments[index]:
            return None
        else:
            parameters[parameter[1]] = segments[index]
            kinds.append(_ONE)
    return (tuple(kinds), parameters) if len(names) == len(segments) else None
