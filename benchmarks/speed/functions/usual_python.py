"""The usual Python authorizer: PyJWT, with Powertools' Logger and Metrics as they are documented.

Its keys are in hand, or fetched in init by PyJWKClient.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

USE = "access"
POOL = json.loads(Path(os.environ["POOL_FILE"]).read_text(encoding="utf-8"))
logger = Logger(service="authorizer")
metrics = Metrics(namespace="Authorizer", service="authorizer")

if "JWKS_URI" in os.environ:
    keys = jwt.PyJWKClient(os.environ["JWKS_URI"]).get_jwk_set().keys
else:
    keys = jwt.PyJWKSet.from_dict(POOL["jwks"]).keys
KEYS = {key.key_id: key for key in keys}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer an HTTP API event."""
    token = event["headers"]["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(
        token,
        KEYS[jwt.get_unverified_header(token)["kid"]],
        algorithms=["RS256"],
        issuer=POOL["issuer"],
        options={"require": ["exp", "iss", "sub"], "verify_aud": False},
    )
    if claims["client_id"] != POOL["client_id"] or claims["token_use"] != USE:
        raise ValueError
    logger.info("authorized", extra={"sub": claims["sub"], "route": event["routeKey"]})
    metrics.add_metric(name="allowed", unit=MetricUnit.Count, value=1)
    context = {"sub": claims["sub"], "scope": claims["scope"]}
    return {"isAuthorized": True, "context": context}
