"""The local stack in a process of its own -> its address, and every call with its right answer.

The right answers come from the template and the policy, as in the demo, and never from
what the stack under load answers.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, cast

from rich.console import Console

from benchmarks.local_calls import Call, Served
from benchmarks.local_revocation import revoking_app, take_back_others
from local.errors import LocalError
from local.loopback.listener import listen_on_loopback
from local.template.local_app import LambdaIntegrationConfig, LocalApp, RouteConfig
from local.terminal.console import ExchangePrinter
from local.this_app.demo.callers import Caller, good_until, sign_everyone_in
from local.this_app.demo.calls import sample_request
from local.this_app.demo.declared import Verdict, declared_verdict
from local.this_app.demo.source_table import source_table
from local.this_app.running_app import ServedApp, run_app
from local.this_app.synthesis.stage_app import app_of_stage
from tests.sample.paths import APP_MODULE

_STAGE: Final = "local"
START_SECONDS: Final = 300
STOP_SECONDS: Final = 30
MARGIN_SECONDS: Final = 120
"""For how long before its end no token is used: clients must start, and answers come late."""

_SIGN_IN: Final = "sign in"
SAYS_WHO_CALLS: Final = frozenset({"GET /me", "GET /whoami"})
"""Routes whose answer holds the caller's `sub`: there an answer to somebody else shows."""
ADDS: Final = frozenset({"POST /orders"})
"""Routes that nobody who may calls: what they add stays, and the load would grow by itself."""
ABOUT_NO_ORDER: Final = frozenset({"DELETE /orders/{id}", "POST /orders/{id}/refund"})
"""Routes that who may is told 404 by, for no order has been added."""
_NOT_FOUND: Final = 404


class Serving:
    """A stack that runs in a process of its own.

    Attributes:
        process_id: The process's.

    Raises:
        LocalError: The stack does not start.
    """

    def __init__(self, pipe: Connection, process_id: int) -> None:
        self._pipe = pipe
        self.process_id = process_id
        self._answer()

    def signed_in_anew(self) -> Served:
        """Sign everybody in, and return all calls.

        Raises:
            LocalError: Somebody cannot sign in.
        """
        self._pipe.send(_SIGN_IN)
        return cast("Served", self._answer())

    def _answer(self) -> Served | None:
        if not self._pipe.poll(START_SECONDS):
            raise LocalError(f"the local stack did not answer within {START_SECONDS} s")
        answer = self._pipe.recv()
        if isinstance(answer, str):
            raise LocalError(answer)
        return cast("Served | None", answer)


@contextmanager
def serve_in_a_process(*, revocation: bool = False) -> Iterator[Serving]:
    """Serve the stage `local`, its console written to nowhere, until the block ends.

    Args:
        revocation: Whether the authorizer asks what was taken back.

    Raises:
        LocalError: The stack does not start.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, revocation))
    process.start()
    theirs.close()
    try:
        yield Serving(ours, process.pid or 0)
    finally:
        ours.close()
        process.join(STOP_SECONDS)
        process.kill()


def _serve(pipe: Connection, revocation: bool) -> None:  # noqa: FBT001  # of a process
    with Path(os.devnull).open("w") as nowhere:
        printer = ExchangePrinter(Console(file=nowhere, highlight=False))
        try:
            app = revoking_app() if revocation else app_of_stage(_STAGE, APP_MODULE)
            with run_app(
                app,
                listen_on_loopback(0),
                printer.on_exchange,
                printer.decisions.on_line,
                lambda _step: None,
            ) as stack:
                if revocation:
                    take_back_others(stack)
                _sign_in_when_asked(stack, pipe)
        except LocalError as error:
            pipe.send(str(error))
        finally:
            printer.stop()


def _sign_in_when_asked(stack: ServedApp, pipe: Connection) -> None:
    """Say that all is up, then answer until the other end closes, or has died."""
    pipe.send(None)
    with suppress(EOFError):
        while pipe.recv() == _SIGN_IN:
            pipe.send(_served(stack))


def _served(stack: ServedApp) -> Served:
    callers = sign_everyone_in(stack)
    good_seconds = good_until(callers) - time.time() - MARGIN_SECONDS
    address = stack.api_url.removeprefix("http://")
    return Served(address, tuple(_calls(stack, callers)), good_seconds)


def _calls(stack: ServedApp, callers: Iterable[Caller]) -> Iterator[Call]:
    table = source_table(_STAGE, APP_MODULE)
    for caller in callers:
        for route in stack.app.api.routes:
            # What other public routes answer is theirs to decide, and no table declares it.
            verdict = declared_verdict(stack.app, table, route, caller)
            adds = verdict is Verdict.ALLOWED and route.key in ADDS
            if verdict and not adds and (route.authorizer or route.key == "GET /health"):
                yield _call(stack.app, route, caller, verdict)


def _call(app: LocalApp, route: RouteConfig, caller: Caller, verdict: Verdict) -> Call:
    request = sample_request(route, caller)
    allowed = verdict is Verdict.ALLOWED
    success = _NOT_FOUND if route.key in ABOUT_NO_ORDER else None
    told = allowed and route.key in SAYS_WHO_CALLS
    return Call(
        name=f"{caller.name}: {route.key}",
        method=request.method,
        path=request.path,
        headers=request.headers,
        body=request.body,
        status=success if allowed else int(verdict),
        subject=str(caller.claims["sub"]) if told else None,
        keys_from=_publisher(app, caller),
    )


def _publisher(app: LocalApp, caller: Caller) -> str | None:
    """Return the function of the app's own issuer, if the caller's token is that issuer's."""
    if app.issuer is None or caller.claims.get("iss") != app.issuer.endpoint:
        return None
    names = {
        route.integration.function_name
        for route in app.issuer.routes
        if isinstance(route.integration, LambdaIntegrationConfig)
    }
    return next(function.label for function in app.functions if function.name in names)
