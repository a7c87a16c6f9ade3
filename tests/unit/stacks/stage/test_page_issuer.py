from typing import Any

import pytest

from stacks.stage.config_fields import ConfigFields, ConfigInvalid
from stacks.stage.parts.page_issuer import PageIssuer, page_issuer
from stacks.stage.parts.secret_reference import SecretReference

SECRET = {"secret": "page/partner", "json_key": "secret"}
WHOLE = {
    "name": "partner",
    "client_id": "page-1",
    "client_secret": SECRET,
    "scopes": ["openid", "orders:read"],
}
KEPT = SecretReference("page/partner", "secret")


def read(value: dict[str, Any]) -> PageIssuer | None:
    return page_issuer(ConfigFields("page_issuer", value), _loopback=False)


def test_an_empty_one_leaves_sign_in_to_the_user_pool() -> None:
    assert read({}) is None


def test_a_whole_one_names_issuer_client_and_scopes() -> None:
    scopes = ("openid", "orders:read")
    assert read(WHOLE) == PageIssuer("partner", "page-1", "client_secret", KEPT, scopes)


def test_a_private_key_and_a_public_client_may_be_named_too() -> None:
    whole = {name: value for name, value in WHOLE.items() if name != "client_secret"}
    read_issuer = read({**whole, "private_key": SECRET, "public_client_id": "page-2"})
    assert read_issuer == PageIssuer(
        "partner", "page-1", "private_key", KEPT, ("openid", "orders:read"), "page-2"
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "Not a name"}, "page_issuer.name is 'Not a name': it must be the name of an"),
        ({"name": None}, "page_issuer.name is None: it must be the name of an issuer"),
        ({"client_id": "with space"}, "page_issuer.client_id is 'with space': it must be"),
        ({"client_id": ""}, "page_issuer.client_id is '': it must be"),
        ({"scopes": []}, "page_issuer.scopes is []: it must be a list of scopes, openid among"),
        ({"scopes": ["email"]}, "page_issuer.scopes is ['email']: it must be a list of scopes"),
        ({"scopes": "openid"}, "page_issuer.scopes is 'openid': it must be a list of scopes"),
        ({"client_secret": "s3cret"}, "page_issuer.client_secret must name a secret of AWS"),
        (
            {"private_key": SECRET},
            "page_issuer must have exactly one of client_secret, private_key",
        ),
        ({"public_client_id": ""}, "page_issuer.public_client_id is '': it must be"),
        ({"client": "x"}, "page_issuer.client is unknown: the fields are name,"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_must_be(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        read({**WHOLE, **changes})
    assert str(caught.value).startswith(problem)


def test_a_backend_that_can_prove_nothing_is_refused() -> None:
    with pytest.raises(ConfigInvalid, match="page_issuer must have exactly one of client_secret"):
        read({name: value for name, value in WHOLE.items() if name != "client_secret"})


@pytest.mark.parametrize("missing", ["name", "client_id", "scopes"])
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(ConfigInvalid, match=f"page_issuer.{missing} is missing"):
        read({name: value for name, value in WHOLE.items() if name != missing})
