"""Gateway event -> the caller, as the Lambda authorizer describes it."""

from function_kit.backend import Answer, Request, backend, caller_of


@backend
def handler(request: Request) -> Answer:
    """Answer the authorizer's context: sub, client_id, scope and what else it has put there."""
    return 200, caller_of(request)
