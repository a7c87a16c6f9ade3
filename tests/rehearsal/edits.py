"""What users do to their copy of this repository: four edits, each applied to a checkout."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aws_jwt_authorizer.function_sources import OWN_FUNCTIONS, functions_in

INVOICES = Path(__file__).parent / "invoices"
TICKETS = Path(__file__).parent / "tickets"
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
    functions = checkout / "lambda_src"
    for name in functions_in(functions) - OWN_FUNCTIONS:
        shutil.rmtree(functions / name)
    for name in ("test_backends.py", "test_orders.py"):
        (checkout / "tests" / "your_app" / name).unlink()
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
        "identity_providers": {},
        "issuers": {},
        "http_backends": {},
        "kms_issuer": False,
        "tenant_claim": False,
        "browser_storage_mode": False,
    }
    _change_stages(checkout, dev=alone, prod=alone, local=alone)


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
}


LOSING = frozenset({"another API in the place of the samples", "no client beside the page's"})
"""Edits that take away what holds something, which a user has to accept by a command of its own."""

WITH_OTHER_CLIENTS = LOSING
"""Edits after which the demo has other callers: two web clients, a native one and two machines in
the one, none but the page's in the other."""


def _change_stages(checkout: Path, **stages: Mapping[str, Any]) -> None:
    path = checkout / "cdk.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, fields in stages.items():
        document["context"]["stages"][name].update(fields)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
