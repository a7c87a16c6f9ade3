"""`python -m local`: serve the synthesised template on loopback, or run the demo.

Whatever goes wrong for a reason of the user's is one line on standard error.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console

from local.errors import LocalError
from local.surroundings import forget_other_settings
from local.terminal.demo import demo
from local.terminal.up import up
from local.this_app.deployed_names import DEPLOYED_FOLDER
from local.this_app.synthesis.sources import APP_MODULE
from local.this_app.synthesis.synth import OUTPUTS

_HIGHEST_PORT = 65535
_INTERRUPTED = 128 + signal.SIGINT
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, and a terminal that was closed."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the process's exit status."""
    options = _parser().parse_args(arguments)
    console = Console(highlight=False)
    for number in _ENDS:
        # What this process was started to ignore, as by nohup, it goes on ignoring.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    # Before moto is imported, which reads settings of its own then.
    forget_other_settings(os.environ)
    try:
        return _run(options, console)
    except LocalError as error:
        sys.stderr.write(f"local: {error}\n")
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(options: argparse.Namespace, console: Console) -> int:
    if options.command == "demo":
        return demo(options.stage, options.app, console, verbose=options.verbose)
    if options.command == "token":
        # It takes half a second to import, which the other commands need not wait for.
        from local.this_app.token import access_token  # noqa: PLC0415

        print(access_token(options.outputs, options.user))
        return 0
    if options.command == "explain":
        return _explain(options, console)
    if options.assembly is not None:
        # Likewise: it imports all that serves.
        from local.terminal.up_assembly import up_assembly  # noqa: PLC0415

        up_assembly(options.assembly, options.port, options.outputs, console)
        return 0
    up(
        options.stage,
        options.app,
        options.port,
        options.outputs,
        console,
        watching=options.watch,
        verbose=options.verbose,
    )
    return 0


def _explain(options: argparse.Namespace, console: Console) -> int:
    if options.request_id is not None:
        from local.terminal.explain_request import explain_request  # noqa: PLC0415  # as above

        return explain_request(options.request_id, options.outputs, console)
    from local.terminal.explain import Asked, explain  # noqa: PLC0415

    asked = Asked(
        route=options.route,
        stage=options.stage,
        app_module=options.app,
        outputs=options.outputs,
        deployed=options.deployed,
        token_given=options.token_given,
    )
    return explain(asked, console)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Begin the end, once: a second signal must not cut the stopping of children short."""
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("up", help="serve until Ctrl-C")
    serve.add_argument("--port", type=_port, default=3000, help="0 takes a free one")
    served = serve.add_mutually_exclusive_group()
    served.add_argument("--watch", action="store_true", help="follow changes of the sources")
    served.add_argument(
        "--assembly",
        type=Path,
        metavar="FOLDER",
        help="serve this cloud assembly of another app instead of a stage",
    )
    show = commands.add_parser("demo", help="call every route as everyone and judge the answers")
    token = commands.add_parser("token", help="print the access token of a demo user")
    token.add_argument("user", help="a name, as the start shows it")
    why = commands.add_parser("explain", help="why a route takes or refuses a token, from stdin")
    asked = why.add_mutually_exclusive_group(required=True)
    asked.add_argument("--route", help="as declared, or a method and a called path")
    asked.add_argument("--request-id", help="apigw-requestid of an answer of the stack that serves")
    why.add_argument("--deployed", type=Path, default=DEPLOYED_FOLDER, help=argparse.SUPPRESS)
    why.add_argument("--token-given", action="store_true", help=argparse.SUPPRESS)
    why.add_argument("--stage", help="whose sources count; without one, the stack that serves")
    for command in (serve, token, why):
        command.add_argument(
            "--outputs",
            type=Path,
            default=OUTPUTS,
            help="where scripts find addresses, ids and demo users",
        )
    serve.add_argument("--verbose", action="store_true", help="show the access log too")
    show.add_argument("--verbose", action="store_true", help="show why each call was refused")
    for command in (serve, show):
        command.add_argument("--stage", default="local", help="a stage of cdk.json")
    for command in (serve, show, why):
        command.add_argument(
            "--app", default=APP_MODULE, metavar="MODULE", help="the module that synthesises"
        )
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give 0 to {_HIGHEST_PORT}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
