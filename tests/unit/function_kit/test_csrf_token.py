import pytest

from function_kit.csrf_token import HEADER, csrf_token


def test_the_anti_csrf_token_is_the_one_that_the_contract_names() -> None:
    """The test vector of the docstring: the function that sets the cookie keeps the same one."""
    expected = "LihTgvT2NKyT6GTfvG9tlujgvGvlPvNdYf4itkmkXl8"
    assert csrf_token("header.payload.signature") == expected
    assert expected in (csrf_token.__doc__ or "")


def test_it_is_sent_in_the_header_that_the_contract_names() -> None:
    assert HEADER == "x-csrf-token"


@pytest.mark.parametrize("other", ["header.payload.signaturf", "header.payload", "", "csrf:"])
def test_each_access_token_has_its_own(other: str) -> None:
    assert csrf_token(other) != csrf_token("header.payload.signature")
    assert len(csrf_token(other)) == 43
