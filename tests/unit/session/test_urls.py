import pytest

from session.urls import is_endpoint, is_loopback_url

ON_THIS_MACHINE = (
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "http://localhost:9001/",
    "https://127.0.0.1/token",
    "https://localhost/token",
    "https://[::1]/token",
)
PRIVATE = (
    "https://10.0.0.1/token",
    "https://169.254.170.2/v2/credentials",
    "https://[::ffff:127.0.0.1]/token",
    "https://0.0.0.0/token",
    "https://127.1/token",
    "https://2130706433/token",
    "https://0x7f000001/token",
    "https://a.localhost/token",
    "https://LOCALHOST./token",
)
NO_URL = (
    "https://exa\\mple.com/",
    "https://issuer.example/authorize#x",
    "https://user@issuer.example/",
    "https://issuer.example:99999/",
    "https://issuer example/",
    "http://issuer.example/",
    "javascript:alert(1)",
    "//issuer.example",
    "",
)


@pytest.mark.parametrize("url", [*ON_THIS_MACHINE, *PRIVATE, *NO_URL])
def test_an_issuer_on_the_internet_names_no_endpoint_here(url: str) -> None:
    assert not is_endpoint(url, is_local=False)


@pytest.mark.parametrize("url", ON_THIS_MACHINE)
def test_an_issuer_on_this_machine_may(url: str) -> None:
    assert is_endpoint(url, is_local=True)


@pytest.mark.parametrize("url", NO_URL)
def test_what_two_readers_could_read_otherwise_is_never_one(url: str) -> None:
    assert not is_endpoint(url, is_local=True)
    assert not is_loopback_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example/oauth2/token",
        "https://issuer.example:8443/token?a=b&c=d%20e",
        "https://8.8.8.8/token",
    ],
)
def test_an_endpoint_on_the_internet_is_taken(url: str) -> None:
    assert is_endpoint(url, is_local=False)
