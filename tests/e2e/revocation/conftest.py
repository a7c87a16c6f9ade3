"""The local stack with revocation on, once for all tests here.

Nothing stands in for anything but a door before the table, which the authorizer alone goes through.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest

from local.gateway.access_log import Exchange
from local.loopback.listener import listen_on_loopback
from local.stack.localised import Addresses
from local.stack.profile import AppProfile
from local.stack.running_stack import RunningStack
from local.template.local_app import LocalApp
from local.this_app.authorizer_settings import localised_app
from local.this_app.decision_log import DecisionLog
from local.this_app.outputs import outputs
from local.this_app.people import demo_users
from local.this_app.running_app import ServedApp
from local.this_app.sign_in import PublicClient, tokens_by_code
from local.this_app.synthesis import synth
from local.this_app.synthesis.stage_app import read_this_app
from tests.e2e.conftest import Answer, send
from tests.e2e.revocation.faulty_door import FaultyDoor, serve_faulty_door
from tests.sample.paths import APP_MODULE, CDK_JSON
from tests.synth.synthesis import synthesise, table_of

LIST_AGE_SECONDS, CACHE_SECONDS = 1, 1
BOUND_SECONDS = LIST_AGE_SECONDS + CACHE_SECONDS
NO_LIST = 500
PATIENCE_SECONDS = 60
FIELDS: Mapping[str, Any] = MappingProxyType(
    {
        "revocation": "closed",
        "revocation_list_age_seconds": LIST_AGE_SECONDS,
        "authorizer_cache_ttl_seconds": CACHE_SECONDS,
        "kms_issuer": False,
        "operations": False,
        "alarm_topic": "none",
        "identity_providers": {},
        "issuers": {},
        "http_backends": {},
    }
)
ROUTES = (
    *("GET /orders", "POST /orders", "GET /whoami", "POST /session/logout", "GET /session/me"),
    *("POST /session/revoke", "POST /admin/revocations"),
)


@dataclass(frozen=True)
class SignedIn:
    """Somebody's tokens, and what they say."""

    access: str
    refresh: str
    claims: Mapping[str, Any]


@dataclass
class Revoking:
    """The stack, and what was noted of each request."""

    stack: RunningStack
    door: FaultyDoor
    outputs: Path
    cdk_json: Path
    decisions: DecisionLog
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    def client(self) -> PublicClient:
        """The page's own client, which keeps tokens."""
        api = self.stack.addresses.api
        pool = self.stack.pool.config
        [client] = [
            client
            for client in pool.clients
            if not client.has_secret and any(url.startswith(api) for url in client.callback_urls)
        ]
        return PublicClient.of(client, pool)

    def sign_in(self, name: str) -> SignedIn:
        """Sign somebody in as on the page."""
        [user] = [user for user in self.stack.pool.users if user.username == f"{name}@example.com"]
        tokens = tokens_by_code(self.stack.pool.cognito.url, self.client(), user)
        access = str(tokens["access_token"])
        claims = jwt.decode(access, options={"verify_signature": False})
        return SignedIn(access, str(tokens["refresh_token"]), claims)

    def call(self, method: str, path: str, who: SignedIn | None, body: Any = None) -> Answer:
        headers = {} if who is None else {"authorization": f"Bearer {who.access}"}
        return send(urlsplit(self.stack.addresses.api).netloc, method, path, body, headers)

    def status(self, who: SignedIn, path: str = "/orders") -> int:
        """What somebody is answered; once more while a busy machine has no list in time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            status = self.call("GET", path, who).status
            if status != NO_LIST or time.monotonic() > deadline:
                return status
            time.sleep(0.1)

    def reason(self, answer: Answer) -> str:
        return self.decisions.reason(self.exchanges[answer.request_id])


def wait_until(moment: float) -> None:
    """Let the time come that an answer has named."""
    while (left := moment - time.time()) > 0:
        time.sleep(left)


@pytest.fixture(scope="session")
def revoking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Revoking]:
    folder = tmp_path_factory.mktemp("revoking")
    assembly = folder / "cdk.out"
    assembly.mkdir()
    # CDK bundles no function anew that is there.
    for bundle in synth.synthesise("local", APP_MODULE).glob("asset.*"):
        (assembly / bundle.name).symlink_to(bundle)
    synthesise(assembly, "local", access=table_of(*ROUTES), bundled=True, **FIELDS)
    app = read_this_app(assembly)
    exchanges: dict[str, Exchange] = {}
    decisions = DecisionLog(lambda _function, _line: None)

    def remember(exchange: Exchange) -> None:
        exchanges[exchange.request_id] = exchange

    with serve_faulty_door() as door:

        def through_the_door(template: LocalApp, addresses: Addresses) -> LocalApp:
            here = localised_app(template, addresses)
            door.behind = str(addresses.services)
            told = {"AWS_ENDPOINT_URL_DYNAMODB": door.url}
            functions = tuple(
                replace(each, environment={**each.environment, **told})
                if each.label == "authorizer"
                else each
                for each in here.functions
            )
            return replace(here, functions=functions)

        stack = RunningStack(
            app,
            AppProfile(users_of=demo_users, localised=through_the_door),
            listen_on_loopback(),
            remember,
            decisions.on_line,
            lambda _step: None,
        )
        try:
            yield Revoking(
                stack,
                door,
                _outputs(folder, stack),
                _cdk_json(folder),
                decisions,
                exchanges,
            )
        finally:
            stack.stop()


def _outputs(folder: Path, stack: RunningStack) -> Path:
    """What `make local` writes for scripts."""
    served = ServedApp(
        app=stack.app,
        api_url=stack.addresses.api,
        own_pool=stack.pool,
        machine_issuer=None,
        partner=None,
        not_started=stack.functions.not_started,
        addresses=stack.addresses,
    )
    file = folder / "outputs.json"
    file.write_text(json.dumps(outputs(served)))
    return file


def _cdk_json(folder: Path) -> Path:
    """The sample's cdk.json, with revocation on in the stage `local`."""
    document = json.loads(CDK_JSON.read_text())
    document["context"]["stages"]["local"].update(FIELDS)
    file = folder / "cdk.json"
    file.write_text(json.dumps(document))
    return file
