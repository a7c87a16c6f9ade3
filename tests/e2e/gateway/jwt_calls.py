"""Requests with tokens, and what a refused one looks like."""

from typing import Any

from tests.issuer import Issuer

from .conftest import Answer, Api


def ask(api: Api, token: str | None, path: str = "/me") -> Answer:
    return api.call("GET", path, () if token is None else (("authorization", f"Bearer {token}"),))


def mint(issuer: Issuer, **claims: Any) -> str:
    return issuer.mint(**{"client_id": "web", **claims})


def refused(answer: Answer, description: str) -> bool:
    """Whether it is the 401 of an invalid token, with the gateway's own header."""
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert answer.header("content-type") == "application/json"
    return answer.header("www-authenticate") == (
        f'Bearer scope="" error="invalid_token" error_description="{description}"'
    )
