"""`python -m local up --assembly FOLDER`: serve an app that is not ours, until Ctrl-C."""

import contextlib
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from local.loopback.listener import listen_on_loopback
from local.template.refusals import read_foreign_app
from local.terminal.console import ExchangePrinter, not_started_lines, routes_table, users_table
from local.terminal.outputs_file import OutputsFile
from local.terminal.progress import Progress, show_warnings
from local.this_app.foreign_app import ForeignApp

AUTHORIZER = "authorizer"
"""What our function is called in any app: the folder of its sources."""

FOR_HOST = "-c jwt_authorizer_bundle_for=host"
"""What bundles it for the machine that synthesises."""


def up_assembly(folder: Path, port: int, outputs_path: Path, console: Console) -> None:
    """Serve a cloud assembly until the process is told to stop.

    Args:
        folder: What `cdk synth` wrote.
        port: Of the API; 0 takes a free one.
        outputs_path: Where scripts find addresses; see `up`.
        console: Where people read.

    Raises:
        LocalError: Something cannot be served or does not start.
    """
    with ExitStack() as undo:
        listener = listen_on_loopback(port)
        undo.callback(listener.close)
        app = read_foreign_app(folder)
        show_warnings(app, console)
        progress = Progress(console)
        undo.callback(progress.done)
        file = OutputsFile(outputs_path)
        undo.callback(file.remove)
        printer = ExchangePrinter(console)
        undo.callback(printer.stop)
        running = ForeignApp(
            app, listener, printer.on_exchange, printer.decisions.on_line, progress.step
        )
        undo.callback(running.stop)
        progress.done()
        with contextlib.suppress(KeyboardInterrupt):
            file.write(running.outputs)
            _show(running, console)
            if file.path != file.asked_for:
                console.print(f"outputs: {file.path}", soft_wrap=True)
            threading.Event().wait()
    console.print("stopped")


def bundle_hints(not_started: Iterable[tuple[str, str]]) -> list[str]:
    """Return what to do where our authorizer does not start, a line or none.

    Args:
        not_started: The label of each function that does not, and why.
    """
    if AUTHORIZER not in dict(not_started):
        return []
    return [f"Is the authorizer bundled for Lambda? Synthesise with {FOR_HOST} (docs/adopt.md)."]


def _show(running: ForeignApp, console: Console) -> None:
    console.print(routes_table(running.app))
    if running.users:
        console.print(users_table(running.users))
    for token in running.tokens:
        console.print(f"{token.issuer} is played here. A token of it, with any claims:")
        # Unwrapped and unstyled: a line break would spoil what is pasted.
        console.print(
            f"""curl -s {token.url} -d '{{"sub": "pat"}}'""",
            soft_wrap=True,
            markup=False,
            style="cyan",
        )
    for line in (*not_started_lines(running.not_started), *bundle_hints(running.not_started)):
        console.print(line, soft_wrap=True)
    console.print(f"ready: {running.api_url}   Ctrl-C stops it", style="bold", soft_wrap=True)
