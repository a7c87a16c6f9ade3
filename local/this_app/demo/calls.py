"""Route and caller -> a real HTTP call to the local API, and what came back."""

import http.client
import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from local.errors import DemoFailed
from local.loopback.fetch import ask
from local.template.local_app import ApiConfig, RouteConfig
from local.this_app.demo.callers import Caller
from local.this_app.sign_in import TIMEOUT_SECONDS

_PARAMETER = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}")
_SAMPLES = {"tenant": "acme"}
_SAMPLE = "order-1"
_OF_NO_OTHER_ROUTE = "/path-of-no-other-route"
"""How a `$default` route is called."""
_SAMPLE_BODY = json.dumps({"item": "lamp", "quantity": 1})
_CREATED = 201
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


class Placed:
    """What calls have added by `POST`, and under which id: so that a later call can be about it."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def note(self, key: str, status: int, body: bytes) -> None:
        """Note the `id` of what a route has answered that it has added."""
        try:
            found = json.loads(body)
        except ValueError:
            return
        if status == _CREATED and isinstance(found, dict) and isinstance(found.get("id"), str):
            self._ids[key.partition(" ")[2]] = quote(found["id"], safe="")

    def parameters(self, key: str) -> dict[str, str]:
        """Return the id for the parameter that stands after the path which it was added by."""
        path = key.partition(" ")[2]
        return {
            match[1]: self._ids[before]
            for match in _PARAMETER.finditer(path)
            if (before := path[: match.start()].rstrip("/")) in self._ids
        }


def sample_request(
    route: RouteConfig, caller: Caller, placed: Placed | None = None
) -> SampleRequest:
    """Return how someone calls a route.

    Args:
        route: What is called.
        caller: By whom.
        placed: What is there to call it about; None for nothing.
    """
    method, _, path = route.key.partition(" ")
    if not path:
        path = _OF_NO_OTHER_ROUTE
    if method == "ANY" or path == _OF_NO_OTHER_ROUTE:
        method = "GET"
    values = sample_parameters(route, caller)
    if placed:
        values |= placed.parameters(route.key)
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


def call(api_url: str, route: RouteConfig, caller: Caller, placed: Placed) -> Answer:
    """Call a route as someone, and note what it adds.

    Raises:
        DemoFailed: The API does not answer within a minute.
    """
    request = sample_request(route, caller, placed)
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
    placed.note(route.key, answer.status, answer.body)
    return Answer(answer.status, answer.header("apigw-requestid"))
