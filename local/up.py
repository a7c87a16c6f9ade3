"""`python -m local up`: synthesise, start, show, serve until Ctrl-C."""

import contextlib
import json
import threading
from contextlib import ExitStack
from pathlib import Path
from urllib.request import getproxies_environment, proxy_bypass

from rich.console import Console
from rich.markup import escape

from local.cognito.passwords import LOCAL_ONLY_PATH
from local.console import (
    ExchangePrinter,
    Progress,
    notes_on_stage,
    routes_table,
    users_table,
)
from local.local_stack import LocalStack, RunningStack, Update
from local.outputs import outputs
from local.outputs_file import OutputsFile
from local.runtime.file_system import refusal
from local.runtime.memory import MEMORY_IS_ENFORCED
from local.server import LOOPBACK, listen_on_loopback
from local.sources import look_at_sources
from local.stage_app import app_of_stage
from local.watch import Seen, follow_sources


def up(stage: str, port: int, outputs_path: Path, console: Console, *, watching: bool) -> None:
    """Serve a stage's template until the process is told to stop.

    Args:
        stage: A key of `context.stages` in cdk.json.
        port: Of the API; 0 takes a free one.
        outputs_path: Where scripts find addresses and ids; it exists while the stack serves. While
            another stack serves with it, this one's file has its port in its name.
        console: Where people read.
        watching: Whether changed sources change what is served.

    Raises:
        LocalError: Something does not start.
    """
    with ExitStack() as undo:
        listener = listen_on_loopback(port)
        undo.callback(listener.close)
        printer = ExchangePrinter(console)
        undo.callback(printer.stop)
        progress = Progress(console)
        undo.callback(progress.done)
        file = OutputsFile(outputs_path)
        undo.callback(file.remove)
        progress.step("synth")
        seen = look_at_sources()
        app = app_of_stage(stage)
        running = RunningStack(
            app, listener, printer.on_exchange, printer.decisions.on_line, progress.step
        )
        undo.callback(running.stop)
        progress.done()
        _show(running.stack, console)
        for note in notes_on_stage(stage, app):
            console.print(note, style="dim", soft_wrap=True)
        file.write(outputs(running.stack))
        if file.path != outputs_path:
            console.print(
                f"outputs: {file.path}, for another stack serves with {outputs_path.name}",
                soft_wrap=True,
            )
        _say_ready(running.stack, console, watching=watching)
        with contextlib.suppress(KeyboardInterrupt):
            if watching:
                _follow(running, stage, seen, file, console)
            threading.Event().wait()
    console.print("stopped")


def _say_ready(stack: LocalStack, console: Console, *, watching: bool) -> None:
    if not MEMORY_IS_ENFORCED:
        console.print("This system does not tell how much memory a process uses: no limit is held.")
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


def _follow(
    running: RunningStack, stage: str, seen: Seen, file: OutputsFile, console: Console
) -> None:
    def on_update(update: Update) -> None:
        file.write(outputs(running.stack))
        if update.pool:
            _show(running.stack, console)
        elif update.api:
            console.print(routes_table(running.stack))
        console.print(f"up to date: {_in_words(update)}", style="bold")

    follow_sources(
        running,
        stage,
        seen,
        lambda: console.print("sources have changed: synth", style="dim"),
        on_update,
        lambda error: console.print(
            f"[bold red]not changed[/]: {escape(str(error))}", soft_wrap=True
        ),
    )


def _in_words(update: Update) -> str:
    parts = [f"function {label}" for label in update.functions]
    parts += ["gateway"] * update.api + ["user pool, with new users"] * update.pool
    return f"{', '.join(parts)} restarted" if parts else "nothing had to be restarted"


def _show(stack: LocalStack, console: Console) -> None:
    console.print(routes_table(stack))
    console.print(users_table(stack))
    console.print("Paste these:")
    # Unwrapped and unstyled: a line break would spoil what is pasted.
    console.print(_commands(stack), soft_wrap=True, markup=False, style="cyan")


def _commands(stack: LocalStack) -> str:
    curl = _curl()
    lines = [f"{curl} -s {stack.api_url}{_sample_path(stack)}"]
    cli, machine = stack.client("cli"), stack.client("machine")
    if cli and stack.users and stack.pool.requires_mfa:
        user = stack.users[0]
        lines.append(
            f"TOKEN=$({curl} -s {stack.cognito.url}{LOCAL_ONLY_PATH} -d client_id={cli.id}"
            f" -d username={user.username} --data-urlencode 'password={user.password}'"
            """ | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')"""
        )
    elif cli and stack.users:
        user = stack.users[0]
        body = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": cli.id,
            "AuthParameters": {"USERNAME": user.username, "PASSWORD": user.password},
        }
        lines.append(
            f"TOKEN=$({curl} -s {stack.cognito.url}/ -H 'content-type: application/x-amz-json-1.1'"
            " -H 'x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth'"
            f" -d '{json.dumps(body)}'"
            """ | sed -E 's/.*"AccessToken": ?"([^"]+)".*/\\1/')"""
        )
    if machine:
        lines.append(
            f"MACHINE=$({curl} -s {stack.cognito.url}/oauth2/token -d grant_type=client_credentials"
            f" -u '{machine.id}:{stack.client_secret(machine.id)}'"
            """ | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')"""
        )
    if stack.machine_issuer:
        issuer = stack.machine_issuer
        lines.append(
            f"KMS_MACHINE=$({curl} -s {issuer.url}/oauth2/token -d grant_type=client_credentials"
            f" -u '{issuer.client_id}:{issuer.client_secret}'"
            """ | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')"""
        )
    guarded = next((r.key for r in stack.app.api.routes if r.authorizer), None)
    if cli and guarded and guarded.startswith("GET "):
        url = f"{stack.api_url}{guarded.removeprefix('GET ')}"
        lines.append(f'{curl} -si {url} -H "Authorization: Bearer $TOKEN"')
    return "\n".join(lines)


def _curl() -> str:
    """The command that keeps what is pasted, passwords among it, from this user's proxy."""
    proxies = getproxies_environment()
    if not {"http", "all"} & proxies.keys() or proxy_bypass(LOOPBACK):
        return "curl"
    return "curl --noproxy '*'"


def _sample_path(stack: LocalStack) -> str:
    for route in stack.app.api.routes:
        if route.authorizer is None and route.key.startswith("GET ") and "{" not in route.key:
            return route.key.removeprefix("GET ")
    return "/"
