import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from page.handler import Handler, build
from page.settings import PublicClient, Settings
from tests.unit.page.discovery_server import ISSUER, Discovery, served

PUBLIC_URL = "https://abcdef1234.execute-api.eu-west-1.amazonaws.com"
ROUTES = {
    "issuer_name": "cognito",
    "revokes_sessions": True,
    "routes": [{"key": "GET /health"}],
}
STATIC = {
    "index.html": '<!doctype html><script src="/app/main-ABCDEFGH.js"></script>',
    "main-ABCDEFGH.js": "export {};",
    "page-ABCDEFGH.css": "body {}",
    "icon-ABCDEFGH.svg": "<svg/>",
}


@dataclass
class Clock:
    """Seconds that a test moves."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Page:
    """The function of a bundle, and the issuer that it asks."""

    folder: Path
    settings: Settings
    discovery: Discovery
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.handler: Handler = build(
            self.settings, self.folder, clock=self.clock, monotonic_clock=self.clock
        )

    def ask(self, path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
        return self.handler(
            {
                "version": "2.0",
                "routeKey": f"{method} /app/{{file+}}",
                "rawPath": path,
                "rawQueryString": "",
                "headers": {name.replace("_", "-"): value for name, value in headers.items()},
                "requestContext": {
                    "http": {"method": method, "path": path},
                    "requestId": "EXAMPLErequest=",
                },
            }
        )

    def config(self) -> Any:
        return json.loads(self.ask("/app/config.json")["body"])

    def storage(self) -> Any:
        """What the page is told for keeping tokens itself."""
        return self.config()["storage"]

    def policy(self, path: str = "/app") -> dict[str, list[str]]:
        text: str = self.ask(path)["headers"]["content-security-policy"]
        parts = [part.split(" ") for part in text.split("; ")]
        return {name: sources for name, *sources in parts}


@pytest.fixture
def discovery() -> Iterator[Discovery]:
    with served() as running:
        yield running


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    for name, text in STATIC.items():
        (tmp_path / "static" / name).write_text(text)
    (tmp_path / "routes.json").write_text(json.dumps(ROUTES))
    (tmp_path / "secret.txt").write_text("not for visitors")
    return tmp_path


@pytest.fixture
def cookie_page(bundle: Path, discovery: Discovery) -> Page:
    """A page that keeps no tokens."""
    return Page(bundle, Settings(PUBLIC_URL, None), discovery)


@pytest.fixture
def page(bundle: Path, discovery: Discovery) -> Page:
    settings = Settings(PUBLIC_URL, PublicClient(ISSUER, discovery.uri, "web", "openid email"))
    return Page(bundle, settings, discovery)
