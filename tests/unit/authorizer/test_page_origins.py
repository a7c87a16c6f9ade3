import json
from typing import Any

import pytest

from authorizer.page_origins import parse_origins
from jwt_verifier.errors import SettingsInvalid


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example",
        "https://abcde12345.execute-api.eu-west-1.amazonaws.com",
        "https://app.example:8443",
        "https://xn--bcher-kva.example",
        "https://192.0.2.1",
        "https://[2001:db8::1]:8443",
        "https://app.example:80",
        "https://a",
        "http://127.0.0.1:3000",
        "http://localhost:3000",
        "http://localhost:443",
        "http://localhost",
        "http://[::1]:3000",
    ],
)
def test_an_origin_is_taken_as_browsers_write_it(origin: str) -> None:
    assert parse_origins(json.dumps([origin])) == {origin}


def test_none_and_several_are_taken() -> None:
    assert parse_origins("[]") == frozenset()
    both = ["https://a.example", "https://b.example"]
    assert parse_origins(json.dumps([*both, *both])) == set(both)


@pytest.mark.parametrize(
    "origin",
    [
        "", "null", "*", "app.example", "//app.example", "https://", "https://app.example/", "https://app.example/path",
        "https://app.example?x", "https://app.example#x", "https://*.example", "https://App.example", "HTTPS://app.example",
        "https://app.example:443", "http://localhost:80", "http://127.0.0.1:80", "https://app.example:", "https://app.example:0443",
        "https://app.example:70000", "https://app.example:x", "https://user@app.example", "https://app.example ", " https://app.example",
        "https://app.example\n", "https://b\u00fccher.example", "http://app.example", "http://192.0.2.1", "http://localhost.example",
        "http://127.0.0.1.example", "http://[2001:db8::1]", "https://[::1", "https://-app.example", "https://app.example.", "ftp://app.example",
        "https://app.example,https://b.example", 1, None, True, ["https://app.example"], {},
    ],
)  # fmt: skip
def test_what_no_browser_would_send_or_no_one_should_trust_is_refused(origin: Any) -> None:
    with pytest.raises(SettingsInvalid, match=r"^COOKIE_ORIGINS\[1\]: .*; give scheme, host and"):
        parse_origins(json.dumps(["https://good.example", origin]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "COOKIE_ORIGINS: not JSON; give a JSON array of origins"),
        ("https://app.example", "COOKIE_ORIGINS: not JSON; give a JSON array of origins"),
        ('"https://app.example"', "COOKIE_ORIGINS: not a JSON array; give one of origins, or []"),
        ('{"origin": "https://app.example"}', "COOKIE_ORIGINS: not a JSON array"),
        ("null", "COOKIE_ORIGINS: not a JSON array"),
        ("\ud800", "COOKIE_ORIGINS: not UTF-8; give a JSON array of origins"),
    ],
)
def test_another_text_than_an_array_is_refused(text: str, problem: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parse_origins(text)
    assert str(refused.value).startswith(problem)
