"""Each command of AWS's command line on any page, held to AWS's own models.

They need an account, as the pages say, so they are not run; what they ask for is looked up.
"""

import re
import shlex
from functools import cache
from itertools import takewhile
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import ServiceModel

from tests.unit.documents.pages import PAGES, ROOT

OF_THE_COMMAND_LINE = {
    "cli-binary-format",
    "output",
    "payload",
    "profile",
    "query",
    "query-string",
    "region",
}
OWN_COMMANDS = {("sso", "login")}
"""What the command line adds to AWS's operations."""
CALLED_OTHERWISE = {"deploy": "codedeploy"}
ENDS = {"|", "&&", ";", ")"}


def commands(page: Path) -> list[str]:
    text = re.sub(r" *\\\n\s*", " ", page.read_text(encoding="utf-8"))
    shown = re.findall(r"^ *(?:\$ )?(?:\w+=\$\()?(aws [a-z].+)$", text, re.MULTILINE)
    inline = re.findall(r"`(aws [a-z][^`]+)`", text)
    return shown + [" ".join(command.split()) for command in inline]


@cache
def model_of(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(CALLED_OTHERWISE.get(service, service))


def faults(command: str) -> str:
    """Say what is wrong with it; empty if nothing is."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    _aws, service, operation, *rest = takewhile(lambda word: word not in ENDS, lexer)
    if (service, operation) in OWN_COMMANDS:
        return ""
    model = model_of(service)
    by_name = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in by_name:
        return f"{service} has no {operation}"
    shape = model.operation_model(by_name[operation]).input_shape
    known = {xform_name(member, "-") for member in shape.members} if shape else set()
    needed = {xform_name(member, "-") for member in shape.required_members} if shape else set()
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    if unknown := given - known - OF_THE_COMMAND_LINE:
        return f"{operation} does not take {sorted(unknown)}"
    if rest and (missing := needed - given):
        return f"{operation} needs {sorted(missing)}"
    return ""


@pytest.mark.parametrize("page", [page for page in PAGES if commands(ROOT / page)])
def test_each_command_is_one_of_the_aws_command_line(page: str) -> None:
    wrong = {command: faults(command) for command in commands(ROOT / page)}
    assert {command: fault for command, fault in wrong.items() if fault} == {}


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("aws logs start-queries --x 1", "logs has no start-queries"),
        ("aws logs get-query-results --id 1", "get-query-results does not take ['id']"),
        ("aws logs start-query --start-time 1 | cat", "start-query needs"),
        ("aws logs start-query", ""),
    ],
)
def test_a_command_that_aws_does_not_know_is_found(command: str, fault: str) -> None:
    found = faults(command)
    assert found.startswith(fault)
    assert bool(found) == bool(fault)
