import json
from pathlib import Path

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.target import host_target
from page.handler import build
from page.settings import Settings
from stacks.browser.browser_sign_in import BackendClient, BrowserSignIn
from stacks.browser.page_function import page_spec
from tests.sample.access import ACCESS
from tests.unit.page.discovery_server import ISSUER, served


def test_what_synth_puts_into_the_bundle_is_what_the_function_serves(tmp_path: Path) -> None:
    backend = BackendClient("backend", "client_secret", "arn:secret", "client_secret")
    sign_in = BrowserSignIn(
        "cognito", ISSUER, backend, "web", "openid orders/read", "https://api.example"
    )
    spec = page_spec(ACCESS, sign_in)
    Bundle(spec.name, host_target(), spec.files).build(tmp_path)
    with served() as discovery:
        settings = Settings.from_env({**spec.environment, "DISCOVERY_URI": discovery.uri})
        page = build(settings, tmp_path)
        http = {"requestContext": {"http": {"method": "GET"}}, "headers": {}}
        html = page({**http, "rawPath": "/app"})["body"]
        config = json.loads(page({**http, "rawPath": "/app/config.json"})["body"])
        [script] = [name for name in spec.files if name.endswith(".js")]
        path = script.replace("static/", "/app/")
        assert page({**http, "rawPath": path})["statusCode"] == 200
    assert path in html
    assert "GET /orders" in [route["key"] for route in config["routes"]]
    assert spec.environment["DISCOVERY_URI"] == f"{ISSUER}/.well-known/openid-configuration"
