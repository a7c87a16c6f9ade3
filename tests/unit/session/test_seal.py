import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session.errors import CookieInvalid
from session.seal import key_of, opened, sealed

KEY, OTHER = (
    key_of("a secret of thirty-two characters"),
    key_of("another secret of as many letters"),
)
NAME = "__Host-session"


def test_a_key_has_256_bits_and_is_its_secrets_own() -> None:
    assert len({KEY, OTHER, key_of("a secret of thirty-two characters")}) == 2
    assert len(KEY) == 32


@given(st.binary(max_size=200))
def test_what_was_sealed_comes_back(content: bytes) -> None:
    assert opened([OTHER, KEY], NAME, sealed(KEY, NAME, content)) == content


@given(st.data())
def test_no_change_of_any_character_is_taken(data: st.DataObject) -> None:
    value = sealed(KEY, NAME, b"content of a cookie")
    index = data.draw(st.integers(0, len(value) - 1))
    character = data.draw(st.sampled_from("ABab01-_=. \n"))
    changed = value[:index] + character + value[index + 1 :]
    if changed != value:
        with pytest.raises(CookieInvalid):
            opened([KEY], NAME, changed)


@given(st.text(max_size=80))
def test_any_text_is_opened_or_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(CookieInvalid):
        opened([KEY, OTHER], NAME, text)


@pytest.mark.parametrize("end", range(len(sealed(KEY, NAME, b"content"))))
def test_no_part_of_a_value_is_taken(end: int) -> None:
    with pytest.raises(CookieInvalid):
        opened([KEY], NAME, sealed(KEY, NAME, b"content")[:end])


@pytest.mark.parametrize("content", [b"12", b"123"])
def test_bits_that_no_byte_uses_may_not_be_changed(content: bytes) -> None:
    value = sealed(KEY, NAME, content)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = value[:-1] + alphabet[alphabet.index(value[-1]) + 1]
    padding = "=" * (-len(value) % 4)
    assert base64.urlsafe_b64decode(changed + padding) == base64.urlsafe_b64decode(value + padding)
    with pytest.raises(CookieInvalid):
        opened([KEY], NAME, changed)


def test_a_value_is_good_for_its_own_cookie_and_key_only() -> None:
    value = sealed(KEY, NAME, b"content")
    for keys, name in (([OTHER], NAME), ([KEY], "__Host-login"), ([], NAME)):
        with pytest.raises(CookieInvalid):
            opened(keys, name, value)


def test_the_same_content_is_sealed_otherwise_each_time() -> None:
    values = {sealed(KEY, NAME, b"content") for _ in range(100)}
    nonces = {base64.urlsafe_b64decode(value + "==")[1:13] for value in values}
    assert len(nonces) == 100
