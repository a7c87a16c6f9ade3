"""What users do to their copy of this repository: six edits, each applied to a checkout."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aws_jwt_authorizer.function_sources import OWN_FUNCTIONS, functions_in
from starter.eject import eject
from starter.git import git

AUTH0 = Path(__file__).parent / "auth0"
INVOICES = Path(__file__).parent / "invoices"
TICKETS = Path(__file__).parent / "tickets"
AUTH0_AT = {
    stage: {"url": url, "audiences": ["https://api.acme.example"]}
    for stage, url in (
        ("dev", "https://acme-dev.eu.auth0.com/"),
        ("prod", "https://acme.eu.auth0.com/"),
        ("local", "https://acme.example"),
    )
}
"""Where each stage has its tokens from; this machine plays what is under `.example`."""

TICKETS_ROUTES = (
    '    Route("POST /tickets", backend="tickets", authorizer="lambda", rule=OWN_TOKEN),\n'
    '    Route("GET /tickets", backend="tickets", authorizer="lambda", rule=OWN_TOKEN),\n'
)


def more_routes(checkout: Path) -> None:
    """Orders can be changed: the README's own invitation; and the new backend of docs/backends.md."""
    shutil.copytree(TICKETS, checkout, dirs_exist_ok=True)
    table = checkout / "stacks" / "access.py"
    text = table.read_text(encoding="utf-8")
    last = '    Route("GET /inventory/{item}",'
    assert last in text
    route = '    Route("PATCH /orders/{id}", "orders", authorizer="lambda", rule=MAY_WRITE),\n'
    table.write_text(text.replace(last, route + TICKETS_ROUTES + last), encoding="utf-8")


def other_addresses_in_prod(checkout: Path) -> None:
    """The company's own URLs, and its own rule for how long logs are kept."""
    _change_stages(
        checkout,
        prod={
            "clients": {
                "web": {
                    "callback_urls": ["https://shop.acme.example/callback"],
                    "logout_urls": ["https://shop.acme.example/"],
                },
                "cli": {"callback_urls": ["http://127.0.0.1:8976/callback"]},
            },
            "allowed_origins": ["https://shop.acme.example"],
            "log_retention_days": 400,
        },
    )


def another_api(checkout: Path) -> None:
    """The samples are gone: invoices, with scopes, groups and clients of their own, and no page."""
    eject(checkout, "acme-invoices")
    functions = checkout / "lambda_src"
    for name in functions_in(functions) - OWN_FUNCTIONS:
        shutil.rmtree(functions / name)
    (checkout / "tests" / "your_app" / "test_backends.py").unlink()
    shutil.copytree(INVOICES, checkout, dirs_exist_ok=True)
    alone = {
        "clients": {
            "shop": {
                "callback_urls": ["https://invoices.acme.example/callback"],
                "logout_urls": ["https://invoices.acme.example/"],
            },
            "back-office": {"callback_urls": ["https://staff.acme.example/callback"]},
            "mobile": {"callback_urls": ["example.invoices.app:/callback"]},
        },
    }
    _change_stages(checkout, dev=alone, prod=alone, local=alone)


def project_of_its_own(checkout: Path) -> None:
    """What `make new` makes: green as it is, with nothing left to be accepted."""
    shared = [path.name for path in checkout.iterdir() if path.is_symlink()]
    somebody = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    git(checkout, "init", "--quiet", "--initial-branch", "main")
    (checkout / ".git" / "info" / "exclude").write_text("\n".join(shared), encoding="utf-8")
    git(checkout, "add", "--all")
    git(checkout, *somebody, "commit", "--quiet", "--message", "A version of ours")
    project = checkout.with_name("acme-api")
    subprocess.run(  # what `make new` runs
        [sys.executable, "-m", "starter", "new", "acme-api", "--into", str(project)],
        cwd=checkout,
        check=True,
    )
    for name in {*shared} - {".wheels"}:
        (project / name).symlink_to((checkout / name).resolve())
    for name in ("requirements.txt", "package-lock.json"):
        shutil.copystat(checkout / name, project / name)  # or make would set it all up again
    types = checkout / ".mypy_cache"
    if types.exists():
        types.rename(project / ".mypy_cache")  # which goes by what a file holds, not by its age
    shutil.rmtree(checkout)
    project.rename(checkout)


def auth0_alone(checkout: Path) -> None:
    """The steps of docs/new-project.md: a project of one's own, and Auth0 instead of a pool."""
    eject(checkout, "acme-api")
    shutil.copytree(AUTH0, checkout, dirs_exist_ok=True)
    _change_stages(
        checkout,
        **{stage: {"issuers": {"auth0": at}, "clients": {}} for stage, at in AUTH0_AT.items()},
    )


def no_client_of_its_own(checkout: Path) -> None:
    """Nobody but the page gets a token of the user pool."""
    table = checkout / "stacks" / "access.py"
    text = table.read_text(encoding="utf-8")
    text, found = re.subn(r"(?ms)^CLIENTS = .*?^\)$", "CLIENTS = ()", text)
    assert found == 1
    for name in ("ALL_SCOPES", "MachineClient", "NativeClient", "WebClient"):
        text = text.replace(f"    {name},\n", "")
    table.write_text(text, encoding="utf-8")
    nobody: Mapping[str, Any] = {"clients": {}}
    _change_stages(checkout, dev=nobody, prod=nobody, local=nobody)


EDITS: Mapping[str, Callable[[Path], None]] = {
    "more routes, and a backend with a dependency and a table": more_routes,
    "other URLs and log retention in prod": other_addresses_in_prod,
    "another API in the place of the samples": another_api,
    "no client beside the page's": no_client_of_its_own,
    "a project of its own": project_of_its_own,
    "Auth0 in the place of the pool": auth0_alone,
}


WITH_OTHER_CLIENTS = frozenset(
    {"another API in the place of the samples", "no client beside the page's"}
)
"""Edits after which the demo has other callers: two web clients, a native one and two machines in
the one, none but the page's in the other."""


LOSING = WITH_OTHER_CLIENTS | {"Auth0 in the place of the pool"}
"""Edits that take away what holds something, which a user has to accept by a command of its own."""

REVIEWED = frozenset({"a project of its own"})
"""Edits after which nothing is left to be written by `make snapshot`."""


def _change_stages(checkout: Path, **stages: Mapping[str, Any]) -> None:
    path = checkout / "cdk.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, fields in stages.items():
        document["context"]["stages"][name].update(fields)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
