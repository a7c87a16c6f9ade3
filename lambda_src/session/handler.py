"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clock."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from function_kit.aws import AwsClient, aws_client, call_limits
from function_kit.revocation.writing import RevocationList
from jwt_verifier.freshness import Clock, Clocks
from session import response
from session.audit import Audit
from session.client_authentication import ClientAuthentication
from session.cookie_keys import CookieKeys
from session.discovery import Discovery
from session.download import TIMEOUT_SECONDS, Web
from session.ended_sessions import EndedSessions
from session.grants import Grants
from session.id_tokens import IdTokens
from session.own_tokens import OwnTokens
from session.response import Response
from session.secret_store import SecretStore
from session.session_api import SessionApi
from session.settings import Settings
from session.sign_in import SignIn

CALLBACK_HEAD: Final = "HEAD /session/callback"
CALLS: Final = call_limits(connect_seconds=1, read_seconds=1, attempts=2)
"""At worst some four seconds for one call that hangs, retries included: a person waits."""

Handler = Callable[[Mapping[str, Any]], Response]


def build(
    settings: Settings,
    *,
    secretsmanager: AwsClient,
    dynamodb: AwsClient,
    clock: Clock = time.time,
    monotonic_clock: Clock = time.monotonic,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Handler:
    """Return a backend that has fetched nothing; reads no environment and calls nothing."""
    web, clocks = Web(timeout_seconds), Clocks(clock, monotonic_clock)
    discovery = Discovery(settings.issuer, settings.discovery_uri, web, clocks)
    store = SecretStore(secretsmanager)
    keys = CookieKeys(store, settings.cookie_secret_id, clocks)
    grants = Grants(settings, discovery, web, ClientAuthentication(settings, store, clocks))
    id_tokens = IdTokens(settings, discovery, clocks=clocks, timeout_seconds=timeout_seconds)
    sign_in = SignIn(
        settings=settings,
        keys=keys,
        discovery=discovery,
        grants=grants,
        id_tokens=id_tokens,
        clock=clock,
    )
    revocations = RevocationList(dynamodb, settings.revocation_table)
    api = SessionApi(
        settings=settings,
        keys=keys,
        ended=EndedSessions(dynamodb, settings.revocation_table),
        own_tokens=OwnTokens(settings.revoking, revocations, clock) if settings.revoking else None,
        discovery=discovery,
        grants=grants,
        id_tokens=id_tokens,
        clock=clock,
    )
    routes = {
        "GET /session/login": sign_in.login,
        "GET /session/callback": sign_in.callback,
        "GET /session/me": api.me,
        "HEAD /session/login": sign_in.login,
        "HEAD /session/me": api.me,
        "POST /session/refresh": api.refresh,
        "POST /session/logout": api.logout,
    }
    audit = Audit(settings.stage)

    def answer(event: Mapping[str, Any]) -> Response:
        if event["routeKey"] == CALLBACK_HEAD:
            # Whoever only looks at an address must not use up its code.
            return response.without_body(response.method_not_allowed("GET"))
        route = routes.get(event["routeKey"])
        if route is None:
            return response.not_found()
        with audit.of(event) as record:
            answered = route(event, record)
        is_head = event["routeKey"].startswith("HEAD ")
        return response.without_body(answered) if is_head else answered

    return answer


def handler(event: Mapping[str, Any], _context: object) -> Response:
    """Answer an HTTP API event, payload format 2.0, for the routes below `/session`."""
    return _backend()(event)


@cache
def _backend() -> Handler:
    return build(
        Settings.from_env(os.environ),
        secretsmanager=aws_client("secretsmanager", CALLS),
        dynamodb=aws_client("dynamodb", CALLS),
    )


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # In Lambda's init phase: a wrong setting must stop the function and not its first caller.
    _backend()
