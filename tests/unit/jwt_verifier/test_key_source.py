import threading

import pytest

from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.key_source import HttpsKeySource, _Download, discovery_uri, is_safe_url
from local.issuer import Issuer, serve_issuer

RS256 = frozenset({"RS256"})


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example", "https://issuer.example:8443/a/b", "http://127.0.0.1:3000/k", "http://127.9.9.9",
        "http://localhost/k", "http://[::1]:80/k", "https://10.0.0.1/k", "HTTPS://issuer.example",
    ],
)  # fmt: skip
def test_keys_come_by_https_or_from_this_machine(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "issuer.example", "//issuer.example", "http://issuer.example", "http://10.0.0.1", "file:///etc/passwd",
        "ftp://127.0.0.1", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "https://", "https:///k",
        "https://user@issuer.example", "https://:pw@issuer.example", "https://issuer.example:port", "https://issuer.example:99999",
        "https://issuer.example/a b", "https://issuer.example/\n", "https://issuer.exämple", "https://[::1", "http://0.0.0.0",
    ],
)  # fmt: skip
def test_and_from_nowhere_else(url: str) -> None:
    assert not is_safe_url(url)


def test_discovery_is_found_below_the_issuer() -> None:
    assert (
        discovery_uri("https://i.example/a/")
        == "https://i.example/a/.well-known/openid-configuration"
    )
    assert (
        discovery_uri("https://i.example") == "https://i.example/.well-known/openid-configuration"
    )


def source(issuer: Issuer, jwks_uri: str | None = None) -> HttpsKeySource:
    return HttpsKeySource(issuer.url, jwks_uri, RS256, timeout_seconds=5)


def test_keys_are_found_by_discovery_or_by_their_address() -> None:
    with serve_issuer() as issuer:
        assert set(source(issuer).fetch().by_kid) == {issuer.signing_key.kid}
        by_address = source(issuer, f"{issuer.url}/.well-known/jwks.json")
        assert set(by_address.fetch().by_kid) == {issuer.signing_key.kid}


def test_a_set_without_a_usable_key_is_an_answer() -> None:
    with serve_issuer("ES256") as issuer:
        keys = source(issuer).fetch()
    assert not keys.by_kid
    assert keys.skipped == {"algorithm_not_configured": 1}


def test_an_issuer_that_is_gone_is_no_answer() -> None:
    with serve_issuer() as issuer:
        gone = source(issuer)
    with pytest.raises(KeysUnavailable, match="^no answer: ConnectionRefusedError$"):
        gone.fetch()


def test_an_https_address_that_speaks_no_tls_is_no_answer() -> None:
    with serve_issuer() as issuer:
        address = issuer.url.replace("http:", "https:")
        with pytest.raises(KeysUnavailable, match="^no answer: SSLError$"):
            source(issuer, f"{address}/.well-known/jwks.json").fetch()


def test_a_deadline_that_passes_before_a_connection_is_open_is_no_answer() -> None:
    finished = threading.Event()

    def resolve_slowly() -> bytes:
        finished.wait(5)
        return b""

    with pytest.raises(KeysUnavailable, match="^no answer within 0.01 s$"):
        _Download(0.01).run(resolve_slowly)
    finished.set()


def test_a_connection_that_opens_after_the_deadline_asks_for_nothing() -> None:
    download = _Download(5)
    with serve_issuer() as issuer:
        download._give_up()
        with pytest.raises(KeysUnavailable, match="^given up$"):
            download.get(issuer.url)


def test_another_issuers_discovery_document_is_no_answer() -> None:
    with serve_issuer() as issuer:
        liar = source(Issuer(issuer.url + "/"))
        with pytest.raises(KeysUnavailable, match="names another issuer"):
            liar.fetch()
