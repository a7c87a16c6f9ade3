"""A door before AWS's services that answers, or does not, as a test wants it."""

import bisect
import http.client
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from operator import itemgetter
from threading import Event, Thread
from typing import Any, Literal
from urllib.parse import urlsplit

from function_kit.revocation.table_keys import ENTRY, LIST, REVOCATIONS, Attributes

Mood = Literal["answers", "unreachable", "hangs", "throttled"]
THROTTLED = (
    b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow down"}'
)
PAGE_BYTES = 1_000_000
PASSED_ON = ("authorization", "content-type", "x-amz-date", "x-amz-target", "x-amz-security-token")


@dataclass
class FaultyDoor:
    """What is behind it, and how it is at the moment.

    Attributes:
        behind: The URL of the services; known once they are served.
        mood: What comes of a call.
        open_again: Set when calls that hang may end.
        items: A list that it answers with by itself, by key and in the order of keys; moto takes
            seconds for one as long as a table may hold.
    """

    url: str
    behind: str = ""
    mood: Mood = "answers"
    items: list[tuple[str, bytes]] = field(default_factory=list)
    open_again: Event = field(default_factory=Event)

    @contextmanager
    def being(self, mood: Mood) -> Iterator[None]:
        """Be like this until the block ends."""
        self.mood = mood
        self.open_again.clear()
        try:
            yield
        finally:
            self.mood = "answers"
            self.open_again.set()

    @contextmanager
    def holding(self, items: Iterable[Attributes]) -> Iterator[None]:
        """Answer with these items until the block ends."""
        self.items = sorted((item[ENTRY]["S"], json.dumps(item).encode()) for item in items)
        try:
            yield
        finally:
            self.items = []

    def page(self, query: dict[str, Any]) -> bytes:
        """Answer a query with what is behind an entry, a megabyte at most ("Query", DynamoDB)."""
        after = query["ExpressionAttributeValues"].get(":after", {"S": ""})["S"]
        first = last = bisect.bisect_right(self.items, after, key=itemgetter(0))
        size = 0
        while last < len(self.items) and size < PAGE_BYTES:
            size += len(self.items[last][1])
            last += 1
        body = b'{"Items":[' + b",".join(item for _, item in self.items[first:last]) + b"]"
        if last < len(self.items):
            key = {LIST: {"S": REVOCATIONS}, ENTRY: {"S": self.items[last - 1][0]}}
            body += b',"LastEvaluatedKey":' + json.dumps(key).encode()
        return body + b"}"


@contextmanager
def serve_faulty_door() -> Iterator[FaultyDoor]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if door.mood == "hangs":
                door.open_again.wait()
            if door.mood == "unreachable":
                self.close_connection = True
                return
            if door.mood == "throttled":
                self._answer(400, THROTTLED)
                return
            if door.items:
                self._answer(200, door.page(json.loads(body)))
                return
            headers = {name: self.headers[name] for name in PASSED_ON if self.headers[name]}
            with closing(http.client.HTTPConnection(urlsplit(door.behind).netloc)) as link:
                link.request("POST", self.path, body, headers)
                answer = link.getresponse()
                self._answer(answer.status, answer.read())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.0")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the authorizer waits for 200 ms
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    door = FaultyDoor(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield door
    finally:
        door.open_again.set()
        server.shutdown()
        server.server_close()
        thread.join()
