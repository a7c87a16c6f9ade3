"""`python -m stacks.deployment`: what `make diff`, `deploy`, `destroy`, `revoke` and others run.

Whatever goes wrong before CDK's own command line starts is one line for each reason on standard
error, and exit status 1; the exit status of that command line is kept.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from stacks.deployment.command import KEPT, LOCAL_OUTPUTS, Command
from stacks.deployment.commands import COMMANDS, STACKS, outputs
from stacks.deployment.errors import CommandRefused
from stacks.deployment.first_admin import first_admin
from stacks.stage.config_fields import ConfigInvalid

EXPLAIN = "explain"
REVOKE = "revoke"
FIRST_ADMIN = "first-admin"
REVOKED = {
    "sub": "a person: every token signed in before now",
    "origin_jti": "a sign-in: every token of it, renewed ones too",
    "jti": "one token",
    "client": "an app client: every token issued before now",
    "before": "everything of an issuer before a time (2027-01-31T09:00:00Z), or now",
    "issuer": "whose tokens, as the access table calls it; the user pool's without",
}
"""What may be said of what is refused; never a token, which would stay in the shell's history."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the process's exit status."""
    options = _parser().parse_args(arguments)
    command = Command(
        stage=options.stage,
        app_module=options.app,
        assembly=options.assembly.resolve() if options.assembly else None,
        folder=options.folder.resolve(),
        sure=options.yes,
        only=options.only,
    )
    try:
        if options.command == "outputs":
            return outputs(command, options.name)
        if options.command == FIRST_ADMIN:
            asked = (options.email, options.group or None)
            return first_admin(command, *asked, os.environ, resend=options.resend)
        if options.command == REVOKE:
            # What functions share is on the path for this one command.
            from stacks.deployment.revoke import revoke  # noqa: PLC0415

            fields = {name: given for name in REVOKED if (given := getattr(options, name))}
            return revoke(command, fields, os.environ, options.local_outputs.resolve())
        if options.command == EXPLAIN:
            from stacks.deployment.explain import explain  # noqa: PLC0415  # as above

            return explain(command, options.request_id, options.hours, os.environ, time.time())
        return COMMANDS[options.command](command)
    except (CommandRefused, ConfigInvalid) as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"{options.command}: {line}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stacks.deployment", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, help=does.__doc__)
        command.add_argument(
            "--assembly", type=Path, metavar="FOLDER", help="what make synth has written, as it is"
        )
        command.add_argument("--yes", action="store_true", help="go ahead without a question")
        command.set_defaults(only=None)
    commands.choices["deploy"].add_argument(
        "--only", choices=STACKS, help="one stack alone: docs/operate.md, Taking a client out"
    )
    show = commands.add_parser("outputs", help=outputs.__doc__)
    show.add_argument("name", nargs="?", help="of one output, whose value is printed")
    refuse = commands.add_parser(REVOKE, help="refuse tokens before they expire")
    for name, meaning in REVOKED.items():
        refuse.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="CLAIM", help=meaning)
    refuse.add_argument(
        "--local-outputs", type=Path, default=LOCAL_OUTPUTS, help="what make local has written"
    )
    why = commands.add_parser(EXPLAIN, help="what the logs say of a request, in words")
    why.add_argument("--request-id", required=True, help="apigw-requestid of the answer")
    why.add_argument("--hours", type=int, default=24, help="how far to look back")
    invite = commands.add_parser(FIRST_ADMIN, help="invite somebody into a group")
    invite.add_argument("email", help="the person's address")
    invite.add_argument("--group", help="a group of stacks/access.py; its first without")
    invite.add_argument("--resend", action="store_true", help="send an unused invitation again")
    for command in (show, refuse, why, invite):
        command.set_defaults(assembly=None, yes=False, only=None)
    for command in commands.choices.values():
        command.add_argument("--stage", default="dev", help="a stage of cdk.json")
        command.add_argument(
            "--app", default="app", metavar="MODULE", help="the module that synthesises"
        )
        command.add_argument(
            "--folder", type=Path, default=KEPT, help="where the outputs of each stage are kept"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
