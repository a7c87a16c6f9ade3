"""`python -m authorizer.explain --route "GET /orders" < token`: why is a token let in or refused?

The authorizer's half alone: its settings are the function's own variables, taken from the
environment. The token comes on standard input and goes nowhere: it is not written, and what is
fetched of an issuer are its keys, which takes no token.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TextIO

from authorizer.explain.decision import in_words
from authorizer.explain.table import Ink, table
from authorizer.explain.walk import Explainer, event_of
from authorizer.settings import Settings
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.tokens import UnverifiedToken, fingerprint

MOST_CHARACTERS: Final = 65_536
USAGE_ERROR: Final = 2

ON_THE_COMMAND_LINE: Final = (
    "a token does not belong on a command line, where the shell keeps it and everybody on this "
    'machine can read it: pipe it in, as in  printf %s "$TOKEN" | make explain ROUTE="GET /orders"'
)
NOTHING_GIVEN: Final = (
    "no token on standard input: pipe one in, as in  "
    'make -s token NAME=admin | make explain ROUTE="GET /orders"'
)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
_SCHEME: Final = re.compile(r"(?:authorization:\s*)?bearer\s+", re.IGNORECASE)


def main(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    given: TextIO = sys.stdin,
    out: TextIO = sys.stdout,
) -> int:
    """Explain one token and return the process's exit status: 0 unless nothing can be explained."""
    if any(_TOKEN.search(argument) for argument in arguments):
        return _refuse(ON_THE_COMMAND_LINE)
    options = _parser().parse_args(arguments)
    if options.token_given:
        return _refuse(ON_THE_COMMAND_LINE)
    ink = Ink(is_on=out.isatty() and not environment.get("NO_COLOR"))
    if options.line:
        return _tell_line(given.read(MOST_CHARACTERS), ink, out)
    token = "" if given.isatty() else token_in(given.read(MOST_CHARACTERS))
    if not token:
        return _refuse(NOTHING_GIVEN)
    try:
        # As CloudFront would bring it: nobody here knows the value that it adds.
        settings = replace(Settings.from_env(environment), origin_header=None)
        policy = settings.policy_file.read_text(encoding="utf-8")
        event = event_of(token, options.route, dict(options.parameter))
        explained = Explainer(settings, policy, environment=environment).explain(event)
    except (SettingsInvalid, OSError) as error:
        return _refuse(str(error))
    out.write(f"{options.route}, token {fingerprint(UnverifiedToken(token))}\n")
    out.writelines(f"{line}\n" for line in table(explained, ink))
    return 0


def token_in(text: str) -> str:
    """Return the token of a text: without white space around it, and without "Bearer"."""
    return _SCHEME.sub("", text.strip(), count=1) if _SCHEME.match(text.strip()) else text.strip()


def _tell_line(text: str, ink: Ink, out: TextIO) -> int:
    try:
        line = json.loads(text)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        return _refuse("standard input is not one line of the authorizer's log")
    out.writelines(f"{told}\n" for told in in_words(line, ink))
    return 0


def _refuse(words: str) -> int:
    sys.stderr.write(f"explain: {words}\n")
    return USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m authorizer.explain", description=__doc__)
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--route", help='as declared, such as "GET /orders/{id}"')
    asked.add_argument(
        "--line", action="store_true", help="say a decision's line of the log, from stdin, in words"
    )
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=_parameter,
        metavar="NAME=VALUE",
        help="what the called path has for a {name} of the route; as often as there are names",
    )
    parser.add_argument("--token-given", action="store_true", help=argparse.SUPPRESS)
    return parser


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


if __name__ == "__main__":
    # At another level the authorizer says less than is to be told here.
    os.environ["POWERTOOLS_LOG_LEVEL"] = "INFO"
    sys.exit(main(sys.argv[1:], os.environ))
