import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session.errors import CookieForeign, CookieInvalid, SignedOut
from session.seal import KeyUnknown, SealKey, derive_key, seal, unseal

KEY, OTHER = (
    derive_key("a secret of thirty-two characters"),
    derive_key("another secret of as many letters"),
)
NAME = "__Host-Http-session"


def test_a_key_has_256_bits_and_is_its_secrets_own() -> None:
    assert len({KEY, OTHER, derive_key("a secret of thirty-two characters")}) == 2
    assert (len(KEY.root), len(KEY.id)) == (32, 8)
    assert KEY.id != OTHER.id


@given(st.binary(max_size=200))
def test_what_was_sealed_comes_back(content: bytes) -> None:
    assert unseal([OTHER, KEY], NAME, seal(KEY, NAME, content)) == content


@given(st.data())
def test_no_change_of_any_character_is_taken(data: st.DataObject) -> None:
    value = seal(KEY, NAME, b"content of a cookie")
    index = data.draw(st.integers(0, len(value) - 1))
    character = data.draw(st.sampled_from("ABab01-_=. \n"))
    changed = value[:index] + character + value[index + 1 :]
    if changed != value:
        with pytest.raises(SignedOut):
            unseal([KEY], NAME, changed)


@given(st.text(max_size=80))
def test_any_text_is_opened_or_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(SignedOut):
        unseal([KEY, OTHER], NAME, text)


@pytest.mark.parametrize("end", range(len(seal(KEY, NAME, b"content"))))
def test_no_part_of_a_value_is_taken(end: int) -> None:
    with pytest.raises(SignedOut):
        unseal([KEY], NAME, seal(KEY, NAME, b"content")[:end])


@pytest.mark.parametrize("content", [b"1", b"123"])
def test_bits_that_no_byte_uses_may_not_be_changed(content: bytes) -> None:
    value = seal(KEY, NAME, content)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = value[:-1] + alphabet[alphabet.index(value[-1]) + 1]
    padding = "=" * (-len(value) % 4)
    assert base64.urlsafe_b64decode(changed + padding) == base64.urlsafe_b64decode(value + padding)
    with pytest.raises(CookieInvalid):
        unseal([KEY], NAME, changed)


def test_a_value_is_good_for_its_own_cookie() -> None:
    with pytest.raises(CookieInvalid):
        unseal([KEY], "__Host-Http-login-0", seal(KEY, NAME, b"content"))


@pytest.mark.parametrize("keys", [[OTHER], []])
def test_a_value_of_an_unknown_key_is_told_apart_from_a_damaged_one(keys: list[SealKey]) -> None:
    with pytest.raises(KeyUnknown):
        unseal(keys, NAME, seal(KEY, NAME, b"content"))


def raw(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def test_a_value_names_its_key_and_no_two_are_sealed_with_one_key_and_nonce() -> None:
    values = {seal(KEY, NAME, b"content") for _ in range(100)}
    assert {raw(value)[1:9] for value in values} == {KEY.id}
    assert len({raw(value)[9:33] for value in values}) == 100


OF_THE_RELEASE_BEFORE = (
    "AcRF0Q0o3tYenp9sgpJ6_BxrHo2vtfseRv1FYPC8NKxk4edYBSA1268FB_AekgRcdJIvooZowYk4hH9UgENuZRwqEbmf"
    "f9z7SHEXUzbx9SjBM9l8awctP2blwg6lU1s-FY6fl5YnHRYVuweOy-Upr4lgefDts2VGV7ZUOr495qhVEMqSsj8bFfYA"
    "56pKHl-uDtW8d5y8kL8PM16l2XBp8oEPMSK4Fg"
)
"""What that release sealed with this secret, for `__Host-session`."""

SECRET_OF_THE_RELEASE_BEFORE = "of-the-release-before-0123456789-0123456789"


@pytest.mark.parametrize("name", [NAME, "__Host-session"])
def test_the_seal_of_the_release_before_is_known_for_what_it_is(name: str) -> None:
    with pytest.raises(CookieForeign) as foreign:
        unseal([derive_key(SECRET_OF_THE_RELEASE_BEFORE)], name, OF_THE_RELEASE_BEFORE)
    assert foreign.value.reason == "cookie_version"
