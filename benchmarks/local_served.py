"""The local stack in a process of its own -> its address, and every call with its right answer.

The rule: the right answers come from the template and the policy, as in the demo, and never from
what the stack under load answers.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from rich.console import Console

from local.console import ExchangePrinter
from local.demo.callers import Caller, sign_everyone_in
from local.demo.calls import sample_request
from local.demo.declared import Verdict, declared_verdict
from local.errors import LocalError
from local.local_stack import LocalStack, run_local_stack
from local.server import listen_on_loopback
from local.stage_app import app_of_stage
from local.template.local_app import RouteConfig

START_SECONDS: Final = 300
STOP_SECONDS: Final = 30
SAYS_WHO_CALLS: Final = frozenset({"GET /me", "GET /whoami"})
"""Routes whose answer holds the caller's `sub`: there an answer to somebody else shows."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request and what must come back.

    `status` is exact for a refusal and None for any success; `subject` must be in the body.
    """

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    status: int | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Served:
    """A stack that runs: where it is, its process, what to call."""

    address: str
    process_id: int
    calls: tuple[Call, ...]


@contextmanager
def serve_in_a_process() -> Iterator[Served]:
    """Serve the stage `local`, its console written to nowhere, until the block ends.

    Raises:
        LocalError: The stack does not start.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    theirs.close()
    try:
        if not ours.poll(START_SECONDS):
            raise LocalError(f"the local stack did not start within {START_SECONDS} s")
        answer = ours.recv()
        if isinstance(answer, str):
            raise LocalError(answer)
        yield answer
    finally:
        ours.close()
        process.join(STOP_SECONDS)
        process.kill()


def _serve(pipe: Connection) -> None:
    with Path(os.devnull).open("w") as nowhere:
        printer = ExchangePrinter(Console(file=nowhere, highlight=False))
        try:
            app = app_of_stage("local")
            with run_local_stack(
                app,
                listen_on_loopback(0),
                printer.on_exchange,
                printer.decisions.on_line,
                lambda _step: None,
            ) as stack:
                address = stack.api_url.removeprefix("http://")
                pipe.send(Served(address, os.getpid(), tuple(_calls(stack))))
                # Nothing is ever sent: this returns when the other end closes, or has died.
                pipe.poll(None)
        except LocalError as error:
            pipe.send(str(error))
        finally:
            printer.stop()


def _calls(stack: LocalStack) -> Iterator[Call]:
    for caller in sign_everyone_in(stack):
        for route in stack.app.api.routes:
            # What other public routes answer is theirs to decide, and no table declares it.
            verdict = declared_verdict(stack.app, route, caller)
            if verdict and (route.authorizer or route.key == "GET /health"):
                yield _call(route, caller, verdict)


def _call(route: RouteConfig, caller: Caller, verdict: Verdict) -> Call:
    request = sample_request(route, caller)
    allowed = verdict is Verdict.ALLOWED
    told = allowed and route.key in SAYS_WHO_CALLS
    return Call(
        name=f"{caller.name}: {route.key}",
        method=request.method,
        path=request.path,
        headers=request.headers,
        body=request.body,
        status=None if allowed else int(verdict),
        subject=str(caller.claims["sub"]) if told else None,
    )
