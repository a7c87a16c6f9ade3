"""An app of a stage -> served, shown and followed until the process is told to stop."""

import contextlib
import socket
import threading
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from local.runtime.file_system import refusal
from local.runtime.memory import MEMORY_IS_ENFORCED
from local.stack.drawn import Drawn
from local.stack.running_stack import Update
from local.template.local_app import LocalApp
from local.terminal.console import (
    ExchangePrinter,
    not_started_lines,
    notes_on_stage,
    routes_table,
    users_table,
)
from local.terminal.outputs_file import OutputsFile
from local.terminal.progress import Progress, show_warnings
from local.terminal.watch import follow_sources
from local.this_app.commands import commands
from local.this_app.outputs import outputs
from local.this_app.request_file import RequestFile, request_path
from local.this_app.running_app import RunningApp, ServedApp
from local.this_app.synthesis.sources import Sources
from local.this_app.synthesis.synth import SEED


def serve(
    app: LocalApp,
    stage: str,
    listener: socket.socket,
    file: OutputsFile,
    progress: Progress,
    console: Console,
    sources: Sources | None,
    *,
    verbose: bool,
) -> None:
    """Start everything, and serve until the process is told to stop.

    Args:
        app: What to serve.
        stage: What it was synthesised for.
        listener: Where the API is to be served.
        file: What scripts are told.
        progress: Told each step of the start, and its end.
        console: Where people read.
        sources: What to follow; None to serve the app as it is.
        verbose: Whether the access log is shown.

    Raises:
        LocalError: Something does not start.
    """
    with ExitStack() as undo:
        printer = ExchangePrinter(console, with_access_log=verbose)
        undo.callback(printer.stop)
        running = RunningApp(
            app,
            listener,
            printer.on_exchange,
            printer.decisions.on_line,
            progress.step,
            Drawn.kept_in(SEED),
        )
        undo.callback(running.stop)
        progress.done()
        # A script that waits for the file may stop the stack as soon as it is there.
        with contextlib.suppress(KeyboardInterrupt):
            file.write(outputs(running.stack))
            requests = RequestFile(request_path(file.path))
            undo.callback(requests.remove)
            printer.decisions.keep_with(requests.keep)
            _show(running.stack, file.path, console)
            for note in notes_on_stage(stage, app):
                console.print(note, style="dim", soft_wrap=True)
            if file.path != file.asked_for:
                console.print(
                    f"outputs: {file.path}, for another stack serves with {file.asked_for.name}",
                    soft_wrap=True,
                )
            _say_ready(running.stack, console, watching=sources is not None)
            if sources:
                _follow(running, sources, file, console)
            threading.Event().wait()


def _say_ready(stack: ServedApp, console: Console, *, watching: bool) -> None:
    for line in not_started_lines(stack.not_started):
        console.print(line, soft_wrap=True)
    if not MEMORY_IS_ENFORCED:
        console.print("Memory limits are not enforced on this system.")
    shared = refusal()
    if shared:
        console.print(
            f"Functions see this machine's disk ({escape(shared)}): one that changes its own code "
            "is stopped (docs/local-lambda.md).",
            soft_wrap=True,
        )
    follows = "   changed sources are served at once" if watching else ""
    if stack.page_url:
        console.print(f"page:  {stack.page_url}   sign in as one of the users", soft_wrap=True)
    console.print(
        f"ready: {stack.api_url}{follows}   Ctrl-C stops it", style="bold", soft_wrap=True
    )


def _follow(running: RunningApp, sources: Sources, file: OutputsFile, console: Console) -> None:
    known = running.stack.app.warnings

    def on_update(update: Update) -> None:
        nonlocal known
        show_warnings(running.stack.app, console, known)
        known = running.stack.app.warnings
        file.write(outputs(running.stack))
        if update.pool:
            _show(running.stack, file.path, console)
        elif update.api:
            console.print(routes_table(running.stack.app))
        console.print(f"Reloaded: {_restarted(update)}", style="bold")

    follow_sources(
        running,
        sources,
        lambda: console.print("sources have changed: synth", style="dim"),
        on_update,
        lambda error: console.print(
            f"[bold red]Reload failed[/], still serving the previous version: {escape(str(error))}",
            soft_wrap=True,
        ),
    )


def _restarted(update: Update) -> str:
    parts = [f"function {label}" for label in update.functions]
    parts += ["gateway"] * update.api + ["user pool, with new users"] * update.pool
    return ", ".join(parts) or "no restart was needed"


def _show(stack: ServedApp, outputs_path: Path, console: Console) -> None:
    console.print(routes_table(stack.app))
    if stack.users:
        console.print(users_table(stack.users))
    console.print("Paste these:")
    # Unwrapped and unstyled: a line break would spoil what is pasted.
    console.print(commands(stack, outputs_path), soft_wrap=True, markup=False, style="cyan")
