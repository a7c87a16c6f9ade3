"""`python -m stacks.deployment`: what `make diff`, `deploy`, `destroy`, `outputs`, `bootstrap` run.

Whatever goes wrong before CDK's own command line starts is one line for each reason on standard
error, and exit status 1; the exit status of that command line is kept.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stacks.deployment.command import KEPT, Command
from stacks.deployment.commands import COMMANDS, outputs
from stacks.deployment.errors import CommandRefused
from stacks.stage.config_fields import ConfigInvalid


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the process's exit status."""
    options = _parser().parse_args(arguments)
    command = Command(
        stage=options.stage,
        app_module=options.app,
        assembly=options.assembly.resolve() if options.assembly else None,
        folder=options.folder.resolve(),
        sure=options.yes,
    )
    try:
        if options.command == "outputs":
            return outputs(command, options.name)
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
    show = commands.add_parser("outputs", help=outputs.__doc__)
    show.add_argument("name", nargs="?", help="of one output, whose value is printed")
    show.set_defaults(assembly=None, yes=False)
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
