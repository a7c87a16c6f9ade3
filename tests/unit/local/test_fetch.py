"""Which URLs are on this machine: nothing else is ever asked."""

import pytest

from local.loopback.fetch import FetchFailed, fetch, is_on_loopback


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9000/a", "http://127.8.9.1/", "http://[::1]:9000", "http://localhost:9000/"],
)
def test_http_to_this_machine_is_on_loopback(url: str) -> None:
    assert is_on_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://192.0.2.1/",
        "http://0.0.0.0/",
        "http://[::1",
        "http://127.0.0.1:port/",
        "http:127.0.0.1",
        "file:///etc/hosts",
        "//127.0.0.1/",
        "",
    ],
)
def test_anything_else_is_not_and_is_never_asked(url: str) -> None:
    assert not is_on_loopback(url)
    with pytest.raises(FetchFailed, match="is not on loopback"):
        fetch(url)


def test_a_url_that_no_request_can_hold_is_told() -> None:
    for url in (
        "http://127.0.0.1:1/a b",
        "http://127.0.0.1:1/\u00e4",
        "http://127.0.0.1:1/\r\nX: y",
    ):
        with pytest.raises(FetchFailed):
            fetch(url)
