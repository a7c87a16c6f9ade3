"""Claims of a provider -> attributes: text of any claim, and no address is verified by silence."""

from typing import Any

import pytest

from local.cognito.federation.attributes import mapped


@pytest.mark.parametrize(
    ("claim", "attribute"),
    [
        ("text", "text"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (["a b", "c/d", "e.f-g*h_i", "~"], "[a+b,c%2Fd,e.f-g*h_i,%7E]"),
        ([], "[]"),
        ({"country": "de"}, '{"country":"de"}'),
    ],
)
def test_a_claim_of_any_type_becomes_text(claim: Any, attribute: str) -> None:
    assert mapped({"zoneinfo": "zone"}, {"zone": claim}) == {"zoneinfo": attribute}


@pytest.mark.parametrize("claims", [{}, {"zone": None}, {"zoneinfo": "unmapped"}])
def test_a_claim_that_is_not_there_changes_nothing(claims: Any) -> None:
    assert mapped({"zoneinfo": "zone"}, claims) == {}


@pytest.mark.parametrize(
    ("verified", "attribute"),
    [(True, "true"), ("true", "true"), (False, "false"), ("yes", "false"), (1, "false")],
)
def test_an_address_is_verified_only_if_the_provider_says_so(
    verified: object, attribute: str
) -> None:
    mapping = {"email": "mail", "email_verified": "checked"}
    claims: Any = {"mail": "ada@example.com", "checked": verified}
    assert mapped(mapping, claims)["email_verified"] == attribute


def test_an_address_without_a_word_on_it_is_not_verified() -> None:
    mapping = {"email": "email", "phone_number": "phone"}
    claims: Any = {"email": "ada@example.com", "phone": "+15550100", "email_verified": True}
    assert mapped(mapping, claims) == {
        "email": "ada@example.com",
        "email_verified": "false",
        "phone_number": "+15550100",
        "phone_number_verified": "false",
    }
