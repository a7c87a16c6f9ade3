"""The access table's clients, from the template: each kind gets its tokens, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    MachineClient,
    NativeClient,
    WebClient,
)
from local.template.assembly import read_assembly
from local.template.intrinsics import Resolver
from local.template.pools import read_pools
from tests.synth.synthesis import synthesise, table_of

from .conftest import Cognito, serve
from .http_client import Browser, authorize, basic, claims, redeem, token

SHOP, STAFF = "https://shop.example/callback", "https://staff.example/callback"
APP, APP_LEFT = "com.example.shop:/callback", "com.example.shop:/signed-out"
APP_LINK = "https://shop.example/app"
CLIENTS = (
    WebClient("shop", ALL_SCOPES),
    WebClient("back-office", ("orders/read",), token_minutes=5),
    NativeClient("mobile", ("orders/write",), scheme="com.example.shop"),
    MachineClient("reports", ("orders/read",)),
    MachineClient("imports", ("orders/write",), token_minutes=10),
)
STAGE = {
    "shop": {"callback_urls": [SHOP]},
    "back-office": {"callback_urls": [STAFF]},
    "mobile": {"callback_urls": [APP, APP_LINK], "logout_urls": [APP_LEFT]},
}


@dataclass(frozen=True)
class Served:
    """A pool with these clients, and their ids by name."""

    cognito: Cognito
    ids: dict[str, str]

    def machine(self, name: str, **form: str) -> Any:
        client_id = self.ids[name]
        headers = basic(client_id, self.cognito.secret(client_id))
        return token(self.cognito, headers, grant_type="client_credentials", **form)

    def asked(self, name: str, url: str, scope: str) -> dict[str, str]:
        return authorize(client_id=self.ids[name], redirect_uri=url, scope=scope)

    def code(self, name: str, url: str, scope: str) -> str:
        answer = Browser(self.cognito).sign_in(self.asked(name, url, scope))
        assert answer.headers["location"].startswith(f"{url}?")
        return answer.redirected["code"]

    def signed_in(self, name: str, url: str, scope: str) -> Any:
        code = self.code(name, url, scope)
        return redeem(self.cognito, code, client_id=self.ids[name], redirect_uri=url).json


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clients") / "out"
    table = replace(table_of("GET /health"), clients=CLIENTS)
    made = synthesise(folder, access=table, tenant_claim=False, clients=STAGE)
    assembly = read_assembly(made.folder)
    [pool] = read_pools(assembly, Resolver(assembly), {})
    for cognito in serve(pool):
        yield Served(cognito, {client.name: client.id for client in pool.clients})


def test_each_web_client_signs_people_in_with_its_own_scopes_and_lifetime(served: Served) -> None:
    assert set(served.ids) == {client.name for client in CLIENTS}
    shop = served.signed_in("shop", SHOP, "openid orders/read orders/write")
    staff = served.signed_in("back-office", STAFF, "openid orders/read")
    assert (shop["expires_in"], staff["expires_in"]) == (900, 300)
    found = claims(staff["access_token"])
    assert (found["client_id"], found["scope"]) == (served.ids["back-office"], "openid orders/read")
    beyond = Browser(served.cognito).get(
        "/oauth2/authorize", served.asked("back-office", STAFF, "orders/write")
    )
    assert beyond.redirected["error"] == "invalid_scope"


@pytest.mark.parametrize("url", [APP, APP_LINK])
def test_a_native_app_is_sent_back_by_its_own_scheme_or_its_link(served: Served, url: str) -> None:
    tokens = served.signed_in("mobile", url, "openid orders/write")
    found = claims(tokens["access_token"])
    assert (found["client_id"], found["scope"]) == (served.ids["mobile"], "openid orders/write")
    assert claims(tokens["id_token"])["aud"] == served.ids["mobile"]


def test_a_code_that_another_app_caught_is_worth_nothing_without_the_verifier(
    served: Served,
) -> None:
    code = served.code("mobile", APP, "openid")
    mobile = served.ids["mobile"]
    for wrong in ("", "another-verifier-of-enough-length-for-the-standard-0123"):
        answer = redeem(
            served.cognito, code, client_id=mobile, redirect_uri=APP, code_verifier=wrong
        )
        assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("url", ["com.example.other:/callback", f"{APP}/more", SHOP, APP_LEFT])
def test_a_native_app_is_sent_nowhere_else(served: Served, url: str) -> None:
    answer = Browser(served.cognito).get("/oauth2/authorize", served.asked("mobile", url, "openid"))
    assert answer.status == 400


def test_a_native_app_is_sent_back_after_signing_out(served: Served) -> None:
    query = {"client_id": served.ids["mobile"], "logout_uri": APP_LEFT}
    assert Browser(served.cognito).get("/logout", query).headers["location"] == APP_LEFT


def test_a_native_app_takes_no_password_where_the_stage_does_not_say_so(served: Served) -> None:
    user = served.cognito.users["user"]
    with pytest.raises(
        served.cognito.api.exceptions.InvalidParameterException, match="not enabled"
    ):
        served.cognito.api.initiate_auth(
            ClientId=served.ids["mobile"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
        )


def test_each_machine_gets_its_own_scopes_and_no_others(served: Served) -> None:
    for name, scope, seconds in (("reports", "orders/read", 900), ("imports", "orders/write", 600)):
        answer = served.machine(name).json
        found = claims(answer["access_token"])
        assert (found["client_id"], found["scope"]) == (served.ids[name], scope)
        assert answer["expires_in"] == seconds
    assert served.machine("reports", scope="orders/write").json["error"] == "invalid_scope"
