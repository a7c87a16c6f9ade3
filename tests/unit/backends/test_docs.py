"""The two servers of docs/backends.md, run as they stand there."""

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.policy_document import policy_json
from tests.issuer import Issuer, serve_issuer
from tests.sample.access import ACCESS

DOCUMENT = Path(__file__).parents[3] / "docs" / "backends.md"
Ask = Callable[..., tuple[int, bytes]]


def server_of(heading: str) -> Any:
    """The handler class of the Python block under a heading, its server not started."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    [block] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    names: dict[str, Any] = {"__name__": "documented"}
    exec(compile(block, DOCUMENT.name, "exec"), names)  # noqa: S102  # our own document
    return names["Inventory"]


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[Ask]:
    class Silent(handler):  # type: ignore[misc,valid-type]  # a class of the document
        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def ask(**headers: str) -> tuple[int, bytes]:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            url = f"http://127.0.0.1:{server.server_port}/inventory/lamp"
            request = urllib.request.Request(url, headers=named)
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    return response.status, response.read()
            except urllib.error.HTTPError as refused:
                with refused:
                    return refused.code, b""

        try:
            yield ask
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serve_issuer() as served:
        yield served


def test_the_server_that_trusts_the_gateway_knows_whom_the_header_names() -> None:
    with serving(server_of("An EC2 service that trusts the header")) as ask:
        assert ask(x_user_sub="sub=u-1") == (200, b"u-1")
        assert ask(x_user_sub="sub=a=b") == (200, b"a=b")
        assert ask() == (403, b"")
        for nobody in ("sub=", "u-1", "", "issuer=u-1"):
            assert ask(x_user_sub=nobody) == (403, b"")


def test_the_server_that_verifies_again_believes_a_token_and_no_header(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text(policy_json(ACCESS))
    item = {"name": "cognito", "issuer": issuer.url, "audiences": ["orders"]}
    monkeypatch.setenv("ISSUERS", json.dumps([item]))
    monkeypatch.setenv("POLICY_FILE", str(policy))
    claims = {"sub": "u-1", "aud": "orders", "token_use": "access"}
    good = issuer.mint(**claims, scope="orders/read")
    with serving(server_of("A service that verifies the token again")) as ask:
        assert ask(authorization=f"Bearer {good}")[0] == 200
        assert ask(authorization=f"Bearer {issuer.mint(**claims, scope='openid')}")[0] == 403
        assert ask(authorization=f"Bearer {good[:-4]}AAAA")[0] == 401
        assert ask(x_user_sub="sub=u-1")[0] == 401
