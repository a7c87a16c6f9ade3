"""The blocks of docs/adopt.md and docs/other-front-doors.md, run or held to what they are cut from."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jwt_verifier import JwtVerifier
from tests.issuer import Issuer

ROOT = Path(__file__).parents[3]
LOGIN = Issuer("https://login.example")
EXAMPLE = (ROOT / "examples" / "own_cdk_app" / "stacks" / "pets_stack.py").read_text("utf-8")


def block(page: str, heading: str) -> str:
    """The Python block under a heading of a page."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    [found] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return str(found)


def handler(heading: str, audience: str) -> Any:
    """The function of a block, with the issuer's keys in hand."""
    names: dict[str, Any] = {}
    exec(compile(block("other-front-doors.md", heading), heading, "exec"), names)  # noqa: S102  # our own
    keys = json.dumps(LOGIN.jwks())
    names["verifier"] = JwtVerifier.oidc(LOGIN.url, audiences=[audience], jwks=keys)
    return names["handler"]


def test_the_block_for_http_apis_is_the_example() -> None:
    lines = [line for line in block("adopt.md", "An HTTP API").splitlines() if line]
    assert lines
    for line in lines:
        assert f"{line}\n" in EXAMPLE


def test_a_websocket_is_opened_by_a_good_token_alone() -> None:
    arn = "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/prod/$connect"
    answers = handler("WebSocket", "chat")
    event = {"methodArn": arn, "queryStringParameters": {"token": LOGIN.mint(aud="chat")}}
    answer = answers(event, None)
    [statement] = answer["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", arn)
    assert answer["context"]["sub"] == "someone"
    for given in (None, {}, {"token": LOGIN.mint(aud="other")}):
        with pytest.raises(Exception, match="^Unauthorized$"):
            answers({"methodArn": arn, "queryStringParameters": given}, None)


def test_a_function_url_answers_a_good_token_alone() -> None:
    answers = handler("A function URL, or any function", "pets")
    good = LOGIN.mint(aud="pets")
    assert answers({"headers": {"authorization": f"Bearer {good}"}}, None)["statusCode"] == 200
    for headers in ({}, {"authorization": good}, {"authorization": "Bearer x"}):
        assert answers({"headers": headers}, None)["statusCode"] == 401
