"""Gateway event -> 200 for any caller: it shows that the route and the function work."""

from function_kit.backend import Answer, Request, backend


@backend
def handler(_request: Request) -> Answer:
    """Answer `{"status": "ok"}`."""
    return 200, {"status": "ok"}
