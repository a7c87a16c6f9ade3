"""The table and the stage -> what the authorizer would refuse when it starts.

A function that does not start answers every request with 500. So synth asks the function's own
code, in a process of its own: the two share no code. What only a deployment knows, such as the
pool's id and the API's address, is given a value of the same shape and length.
"""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from aws_cdk import Token

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from stacks.authorizer.authorizer_settings import POLICY_FILE, authorizer_settings, issuer_items
from stacks.identity.pool_tokens import PoolTokens, pool_tokens
from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid

REGION = "ap-northeast-1"
POOL_ID = f"{REGION}_Placehold"
CLIENT_ID = "0placeholder0placeholder{}"
API_ORIGIN = f"https://placehold1.execute-api.{REGION}.amazonaws.com"
CLIENTS = 4
"""Three beside the pool, and the page's."""

MOST_ENVIRONMENT_BYTES = 4096
"""Of all variables of a function together ("Lambda quotas", AWS Lambda developer guide)."""

OTHER_VARIABLES_BYTES = 128
"""Kept for those that every function has."""

CHECK_SECONDS = 60
TASK_ROOT = "/var/task"
OF_STAGE = ("url", "audiences", "client_ids", "jwks_uri")
OF_ISSUER = re.compile(r"(ISSUERS|ISSUERS_FILE)\[(\d+)\]\.(\w+): (.*)", re.DOTALL)
OF_ROUTE = re.compile(
    r'POLICY_FILE\.routes\["([^"]*)"\]\.?(?:any_of\[\d+\]\[\d+\]\.)?(.*)', re.DOTALL
)
FIELDS = {"issuer": "url", "typ": "token_type", "jwks": "jwks_file"}
"""The table's word for a field of ISSUERS, where it has another."""


def check_start(config: StageConfig, access: AccessTable) -> None:
    """Accept what the authorizer starts with, or say what it refuses in the words of the user.

    Args:
        config: The stage.
        access: The table of that stage, which `check_table` has accepted.

    Raises:
        AccessInvalid: If it is for the table; one line with the entry, the field and the fix.
        ConfigInvalid: If it is for the stage; likewise.
    """
    access = _with_addresses(access)
    clients = tuple(CLIENT_ID.format(number) for number in range(CLIENTS))
    pool = pool_tokens(config, REGION, POOL_ID, clients)
    settings = authorizer_settings(config, access, pool, (API_ORIGIN,))
    environment = {
        name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in settings.environment.items()
    }
    _check_size(environment)
    environment["LAMBDA_TASK_ROOT"] = TASK_ROOT
    given = json.dumps({"environment": environment, "policy": settings.files[POLICY_FILE]})
    refusal = _refusal_of_function(given, tuple(settings.files.items()))
    if refusal is not None:
        raise _in_words(refusal, config, access, pool)


def _with_addresses(access: AccessTable) -> AccessTable:
    """Return the table with an address in the place of each that is known once it is deployed."""
    issuers = (
        replace(issuer, url=API_ORIGIN)
        if issuer.url is not None and Token.is_unresolved(issuer.url)
        else issuer
        for issuer in access.issuers
    )
    return replace(access, issuers=tuple(issuers))


def _check_size(environment: dict[str, str]) -> None:
    size = sum(len(name) + len(value.encode()) for name, value in environment.items())
    if size > MOST_ENVIRONMENT_BYTES - OTHER_VARIABLES_BYTES:
        raise AccessInvalid(
            f"stacks/access.py: ISSUERS: they make the authorizer's variables {size} bytes long, "
            f"and Lambda takes {MOST_ENVIRONMENT_BYTES} with those of every function: name fewer "
            "audiences, or give issuers their url in the table and not in the stage"
        )


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
        raise ConfigInvalid(
            f"the authorizer's settings cannot be checked: {said[-1]} (run make setup)"
        )
    answer: str | None = json.loads(done.stdout)
    return answer


def _in_words(
    refusal: str, config: StageConfig, access: AccessTable, pool: PoolTokens
) -> Exception:
    """Reword the function's refusal with the user's name of the field."""
    of_issuer = OF_ISSUER.fullmatch(refusal)
    if of_issuer:
        variable, index, field, words = of_issuer.groups()
        items = issuer_items(access, pool)[variable == "ISSUERS_FILE"]
        name = items[int(index)]["name"]
        issuer = next(item for item in access.issuers if item.name == name)
        field = FIELDS.get(field, field)
        if issuer.from_stage and field in OF_STAGE:
            return ConfigInvalid(f"context.stages.{config.stage}.issuers.{name}.{field}: {words}")
        return AccessInvalid(f"stacks/access.py: issuer {name!r}: {field}: {words}")
    of_route = OF_ROUTE.fullmatch(refusal)
    if of_route:
        return AccessInvalid(f"stacks/access.py: route {of_route[1]!r}: rule.{of_route[2]}")
    return AccessInvalid(f"stacks/access.py: the authorizer would not start: {refusal}")
