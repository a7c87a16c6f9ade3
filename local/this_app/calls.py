"""Route and caller -> a real HTTP call to the local API, and what came back."""

import http.client
import json
import re
from dataclasses import dataclass

from local.errors import DemoFailed
from local.loopback.fetch import ask
from local.template.local_app import ApiConfig, RouteConfig
from local.this_app.callers import Caller
from local.this_app.sign_in import TIMEOUT_SECONDS

_PARAMETER = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}")
_SAMPLES = {"tenant": "acme"}
_SAMPLE = "order-1"
_OF_NO_OTHER_ROUTE = "/path-of-no-other-route"
"""How a `$default` route is called."""
_SAMPLE_BODY = json.dumps({"item": "lamp", "quantity": 1})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

ENDS_OWN_SIGN_IN = "POST /session/revoke"
"""The route after which the caller's token is refused everywhere: nothing could be judged then."""


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A call of a route with a sample parameter and a sample body, if it takes them."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, and the id that the gateway's log knows the request by."""

    status: int
    request_id: str


def called_routes(api: ApiConfig) -> tuple[RouteConfig, ...]:
    """Return the routes that can be called as everybody, one after the other."""
    return tuple(route for route in api.routes if route.key != ENDS_OWN_SIGN_IN)


def sample_parameters(route: RouteConfig, caller: Caller) -> dict[str, str]:
    """Return what stands in the called path for each `{name}` of a route."""
    samples = {**_SAMPLES, **caller.parameters}
    return {name: samples.get(name, _SAMPLE) for name in _PARAMETER.findall(route.key)}


def sample_request(route: RouteConfig, caller: Caller) -> SampleRequest:
    """Return how someone calls a route."""
    method, _, path = route.key.partition(" ")
    if not path:
        path = _OF_NO_OTHER_ROUTE
    if method == "ANY" or path == _OF_NO_OTHER_ROUTE:
        method = "GET"
    values = sample_parameters(route, caller)
    with_body = method in _WITH_BODY
    headers = {"Content-Type": "application/json"} if with_body else {}
    if caller.token is not None:
        headers["Authorization"] = f"Bearer {caller.token}"
    return SampleRequest(
        method=method,
        path=_PARAMETER.sub(lambda match: values[match[1]], path),
        headers=headers,
        body=_SAMPLE_BODY if with_body else None,
    )


def call(api_url: str, route: RouteConfig, caller: Caller) -> Answer:
    """Call a route as someone.

    Raises:
        DemoFailed: The API does not answer within a minute.
    """
    request = sample_request(route, caller)
    try:
        answer = ask(
            request.method,
            f"{api_url}{request.path}",
            seconds=TIMEOUT_SECONDS,
            headers=request.headers,
            body=request.body,
        )
    except (OSError, http.client.HTTPException) as error:
        raise DemoFailed(
            f"{caller.name} gets no answer to {route.key}: {type(error).__name__}: {error}"
        ) from error
    return Answer(answer.status, answer.header("apigw-requestid"))
