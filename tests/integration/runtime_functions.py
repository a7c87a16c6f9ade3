"""A function for tests of the runtime: its event says what it does."""

import json
import socket
import textwrap
from pathlib import Path

from local.runtime.functions import Functions
from local.runtime.outcome import Succeeded
from local.template.local_app import FunctionConfig

LIMIT_SECONDS = 60.0
HANDLER = """
    import os, socket, subprocess, time
    CALLS = 0

    def handler(event, context):
        global CALLS
        CALLS += 1
        match event["do"]:
            case "echo":
                return event
            case "count":
                return CALLS
            case "environment":
                return {**os.environ}
            case "import":
                return __import__(event["module"]).__name__
            case "print":
                print(event["line"])
            case "raise":
                raise Exception(event["message"])
            case "exit":
                os._exit(3)
            case "sleep":
                time.sleep(60)
            case "wait":
                with socket.create_connection(("127.0.0.1", event["gate"])) as gate:
                    try:
                        gate.recv(1)
                    except ConnectionResetError:
                        pass
                return "waited"
            case "allocate":
                memory = b"x" * (event["megabytes"] * 1024 * 1024)
                del memory
                time.sleep(event["seconds"])
            case "process":
                return os.getpid()
            case "leave a process behind":
                return subprocess.Popen(["sleep", "60"]).pid
            case "identity":
                return [context.function_name, context.invoked_function_arn]
            case "unserialisable":
                return {1, 2}
"""


class Gate:
    """Holds functions that `wait` until it is opened."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._accepted: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    def wait_for(self, callers: int) -> None:
        """Wait until so many functions have come to it."""
        for _ in range(callers):
            self._accepted.append(self._listener.accept()[0])

    def open(self) -> None:
        # Connections that nobody has accepted are reset.
        for connection in (self._listener, *self._accepted):
            connection.close()


def function_config(folder: Path, source: str = HANDLER, **changes: object) -> FunctionConfig:
    """Write the handler into a folder and return a function of it, changed."""
    (folder / "example").mkdir(parents=True, exist_ok=True)
    (folder / "example" / "handler.py").write_text(textwrap.dedent(source))
    config = {
        "name": "Example",
        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:Example",
        "handler": "example.handler.handler",
        "runtime": "python3.14",
        "code_folder": folder,
        "environment": {"COLOUR": "green"},
        "memory_mb": 256,
        "timeout_seconds": 10.0,
        "log_format": "JSON",
        "log_level": "INFO",
    }
    return FunctionConfig(**{**config, **changes})  # type: ignore[arg-type]


def call(functions: Functions, limit_seconds: float = LIMIT_SECONDS, **event: object) -> object:
    """What the handler returns for an event, or the outcome if it returns nothing."""
    outcome = functions.invoke("Example", json.dumps(event).encode(), limit_seconds)
    return json.loads(outcome.payload) if isinstance(outcome, Succeeded) else outcome
