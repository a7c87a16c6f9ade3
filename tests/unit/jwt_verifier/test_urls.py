import pytest

from jwt_verifier.urls import is_safe_url, origin_of

SAFE = [
    "https://issuer.example", "https://issuer.example:8443/a/b", "http://127.0.0.1:3000/k", "http://127.9.9.9",
    "http://localhost/k", "http://[::1]:80/k", "https://10.0.0.1/k", "HTTPS://issuer.example", "https://[2001:db8::1]/k",
    "https://issuer.example?a=b", "https://issuer.example/realms/a;v=1/it's,all", "https://a_b.issuer.example/",
]  # fmt: skip

UNSAFE = [
    "", "issuer.example", "//issuer.example", "http://issuer.example", "http://10.0.0.1", "file:///etc/passwd",
    "ftp://127.0.0.1", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "https://", "https:///k",
    "https://user@issuer.example", "https://:pw@issuer.example", "https://issuer.example:port", "https://issuer.example:99999",
    "https://issuer.example/a b", "https://issuer.example/\n", "https://issuer.exämple", "https://[::1", "http://0.0.0.0",
    "https://issuer.example#k", "https://issuer.example/#", "https://issuer.example\\@evil.example", "https://issuer.example:0",
    'https://issuer.example/"', "https://issuer.example/<k>", "https://[localhost]/", "https://issuer.example;k", "javascript:alert(1)",
    "https://user:pw@a.example", " https://issuer.example", "https://issuer.example ", "https:/issuer.example", "http://127.1/k",
    "http://2130706433/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/",
]  # fmt: skip


@pytest.mark.parametrize("url", SAFE)
def test_a_url_is_safe_by_https_or_on_this_machine(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize("url", UNSAFE)
def test_and_no_other_is(url: str) -> None:
    assert not is_safe_url(url)


@pytest.mark.parametrize("value", [None, 7, b"https://issuer.example", ["https://issuer.example"]])
def test_what_is_not_a_string_is_not_a_url(value: object) -> None:
    assert not is_safe_url(value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Issuer.example/a?b", "https://issuer.example"),
        ("http://127.0.0.1:3000/k", "http://127.0.0.1:3000"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin
