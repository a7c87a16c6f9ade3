"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clock."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from function_kit.aws import AWS_ERRORS, AwsClient, aws_client, call_limits
from function_kit.revocation.asked import asked_for
from function_kit.revocation.entry import Revocation, RevocationInvalid
from function_kit.revocation.writing import Pool, Refused, RevocationList, refuse
from jwt_verifier.freshness import Clock
from revocations import response
from revocations.audit import Audit
from revocations.caller import Caller, own_sign_in
from revocations.errors import RequestInvalid, RevocationsError, TableUnavailable
from revocations.request_body import fields_of
from revocations.response import Response
from revocations.settings import Settings

BY_ADMINISTRATOR: Final = "POST /admin/revocations"
OF_OWN_SESSION: Final = "POST /session/revoke"
CALLS: Final = call_limits(connect_seconds=1, read_seconds=1, attempts=2)
"""At worst some four seconds for one call that hangs, retries included: a person waits."""

Handler = Callable[[Mapping[str, Any]], Response]


def build(
    settings: Settings, *, dynamodb: AwsClient, cognito: AwsClient, clock: Clock = time.time
) -> Handler:
    """Return a backend; reads no environment and calls nothing."""
    revocations = RevocationList(dynamodb, settings.table)
    pool = Pool(settings.user_pool_id, settings.issuers.default, cognito)
    audit = Audit(settings.stage)

    def write(revocation: Revocation, caller: Caller, now: float) -> Refused:
        try:
            return refuse(
                revocation,
                revocations=revocations,
                pool=pool,
                lifetimes=settings.lifetimes,
                now=now,
                by=caller.name,
            )
        except AWS_ERRORS as error:
            reason = f"revocations_{type(error).__name__}"
            raise TableUnavailable("nothing was revoked; try again", reason) from None

    def asked(event: Mapping[str, Any], caller: Caller, now: float) -> Revocation:
        if event["routeKey"] == OF_OWN_SESSION:
            return own_sign_in(event, caller)
        try:
            return asked_for(fields_of(event), settings.issuers, now)
        except RevocationInvalid as invalid:
            raise RequestInvalid(str(invalid)) from None

    def answer(event: Mapping[str, Any]) -> Response:
        if event["routeKey"] not in (BY_ADMINISTRATOR, OF_OWN_SESSION):
            return response.not_found()
        now = clock()
        with audit.of(event) as record:
            try:
                caller = Caller.of(event)
                record.by(caller)
                done = write(asked(event, caller, now), caller, now)
            except RevocationsError as error:
                record.refused(error)
                return response.refusal(error)
            record.revoked(done)
            return response.refused(done, now=now, bound_seconds=settings.bound_seconds)

    return answer


def handler(event: Mapping[str, Any], _context: object) -> Response:
    """Answer an HTTP API event, payload format 2.0, for the two routes that revoke."""
    return _backend()(event)


@cache
def _backend() -> Handler:
    return build(
        Settings.from_env(os.environ),
        dynamodb=aws_client("dynamodb", CALLS),
        cognito=aws_client("cognito-idp", CALLS),
    )


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # In Lambda's init phase: a wrong setting must stop the function and not its first caller.
    _backend()
