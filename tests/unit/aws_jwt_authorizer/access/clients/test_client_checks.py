"""What the table may say of its app clients, each refusal in one line with the way out."""

from dataclasses import replace

import pytest

from aws_jwt_authorizer.access.clients.checks import MOST_CLIENTS
from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AppClient,
    MachineClient,
    NativeClient,
    WebClient,
)
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from tests.sample.access import ACCESS

WEB = WebClient("web", scopes=ALL_SCOPES)
MANY = {f"orders/s{number}": "of many" for number in range(51)}


def refusal(*clients: AppClient, scopes: dict[str, str] | None = None) -> str:
    with pytest.raises(AccessInvalid) as caught:
        check_table(replace(ACCESS, clients=clients, scopes=scopes or ACCESS.scopes))
    text = str(caught.value)
    assert text.startswith("stacks/access.py: ")
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    "clients",
    [
        (),
        (MachineClient("a", ("orders/read",)), MachineClient("b", ALL_SCOPES)),
        (
            WEB,
            WebClient("back-office", scopes=(), token_minutes=5, refresh_days=1),
            NativeClient("mobile", scopes=("orders/read",), scheme="com.example.shop-2"),
            NativeClient("cli", scopes=()),
        ),
    ],
    ids=["none", "machines alone", "people alone"],
)
def test_there_may_be_any_number_of_clients_of_each_kind(clients: tuple[AppClient, ...]) -> None:
    check_table(replace(ACCESS, clients=clients))


@pytest.mark.parametrize("name", ["", "Web", "a b", "1st", "a_b", "-a", "a-", "a--b", "w" * 33])
def test_a_client_has_a_name_that_logical_ids_can_be_made_of(name: str) -> None:
    text = refusal(WebClient(name, scopes=()))
    assert "name it in at most 32 lower-case letters, digits and inner hyphens" in text


def test_no_two_clients_share_a_name_or_what_is_made_of_it() -> None:
    assert "client 'web': give each client a name" in refusal(WEB, MachineClient("web", ALL_SCOPES))
    text = refusal(WebClient("a-1", ()), NativeClient("a1", ()))
    assert "client 'a1': client 'a-1' has the same outputs and logical ids, A1…" in text
    assert "the page's own client is called so" in refusal(WebClient("page", ()))


def test_a_client_is_given_scopes_that_there_are() -> None:
    text = refusal(WebClient("web", scopes=("orders/read", "orders/delete")))
    assert "client 'web': scopes: 'orders/delete' is not in SCOPES" in text
    assert "'*' stands alone" in refusal(WebClient("web", scopes=("*", "orders/read")))


def test_a_machine_needs_a_scope_and_a_person_needs_none() -> None:
    text = refusal(MachineClient("billing", scopes=()))
    assert "client 'billing': scopes: name at least one, client credentials need it" in text
    assert "name at least one" in refusal(WEB, MachineClient("billing", ()), scopes={})


def test_a_client_takes_fifty_scopes_and_three_of_them_are_cognitos_for_a_person() -> None:
    assert "scopes: 51, and a client takes 47 beside openid" in refusal(WEB, scopes=MANY)
    machine = MachineClient("m", ALL_SCOPES)
    assert "scopes: 51, and a client takes 50: let" in refusal(machine, scopes=MANY)
    fitting = dict(list(MANY.items())[:50])
    check_table(replace(ACCESS, clients=(machine,), scopes=fitting, routes=ACCESS.routes[:1]))


@pytest.mark.parametrize(
    "scheme",
    [
        *("", "http", "https", "javascript", "file", "shop", "Com.example.shop", "1.example.shop"),
        *("com.example shop", "com.example.", "com..shop", "com.example.shop:", "com.example.shöp"),
    ],
)
def test_an_apps_own_scheme_is_a_domain_written_backwards(scheme: str) -> None:
    text = refusal(NativeClient("mobile", scopes=(), scheme=scheme))
    assert "client 'mobile': scheme" in text
    assert "a domain of yours backwards, such as 'com.example.app'" in text


@pytest.mark.parametrize(
    ("client", "text"),
    [
        (WebClient("web", (), token_minutes=4), "token_minutes is 4, and Cognito takes 5 to 1440"),
        (MachineClient("m", ALL_SCOPES, 1441), "token_minutes is 1441, and Cognito takes 5"),
        (NativeClient("n", (), refresh_days=0), "refresh_days is 0, and Cognito takes 1 to 3650"),
        (WebClient("web", (), refresh_days=3651), "refresh_days is 3651, and Cognito takes"),
    ],
)
def test_a_lifetime_is_one_that_cognito_takes(client: AppClient, text: str) -> None:
    assert text in refusal(client)


def test_a_pool_takes_a_thousand_clients() -> None:
    many = [WebClient(f"w{number}", ()) for number in range(MOST_CLIENTS + 1)]
    assert "CLIENTS: 1001, and a user pool takes 1000" in refusal(*many)


def test_a_forgotten_comma_is_named() -> None:
    with pytest.raises(AccessInvalid, match="CLIENTS is WebClient.*which is not a tuple: write"):
        check_table(replace(ACCESS, clients=WEB))  # type: ignore[arg-type]  # the slip
    with pytest.raises(AccessInvalid, match="client 'web': scopes is 'orders/read', which is not"):
        check_table(replace(ACCESS, clients=(WebClient("web", "orders/read"),)))  # type: ignore[arg-type]  # likewise
    with pytest.raises(AccessInvalid, match="WebClient or NativeClient or MachineClient objects"):
        check_table(replace(ACCESS, clients=None))  # type: ignore[arg-type]  # likewise
