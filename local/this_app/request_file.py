"""Requests and decisions of a running stack -> a file, where another process finds them by id.

It is this user's alone, has the newest lines, and is gone with its stack.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from local.json_value import JsonObject

_LINES = 20_000
"""Of each of the two files: the newer one, and the one before it."""


def request_path(outputs: Path) -> Path:
    """Return where the requests of a stack are, by where its outputs are."""
    return outputs.with_suffix(".requests.jsonl")


class RequestFile:
    """Keeps lines; safe for threads. `remove` must be called in the end.

    Args:
        path: Where to; what stands there is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._older = path, path.with_suffix(".old.jsonl")
        self._lock = Lock()
        self._is_open = True
        self._begin()

    def keep(self, document: JsonObject) -> None:
        """Write a line, which others can read at once."""
        line = json.dumps(document)
        with self._lock:
            if not self._is_open:
                return
            if self._written >= _LINES:
                self._file.close()
                self._path.replace(self._older)
                self._begin()
            self._file.write(f"{line}\n")
            self._file.flush()
            self._written += 1

    def remove(self) -> None:
        """Remove what is kept."""
        with self._lock:
            self._is_open = False
            self._file.close()
            for path in (self._path, self._older):
                path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._path.unlink(missing_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        self._written = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """What is kept of one request.

    Attributes:
        request: Its answer, and in which request it was decided about; None if nothing is kept.
        decision: The authorizer's line, perhaps another request's; None without one.
    """

    request: JsonObject | None
    decision: JsonObject | None


def answered(path: Path, request_id: str) -> Answered:
    """Return what a running stack has kept of a request.

    Raises:
        FileNotFoundError: None runs there.
    """
    lines = list(_lines(path))
    request = next((line for line in lines if line.get("answered") == request_id), None)
    decided_in = request.get("decided_in") if request else None
    decision = next((line for line in lines if line.get("request_id") == decided_in), None)
    return Answered(request, decision if decided_in else None)


def _lines(path: Path) -> Iterator[JsonObject]:
    with contextlib.suppress(FileNotFoundError):
        yield from _of_file(path.with_suffix(".old.jsonl"))
    yield from _of_file(path)


def _of_file(path: Path) -> Iterator[JsonObject]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            # The last may be half written.
            with contextlib.suppress(ValueError):
                yield json.loads(line)
