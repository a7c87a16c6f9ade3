"""A command -> what it does, and its exit status. AWS is asked after everything else."""

import json
import os
import sys
from collections.abc import Callable, Mapping

from stacks.deployment.assembly_folder import check_assembly
from stacks.deployment.caller import Caller, caller
from stacks.deployment.cdk_cli import run, run_on_app
from stacks.deployment.command import Command
from stacks.deployment.errors import CommandRefused
from stacks.deployment.kept_outputs import KeptOutputs
from stacks.stage.config import StageConfig
from stacks.stage.deploy.deployable import NEVER_DEPLOYED, reasons_not_to_deploy
from stacks.stage.deploy.destination import destination
from stacks.stage.fields import LOCAL_STAGE

STACKS = ("identity", "issuer", "api", "operations")
"""What a stage has at most, in the order of a deployment."""


def diff(command: Command) -> int:
    """Show what a deployment would change; it changes nothing."""
    _refuse_local(command)
    who = _announced(command, "compares with")
    return run_on_app(command, ["diff"], who.region)


def deploy(command: Command) -> int:
    """Deploy every stack of a stage, and keep their outputs; of one stack alone keep none."""
    _refuse(reasons_not_to_deploy(command.config(), os.environ))
    kept = KeptOutputs(command.folder, command.stage)
    with kept.alone():
        who = _announced(command, "deploys to")
        asks = not command.sure and _is_terminal()
        if not asks:
            _say("No question is asked about permissions that become wider: make diff shows them.")
        approval = "broadening" if asks else "never"
        status = run_on_app(
            command,
            [
                *("deploy", *_stacks(command), "--require-approval", approval),
                *("--outputs-file", str(kept.written_by_cdk)),
            ],
            who.region,
        )
        if status == 0 and command.only is None:
            kept.keep()
    return status


def _stacks(command: Command) -> tuple[str, ...]:
    if command.only is None:
        return ("--all",)
    return (f"{command.config().prefix}-{command.only}", "--exclusively")


def destroy(command: Command) -> int:
    """Delete every stack of a stage that is not retained, with all that is in them."""
    config = command.config()
    _refuse(_reasons_not_to_destroy(config, os.environ))
    if not command.sure and not _is_terminal():
        raise CommandRefused("there is no terminal to ask: say YES=1 to delete without a question")
    kept = KeptOutputs(command.folder, command.stage)
    with kept.alone():
        who = _announced(command, "deletes from")
        _make_sure(command)
        status = run_on_app(command, ["destroy", "--all", "--force"], who.region)
        if status == 0:
            kept.forget()
    return status


def bootstrap(command: Command) -> int:
    """Prepare the account and the region of a stage for CDK, once."""
    _refuse_local(command)
    who = _announced(command, "is to be deployed to")
    account = destination(command.config(), os.environ).account or who.account
    # Without an app: cdk.json names one, which CDK would synthesise to no purpose.
    return run(["bootstrap", f"aws://{account}/{who.region}", "--app", ""], who.region)


def outputs(command: Command, name: str | None) -> int:
    """Print what the last deployment gave: one value, or all as JSON."""
    command.config()
    kept = KeptOutputs(command.folder, command.stage)
    print(kept.value(name) if name else json.dumps(kept.read(), indent=2))
    return 0


COMMANDS: Mapping[str, Callable[[Command], int]] = {
    "diff": diff,
    "deploy": deploy,
    "destroy": destroy,
    "bootstrap": bootstrap,
}


def _announced(command: Command, what: str) -> Caller:
    """Print where a command goes and as whom, and return the caller."""
    config = command.config()
    where = destination(config, os.environ)
    if command.assembly:
        check_assembly(command.assembly, config, where)
    who = caller(os.environ, where.region)
    account = where.account or who.account
    _say(f"{command.stage} {what} account {account}, region {who.region}, as {who.arn}")
    return who


def _say(line: str) -> None:
    """Print a line before CDK, a process of its own, prints the next."""
    print(line, flush=True)


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise CommandRefused("\n".join(reasons))


def _refuse_local(command: Command) -> None:
    command.config()
    _refuse([NEVER_DEPLOYED] if command.stage == LOCAL_STAGE else [])


def _reasons_not_to_destroy(config: StageConfig, environ: Mapping[str, str]) -> list[str]:
    if config.retain:
        reason = (
            f"context.stages.{config.stage}.retain is true: no command deletes its users; "
            'docs/operate.md, "Removal", says what to do by hand'
        )
        return [reason]
    return reasons_not_to_deploy(config, environ)


def _make_sure(command: Command) -> None:
    if command.sure:
        return
    typed = input(f"Type {command.stage} to delete its stacks with all their users and data: ")
    if typed.strip() != command.stage:
        raise CommandRefused("nothing was deleted")


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
