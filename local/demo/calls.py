"""Route and caller -> a real HTTP call to the local API, and what came back."""

import http.client
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.demo.callers import Caller
from local.demo.sign_in import TIMEOUT_SECONDS
from local.template.local_app import RouteConfig

_PARAMETER = re.compile(r"\{[^}]+\}")
_SAMPLE_PARAMETER = "order-1"
_SAMPLE_BODY = json.dumps({"item": "lamp", "quantity": 1})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, and the id that the gateway's log knows the request by."""

    status: int
    request_id: str


def call(api_url: str, route: RouteConfig, caller: Caller) -> Answer:
    """Call a route as someone."""
    method, _, path = route.key.partition(" ")
    if not path or method == "ANY":
        method = "GET"
    headers = {"Content-Type": "application/json"} if method in _WITH_BODY else {}
    if caller.token is not None:
        headers["Authorization"] = f"Bearer {caller.token}"
    connection = http.client.HTTPConnection(urlsplit(api_url).netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(
            method,
            _PARAMETER.sub(_SAMPLE_PARAMETER, path) or "/",
            _SAMPLE_BODY if method in _WITH_BODY else None,
            headers,
        )
        response = connection.getresponse()
        response.read()
        return Answer(response.status, response.getheader("apigw-requestid", ""))
    finally:
        connection.close()
