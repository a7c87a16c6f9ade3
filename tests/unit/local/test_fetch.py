"""Which URLs are on this machine: nothing else is ever asked."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local.loopback.fetch import FetchFailed, fetch, fetch_published, is_on_loopback
from tests.integration.authorities import Authority
from tests.issuer import serve_issuer


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9000/a", "http://127.8.9.1/", "http://[::1]:9000", "http://localhost:9000/"],
)
def test_http_to_this_machine_is_on_loopback(url: str) -> None:
    assert is_on_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://192.0.2.1/",
        "http://0.0.0.0/",
        "http://[::1",
        "http://127.0.0.1:port/",
        "http:127.0.0.1",
        "file:///etc/hosts",
        "//127.0.0.1/",
        "",
    ],
)
def test_anything_else_is_not_and_is_never_asked(url: str) -> None:
    assert not is_on_loopback(url)
    with pytest.raises(FetchFailed, match="is not on loopback"):
        fetch(url)


def test_a_url_that_no_request_can_hold_is_told() -> None:
    for url in (
        "http://127.0.0.1:1/a b",
        "http://127.0.0.1:1/\u00e4",
        "http://127.0.0.1:1/\r\nX: y",
    ):
        with pytest.raises(FetchFailed):
            fetch(url)


def test_what_an_issuer_publishes_is_fetched_by_https_or_from_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_issuer() as issuer:
        keys = f"{issuer.url}/.well-known/jwks.json"
        assert json.loads(fetch_published(keys)) == issuer.jwks()
    with pytest.raises(FetchFailed, match="is not on loopback"):
        fetch_published("http://issuer.example/keys")
    authority = Authority("of a test")
    with serve_by_https(authority, tmp_path) as url:
        with pytest.raises(FetchFailed, match="CERTIFICATE_VERIFY_FAILED"):
            fetch_published(f"{url}/")
        (tmp_path / "root.pem").write_bytes(authority.root())
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
        assert fetch_published(f"{url}/there") == b"{}"
        with pytest.raises(FetchFailed, match="answers 404"):
            fetch_published(f"{url}/gone")


@contextmanager
def serve_by_https(authority: Authority, folder: Path) -> Iterator[str]:
    """Serve `{}` at one path, under a certificate that an authority has signed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/there" else 404)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its parent's name
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.serve(folder / "server.pem"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that leaves
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
