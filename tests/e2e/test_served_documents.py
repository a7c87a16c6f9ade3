"""What the stack tells clients about where to go: this machine, whoever the issuer is called."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.this_app.outputs import outputs
from local.this_app.running_app import ServedApp

from .conftest import Api

NAMES = frozenset({"issuer", "played_hosts"})
"""Members that say what something is called once it is deployed, not where it is."""

DISCOVERY = ".well-known/openid-configuration"


def machine_issuer(stack: ServedApp) -> str:
    assert stack.machine_issuer
    return f"{stack.machine_issuer.url}/{DISCOVERY}"


def partner(stack: ServedApp) -> str:
    assert stack.partner
    return f"{stack.partner.url}/{DISCOVERY}"


def addresses(document: Any) -> Iterator[str]:
    """Every URL in a document whose reader might go there."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in NAMES:
                yield from addresses(value)
    elif isinstance(document, list):
        for value in document:
            yield from addresses(value)
    elif isinstance(document, str) and "://" in document:
        yield document


@pytest.mark.parametrize(
    "where",
    [machine_issuer, partner, lambda stack: f"{stack.cognito.url}/{stack.pool.id}/{DISCOVERY}"],
    ids=["machine issuer", "partner", "user pool"],
)
def test_a_discovery_document_keeps_the_issuer_and_names_no_host_but_this_one(
    api: Api, where: Callable[[ServedApp], str]
) -> None:
    with urllib.request.urlopen(where(api.stack), timeout=10) as response:
        document = json.load(response)
    assert document["issuer"].startswith("https://")
    found = list(addresses(document))
    assert len(found) > 1
    assert {urlsplit(url).hostname for url in found} == {"127.0.0.1"}


def test_what_scripts_are_told_names_no_host_but_this_one(api: Api) -> None:
    told = outputs(api.stack)
    del told["explained"]  # the authorizer's settings, in which issuers have their own names
    found = list(addresses(told))
    assert len(found) > 5
    assert {urlsplit(url).hostname for url in found} == {"127.0.0.1"}


@pytest.mark.parametrize("path", ["/app", "/app/config.json", "/session/login", "/session/me"])
def test_what_the_api_answers_names_no_host_of_aws_but_the_issuer(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    text = json.dumps([answer.headers, answer.body]).replace(api.stack.pool.issuer, "")
    assert "amazon" not in text
