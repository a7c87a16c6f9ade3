import pytest

from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.key_source import HttpsKeySource
from tests.issuer import Issuer, serve_issuer

RS256 = frozenset({"RS256"})


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


def test_another_issuers_discovery_document_is_no_answer() -> None:
    with serve_issuer() as issuer:
        liar = source(Issuer(issuer.url + "/"))
        with pytest.raises(KeysUnavailable, match="names another issuer"):
            liar.fetch()
