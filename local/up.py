"""`python -m local up`: synthesise, start, show, serve until Ctrl-C."""

import contextlib
import json
import threading
from pathlib import Path

from rich.console import Console

from local.console import ExchangePrinter, Progress, routes_table, users_table
from local.local_stack import LocalStack, run_local_stack
from local.outputs import write_outputs
from local.server import listen_on_loopback
from local.synth import synthesize
from local.template.read import read_local_app


def up(stage: str, port: int, outputs_path: Path, console: Console) -> None:
    """Serve a stage's template until the process is told to stop.

    Args:
        stage: A key of `context.stages` in cdk.json.
        port: Of the API; 0 takes a free one.
        outputs_path: Where scripts find addresses and ids; it exists while the stack serves.
        console: Where people read.

    Raises:
        LocalError: Something does not start.
    """
    listener = listen_on_loopback(port)
    outputs_path.unlink(missing_ok=True)
    progress = Progress(console)
    printer = ExchangePrinter(console)
    try:
        progress.step("synth")
        app = read_local_app(synthesize(stage))
        with run_local_stack(
            app, listener, printer.on_exchange, printer.decisions.on_line, progress.step
        ) as stack:
            progress.done()
            _show(stack, console)
            write_outputs(stack, outputs_path)
            console.print(f"ready: {stack.api_url}   Ctrl-C stops it", style="bold")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()
    finally:
        progress.done()
        listener.close()
        outputs_path.unlink(missing_ok=True)
        printer.stop()
    console.print("stopped")


def _show(stack: LocalStack, console: Console) -> None:
    console.print(routes_table(stack))
    console.print(users_table(stack))
    console.print("Paste these:")
    # Unwrapped and unstyled: a line break would spoil what is pasted.
    console.print(_commands(stack), soft_wrap=True, markup=False, style="cyan")


def _commands(stack: LocalStack) -> str:
    lines = [f"curl -s {stack.api_url}{_sample_path(stack)}"]
    cli, machine = stack.client("cli"), stack.client("machine")
    if cli and stack.users:
        user = stack.users[0]
        body = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": cli.id,
            "AuthParameters": {"USERNAME": user.username, "PASSWORD": user.password},
        }
        lines.append(
            f"TOKEN=$(curl -s {stack.cognito.url}/ -H 'content-type: application/x-amz-json-1.1'"
            " -H 'x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth'"
            f" -d '{json.dumps(body)}'"
            """ | sed -E 's/.*"AccessToken": ?"([^"]+)".*/\\1/')"""
        )
    if machine:
        lines.append(
            f"MACHINE=$(curl -s {stack.cognito.url}/oauth2/token -d grant_type=client_credentials"
            f" -u '{machine.id}:{stack.client_secret(machine.id)}'"
            """ | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')"""
        )
    guarded = next((r.key for r in stack.app.api.routes if r.authorizer), None)
    if cli and guarded and guarded.startswith("GET "):
        url = f"{stack.api_url}{guarded.removeprefix('GET ')}"
        lines.append(f'curl -si {url} -H "Authorization: Bearer $TOKEN"')
    return "\n".join(lines)


def _sample_path(stack: LocalStack) -> str:
    for route in stack.app.api.routes:
        if route.authorizer is None and route.key.startswith("GET ") and "{" not in route.key:
            return route.key.removeprefix("GET ")
    return "/"
