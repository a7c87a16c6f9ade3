"""AuthorizerSettings -> what the authorizer would refuse when it starts. Imports no CDK.

A function that does not start answers every request with 500. So synth asks the function's own
code, in a process of its own: the two share no code.
"""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from aws_jwt_authorizer.settings.authorizer_settings import POLICY_FILE, AuthorizerSettings

MOST_ENVIRONMENT_BYTES = 4096
"""Of all variables of a function together ("Lambda quotas", AWS Lambda developer guide)."""

OTHER_VARIABLES_BYTES = 128
"""Kept for those that every function has."""

CHECK_SECONDS = 60
TASK_ROOT = "/var/task"
OF_ISSUER = re.compile(r"(ISSUERS|ISSUERS_FILE)\[(\d+)\]\.(\w+): (.*)", re.DOTALL)
OF_ROUTE = re.compile(
    r'POLICY_FILE\.routes\["([^"]*)"\]\.?(?:any_of\[\d+\]\[\d+\]\.)?(.*)', re.DOTALL
)
FIELDS = {"issuer": "url", "typ": "token_type", "jwks": "jwks_file"}
"""The table's word for a field of ISSUERS, where it has another."""


class CheckFailed(Exception):
    """The function's code cannot be asked: the message is one line, meant for a person."""


@dataclass(frozen=True, slots=True)
class IssuerRefused:
    """The authorizer would refuse an issuer.

    Attributes:
        name: The issuer's.
        field: Of the table's `Issuer`.
        words: The value's problem and the fix.
    """

    name: str
    field: str
    words: str

    def __str__(self) -> str:
        """Format as one line that names the issuer."""
        return f"issuer {self.name!r}: {self.field}: {self.words}"


@dataclass(frozen=True, slots=True)
class Refused:
    """The authorizer would refuse something else; `words` name it."""

    words: str

    def __str__(self) -> str:
        """Format as one line."""
        return self.words


def start_refusal(settings: AuthorizerSettings) -> IssuerRefused | Refused | None:
    """Return what the authorizer would refuse at its start, in the words of a table, or None.

    Args:
        settings: What it is told, with a value of the same shape for each that only a deployment
            knows.

    Raises:
        CheckFailed: The function's code does not run here.
    """
    environment = {
        name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in settings.environment.items()
    }
    size = sum(len(name) + len(value.encode()) for name, value in environment.items())
    if size > MOST_ENVIRONMENT_BYTES - OTHER_VARIABLES_BYTES:
        return Refused(
            f"ISSUERS: they make the authorizer's variables {size} bytes long, and Lambda takes "
            f"{MOST_ENVIRONMENT_BYTES} with those of every function: name fewer audiences or "
            "clients, or give issuers their url in the table and not in the stage"
        )
    environment["LAMBDA_TASK_ROOT"] = TASK_ROOT
    given = json.dumps({"environment": environment, "policy": settings.files[POLICY_FILE]})
    said = _refusal_of_function(given, tuple(settings.files.items()))
    return None if said is None else _in_words(said, settings)


def _in_words(said: str, settings: AuthorizerSettings) -> IssuerRefused | Refused:
    of_issuer = OF_ISSUER.fullmatch(said)
    if of_issuer:
        variable, index, field, words = of_issuer.groups()
        listed = settings.environment[variable]
        items = json.loads(settings.files[listed]) if isinstance(listed, str) else listed
        assert isinstance(items, list)  # noqa: S101  # a list or the file with one
        return IssuerRefused(items[int(index)]["name"], FIELDS.get(field, field), words)
    of_route = OF_ROUTE.fullmatch(said)
    if of_route:
        return Refused(f"route {of_route[1]!r}: rule.{of_route[2]}")
    return Refused(f"the authorizer would not start: {said}")


@lru_cache
def _refusal_of_function(given: str, files: tuple[tuple[str, str], ...]) -> str | None:
    """Ask the function's own code; equal settings share one process."""
    with tempfile.TemporaryDirectory() as bundle:
        for name, text in files:
            Path(bundle, name).write_text(text, encoding="utf-8")
        return _answer(given.replace(TASK_ROOT, bundle))


def _answer(given: str) -> str | None:
    done = subprocess.run(  # our own interpreter and code; no shell
        [sys.executable, "-m", "authorizer.check_settings"],
        cwd=LAMBDA_SRC,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        input=given,
        capture_output=True,
        text=True,
        timeout=CHECK_SECONDS,
        check=False,
    )
    if done.returncode:
        said = done.stderr.splitlines() or ["it said nothing"]
        raise CheckFailed(f"the authorizer's settings cannot be checked: {said[-1]}")
    answer: str | None = json.loads(done.stdout)
    return answer
