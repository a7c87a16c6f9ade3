"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clock."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from function_kit.aws import AwsClient, aws_client, call_limits
from jwt_verifier.freshness import Clock, Clocks
from token_issuer import documents, response
from token_issuer.audit import Audit
from token_issuer.clients import Clients
from token_issuer.errors import OAuthError
from token_issuer.issue import TokenEndpoint
from token_issuer.key_ring import PATIENCE, KeyRing, Patience
from token_issuer.rate import CLIENT_RATE, SOURCE_RATE, Rate
from token_issuer.rate_limit import RateLimit
from token_issuer.response import Response
from token_issuer.settings import Settings
from token_issuer.signing import PROOF, Signing

CALLS: Final = call_limits(connect_seconds=1, read_seconds=2, attempts=3)
"""At worst some ten seconds for one call that hangs, retries included."""

JWKS_CACHE_SECONDS: Final = 300
DISCOVERY_CACHE_SECONDS: Final = 300

Handler = Callable[[Mapping[str, Any]], Response]


def build(
    settings: Settings,
    *,
    kms: AwsClient,
    dynamodb: AwsClient,
    clock: Clock = time.time,
    monotonic_clock: Clock = time.monotonic,
    source_rate: Rate = SOURCE_RATE,
    client_rate: Rate = CLIENT_RATE,
    patience: Patience = PATIENCE,
) -> Handler:
    """Return an issuer without keys; reads no environment and calls nothing."""
    key_ring = KeyRing(dynamodb, settings.key_ring_table, Clocks(clock, monotonic_clock), patience)
    rates = settings.rate_limits_table
    signing, audit = Signing(key_ring, kms), Audit(settings.stage)
    issue = TokenEndpoint(
        settings=settings,
        sources=RateLimit(dynamodb, rates, "source", source_rate),
        clients=Clients(dynamodb, settings.clients_table),
        client_rates=RateLimit(dynamodb, rates, "client", client_rate),
        signing=signing,
        audit=audit,
        clock=clock,
    )
    discovery = {
        urlsplit(url).netloc: response.document(documents.discovery(url), DISCOVERY_CACHE_SECONDS)
        for url in (settings.issuer_url, settings.other_issuer_url)
        if url
    }
    own = discovery[urlsplit(settings.issuer_url).netloc]

    def answer(event: Mapping[str, Any]) -> Response:
        if event.get("action") == PROOF and "routeKey" not in event:
            return _proof(signing, event, clock(), audit)
        method, _, path = str(event["routeKey"]).partition(" ")
        match method, path:
            case "POST", "/oauth2/token":
                return issue(event)
            case "GET" | "HEAD", documents.OPENID_PATH | documents.RFC_8414_PATH:
                return discovery.get(event["requestContext"].get("domainName"), own)
            case "GET" | "HEAD", documents.JWKS_PATH:
                return _jwks(key_ring)
        return response.not_found()

    return answer


def handler(event: Mapping[str, Any], _context: object) -> Response:
    """Answer an HTTP API event, payload format 2.0, for the issuer's routes; or prove a signature.

    Args:
        event: From the gateway; or `{"action": "prove-signature", "nonce": ...}` from the rotation,
            which alone may invoke the function itself.
    """
    return _issuer()(event)


def _proof(signing: Signing, question: Mapping[str, Any], now: float, audit: Audit) -> Response:
    try:
        return signing.proof(question, now, audit.key_refused)
    except OAuthError as error:
        return {"error": error.code, "reason": error.reason}


def _jwks(key_ring: KeyRing) -> Response:
    try:
        return response.document(key_ring.keys().jwks, JWKS_CACHE_SECONDS)
    except OAuthError as error:
        return response.refusal(error)


@cache
def _issuer() -> Handler:
    return build(
        Settings.from_env(os.environ),
        kms=aws_client("kms", CALLS),
        dynamodb=aws_client("dynamodb", CALLS),
    )


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # In Lambda's init phase: a wrong setting must stop the function and not its first caller, and
    # the SDK's clients are dear to make while API Gateway waits 1.5 s for discovery.
    _issuer()
