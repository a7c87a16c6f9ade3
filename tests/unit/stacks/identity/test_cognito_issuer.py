import pytest

from stacks.identity.cognito_issuer import IssuerForm, cognito_issuer, other_form


@pytest.mark.parametrize(
    ("form", "issuer"),
    [
        ("original", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"),
        ("updated", "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"),
    ],
)
def test_an_issuer_has_the_form_that_the_pool_is_configured_for(
    form: IssuerForm, issuer: str
) -> None:
    assert cognito_issuer("eu-west-1", "eu-west-1_AbC", form) == issuer


def test_a_switch_is_between_two_forms() -> None:
    assert (other_form("original"), other_form("updated")) == ("updated", "original")
