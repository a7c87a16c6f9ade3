"""RequestParameters and ResponseParameters of an integration -> ParameterMapping.

What API Gateway would not take (a reserved header, an unknown place or value) is refused
at the start (API Gateway, "Transforming API requests and responses").
"""

import re

from local.template.local_app import ParameterMapping, ResponseMappings, Selection
from local.template.properties import Properties

_HEADER_OR_QUERY = re.compile(r"(append|overwrite|remove):(header|querystring)\.(\S+)")
_HEADER = re.compile(r"(append|overwrite|remove):(header)\.(\S+)")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BRACED = re.compile(r"\$\{([^}]*)\}")
_RESERVED = frozenset(
    {
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-location",
        "forwarded",
        "keep-alive",
        "origin",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "via",
    }
)
_RESERVED_PREFIXES = ("access-control-", "apigw-", "x-amz-", "x-amzn-")
_NAME = r"[A-Za-z0-9._-]+"
_JSON_PATH = r"[A-Za-z0-9_-]+(?:\[\d+\])?(?:\.[A-Za-z0-9_-]+(?:\[\d+\])?)*"
_SHARED = rf"(context)\.({_NAME})|(stageVariables)\.({_NAME})"
_REQUEST_VALUE = re.compile(
    rf"(request\.(?:header|querystring|path))\.({_NAME})|(request\.path)()"
    rf"|(request\.body)\.({_JSON_PATH})|(request\.body)()|{_SHARED}"
)
_RESPONSE_VALUE = re.compile(
    rf"(response\.header)\.({_NAME})|(response\.body)\.({_JSON_PATH})|(response\.body)()|{_SHARED}"
)
_STATUS = re.compile(r"[2-5]\d\d")


def read_request_mappings(properties: Properties) -> tuple[ParameterMapping, ...]:
    """Read `RequestParameters`: an object of value by place.

    Raises:
        TemplateUnsupported: A place or a value is none that API Gateway or we know.
    """
    name = "RequestParameters"
    mappings = []
    for place, value in properties.text_by_name(name).items():
        where = f"{name}.{place}"
        if place == "overwrite:path":
            parts = "overwrite", "path", ""
        else:
            parts = _place(properties, where, place, _HEADER_OR_QUERY)
        mappings.append(_mapping(properties, where, parts, value, _REQUEST_VALUE))
    return tuple(mappings)


def read_response_mappings(properties: Properties) -> ResponseMappings:
    """Read `ResponseParameters`: by status, a list of `{Destination, Source}`.

    Raises:
        TemplateUnsupported: A status, place or value is none that API Gateway or we know.
    """
    name = "ResponseParameters"
    by_status = properties.part(name)
    mappings: dict[int, tuple[ParameterMapping, ...]] = {}
    for status in by_status.names() if by_status else ():
        if by_status is None or not _STATUS.fullmatch(status):
            raise properties.refused(f"{name}.{status}", "a status is 200 to 599")
        entry = by_status.part(status)
        if entry is not None:
            mappings[int(status)] = tuple(
                _response_mapping(one) for one in entry.parts("ResponseParameters")
            )
            entry.finish()
    return mappings


def _response_mapping(properties: Properties) -> ParameterMapping:
    place, value = properties.text("Destination"), properties.text("Source")
    properties.finish()
    if place == "overwrite:statuscode":
        if not _STATUS.fullmatch(value):
            raise properties.refused("Source", f"{value!r} is not a status; 200 to 599 are")
        return ParameterMapping("overwrite", "statuscode", "", (value,))
    parts = _place(properties, "Destination", place, _HEADER)
    return _mapping(properties, "Source", parts, value, _RESPONSE_VALUE)


def _place(
    properties: Properties, where: str, place: str, known: re.Pattern[str]
) -> tuple[str, str, str]:
    match = known.fullmatch(place)
    if not match:
        raise properties.refused(
            where, f"{place!r} is not an append|overwrite|remove:header.name or another known place"
        )
    action, target, name = match.groups()
    if target == "header":
        name = name.lower()
        if not _TOKEN.fullmatch(name):
            raise properties.refused(where, f"{name!r} is not a header name")
        if name in _RESERVED or name.startswith(_RESERVED_PREFIXES):
            raise properties.refused(where, f"the header {name} is reserved by API Gateway")
    return action, target, name


def _mapping(
    properties: Properties,
    where: str,
    parts: tuple[str, str, str],
    value: str,
    known: re.Pattern[str],
) -> ParameterMapping:
    action, target, name = parts
    if action == "remove":
        if value not in {"", "''"}:
            raise properties.refused(where, "what is removed has no value; use an empty string")
        return ParameterMapping(action, target, name, ())
    if value.startswith("$") and not value.startswith("${"):
        return ParameterMapping(
            action, target, name, (_selection(properties, where, value[1:], known),)
        )
    found: list[str | Selection] = []
    for index, piece in enumerate(_BRACED.split(value)):
        if index % 2:
            found.append(_selection(properties, where, piece, known))
        elif "$" in piece:
            raise properties.refused(where, f"{value!r} mixes text and a variable; use ${{...}}")
        elif piece:
            found.append(piece)
    return ParameterMapping(action, target, name, tuple(found))


def _selection(
    properties: Properties, where: str, expression: str, known: re.Pattern[str]
) -> Selection:
    match = known.fullmatch(expression)
    if not match:
        raise properties.refused(where, f"the value ${expression} is not modelled")
    source, name = [group for group in match.groups() if group is not None]
    return Selection(source, name)
