"""oidc-provider-mock on loopback: a real OIDC provider (Authlib) with people whom tests make."""

import http.client
import importlib
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from urllib.parse import urlencode, urlsplit

import pytest
from werkzeug.serving import make_server

from .http_client import FORM

with warnings.catch_warnings():
    # Authlib's warnings are about its next version; this module of it asks to be heard always.
    importlib.import_module("authlib.deprecate")
    warnings.simplefilter("ignore")
    oidc_provider_mock = importlib.import_module("oidc_provider_mock")

WITHOUT_ITS_WARNINGS = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
"""The provider calls Authlib in a way that it will no longer know one day."""


@dataclass(frozen=True)
class RealProvider:
    url: str

    def knows(self, subject: str, **claims: object) -> None:
        """Make a person, or change one."""
        body = json.dumps(claims)
        headers = {"Content-Type": "application/json"}
        assert self._ask("PUT", f"/users/{subject}", body, headers)[0] == 204

    def sign_in(self, authorization_url: str, subject: str) -> str:
        """Sign in on the provider's page, and say where it sends the browser."""
        return self._submit(authorization_url, {"sub": subject})

    def deny(self, authorization_url: str) -> str:
        """Refuse on the provider's page."""
        return self._submit(authorization_url, {"action": "deny"})

    def _submit(self, authorization_url: str, form: dict[str, str]) -> str:
        assert authorization_url.startswith(f"{self.url}/oauth2/authorize?")
        target = authorization_url.removeprefix(self.url)
        assert self._ask("GET", target)[0] == 200
        status, location = self._ask("POST", target, urlencode(form), FORM)
        assert (status, bool(location)) == (302, True)
        return location

    def _ask(
        self,
        method: str,
        target: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=5)
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            response.read()
            return response.status, response.headers.get("Location", "")
        finally:
            connection.close()


@contextmanager
def serve_real_provider() -> Iterator[RealProvider]:
    server = make_server("127.0.0.1", 0, oidc_provider_mock.app(require_nonce=True), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield RealProvider(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
