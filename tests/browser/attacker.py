"""Another site on this machine, which tries what a hostile page can; it remembers what it gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

FORM = """<!doctype html><title>You have won</title>
<form method="post" action="{target}" enctype="text/plain">
<input name='{{"item":"lamp","quantity":1,"x":"' value='"}}'>
<button>Claim the prize</button></form>"""


@dataclass
class Attacker:
    """A site; `received` holds the path and body of each request that it got."""

    port: int
    pages: dict[str, str] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)

    @property
    def same_site(self) -> str:
        """Its address under the API's own host: another origin, yet the same site for cookies."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def other_site(self) -> str:
        """Its address under another host."""
        return f"http://localhost:{self.port}"


@contextmanager
def serve_attacker() -> Iterator[Attacker]:
    """The site, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    attacker = Attacker(server.server_port)

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            attacker.received.append(f"{self.path} {self.rfile.read(length).decode()}")
            body = attacker.pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815  # the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield attacker
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
