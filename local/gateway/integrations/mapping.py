"""ParameterMappings -> a changed request or response (API Gateway, "Transforming API requests").

Each change is made in the order of the template, with values of the unchanged original; a
value that could break out of its header is refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from local.gateway.header_rules import is_header_value
from local.gateway.integrations.mapped_values import (
    LookUp,
    RequestValues,
    ResponseValues,
    mapped_value,
)
from local.gateway.messages import GatewayResponse, Refusal, bad_request, internal_error
from local.template.local_app import ParameterMapping, ResponseMappings

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """What can be changed of a request: `path` is None for the integration's own."""

    headers: Pairs
    query: Pairs
    path: str | None = None


def map_request(
    mappings: Iterable[ParameterMapping], request: OutgoingRequest, values: RequestValues
) -> OutgoingRequest:
    """Return the request with its changes.

    Raises:
        Refusal: 400, a value of the client's is not a valid header value.
    """
    for mapping in mappings:
        if mapping.target == "path":
            request = replace(request, path=mapped_value(mapping.value, values.look_up))
        elif mapping.target == "header":
            headers = _changed(request.headers, mapping, values.look_up, bad_request)
            request = replace(request, headers=headers)
        else:
            query = _changed(request.query, mapping, values.look_up, bad_request)
            request = replace(request, query=query)
    return request


def map_response(
    mappings: ResponseMappings, response: GatewayResponse, request: RequestValues
) -> GatewayResponse:
    """Return the response with the changes for its status.

    Raises:
        Refusal: 500, a value of the integration's is not a valid header value.
    """
    values = ResponseValues(request, response)
    status, headers = response.status, list(response.headers)
    for mapping in mappings.get(response.status, ()):
        if mapping.target == "statuscode":
            status = int(str(mapping.value[0]))
        else:
            headers = _changed(headers, mapping, values.look_up, internal_error)
    return GatewayResponse(status, headers, response.body)


def _changed(
    pairs: Pairs, mapping: ParameterMapping, look_up: LookUp, refuse: Callable[[str], Refusal]
) -> Pairs:
    others = [(name, value) for name, value in pairs if name != mapping.name]
    if mapping.action == "remove":
        return others
    value = mapped_value(mapping.value, look_up)
    if value is None:
        return pairs
    if mapping.target == "header" and not is_header_value(value):
        raise refuse(f"the value mapped to the header {mapping.name} is not a valid header value")
    kept = pairs if mapping.action == "append" else others
    return [*kept, (mapping.name, value)]
