"""Names that Cognito allows, from the access table through the template and the pool to a decision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import (
    AccessTable,
    Issuer,
    MachineClient,
    NativeClient,
    Route,
    Rule,
)
from aws_jwt_authorizer.access.table_checks import check_table
from local.template.assembly import read_assembly
from local.template.intrinsics import Resolver
from local.template.pool_config import PoolConfig
from local.template.pools import read_pools
from tests.attacks.gateway_event import ROUTE_KEY
from tests.attacks.target import Verdict, build_target
from tests.sample.access import ACCESS
from tests.synth.synthesis import synthesise

from .conftest import Cognito, serve
from .http_client import basic, token

SCOPES = (
    "https://api.example.com/orders.read",
    "api.example.com/v1/orders.read",
    "urn:orders/read",
)
GROUPS = (
    "eu-west-1:admins",
    "/orders/admins",
    "Verwaltung-f\u00fcr-Auftr\u00e4ge",
    "\u7ba1\u7406\u8005",
    "admins\U0001f451",
)

BY_PASSWORD = {"cli": {"password_sign_in": True}}


def _table(rule: Rule) -> AccessTable:
    table = replace(
        ACCESS,
        issuers=(Issuer("cognito"),),
        scopes=dict.fromkeys(SCOPES, "-"),
        groups=dict.fromkeys((*GROUPS, "admins", "support"), "-"),
        clients=(NativeClient("cli", ()), MachineClient("machine", SCOPES)),
        routes=(Route(ROUTE_KEY, "orders", "lambda", rule),),
    )
    check_table(table)
    return table


@dataclass(frozen=True)
class Named:
    """A pool with these names, and the authorizer of a table with a rule about them."""

    cognito: Cognito
    config: PoolConfig

    def client(self, flow: str) -> str:
        """The client that may use an OAuth grant or a sign-in by the API."""
        return next(
            client.id
            for client in self.config.clients
            if flow in client.oauth_flows | client.auth_flows
        )

    def judge(self, text: str, rule: Rule) -> Verdict:
        pool = self.config
        issuer = {
            "name": "cognito",
            "issuer": pool.issuer,
            "client_ids": [client.id for client in pool.clients],
            "jwks_uri": f"{self.cognito.server.url}/{pool.id}/.well-known/jwks.json",
        }
        policy = policy_json(_table(rule)).encode()
        return build_target(issuer, policy=policy).judge_token(text)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Named]:
    folder = tmp_path_factory.mktemp("names") / "out"
    made = synthesise(folder, access=_table(Rule()), tenant_claim=False, clients=BY_PASSWORD)
    assembly = read_assembly(made.folder)
    [pool] = read_pools(assembly, Resolver(assembly), {})
    for cognito in serve(pool):
        yield Named(cognito, pool)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_of_a_server_called_by_its_url_opens_the_route_that_asks_for_it(
    named: Named, scope: str
) -> None:
    machine = named.client("client_credentials")
    answer = token(
        named.cognito,
        basic(machine, named.cognito.secret(machine)),
        grant_type="client_credentials",
        scope=scope,
    )
    made = answer.json["access_token"]
    assert named.judge(made, Rule(scopes_all=(scope,))).status == 200
    for other in set(SCOPES) - {scope}:
        assert named.judge(made, Rule(scopes_all=(other,))).reason == f"missing_scope:{other}"


def test_a_group_of_any_letters_opens_the_route_that_asks_for_it(named: Named) -> None:
    cognito, person = named.cognito, named.cognito.users["user"]
    for group in GROUPS[:-1]:
        cognito.api.admin_add_user_to_group(
            UserPoolId=named.config.id, Username=person.username, GroupName=group
        )
    signed_in = cognito.api.initiate_auth(
        ClientId=named.client("ALLOW_USER_PASSWORD_AUTH"),
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
    )
    made = signed_in["AuthenticationResult"]["AccessToken"]
    for group in GROUPS[:-1]:
        assert named.judge(made, Rule(groups_any=(group,))).status == 200
    missing = named.judge(made, Rule(groups_any=GROUPS[-1:]))
    assert (missing.status, missing.reason) == (403, f"missing_group:{GROUPS[-1]}")
