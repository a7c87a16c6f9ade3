import json

import pytest

from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.https_keys import HttpsKeySource
from tests.integration.faulty_issuer import Conversation, serve_faults
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
    with pytest.raises(KeysUnavailable, match="^no answer: ConnectionRefusedError: ") as none:
        gone.fetch()
    assert str(none.value).endswith(f"{gone.issuer}/.well-known/openid-configuration")


def test_an_https_address_that_speaks_no_tls_is_no_answer() -> None:
    with serve_issuer() as issuer:
        address = issuer.url.replace("http:", "https:")
        with pytest.raises(KeysUnavailable, match="^no answer: SSLError: https://"):
            source(issuer, f"{address}/.well-known/jwks.json").fetch()


def test_another_issuers_discovery_document_is_no_answer() -> None:
    with serve_issuer() as issuer:
        liar = source(Issuer(issuer.url + "/"))
        with pytest.raises(KeysUnavailable, match="names another issuer"):
            liar.fetch()


@pytest.mark.parametrize("query", ["", "?subscription-key=s3cret"])
def test_an_address_that_has_nothing_is_told_without_its_query(query: str) -> None:
    with serve_issuer() as issuer:
        missing = source(issuer, f"{issuer.url}/nothing{query}")
        with pytest.raises(KeysUnavailable, match=f"^answered 404: {issuer.url}/nothing$"):
            missing.fetch()


def test_a_byte_order_mark_before_either_document_is_no_outage() -> None:
    issuer = Issuer("")
    documents = {
        "/.well-known/openid-configuration": issuer.metadata,
        "/.well-known/jwks.json": issuer.jwks,
    }

    def marked(talk: Conversation) -> None:
        talk.answer("200 OK", b"\xef\xbb\xbf" + json.dumps(documents[talk.path]()).encode())

    with serve_faults({}, marked) as server:
        issuer.url = server.url
        assert set(source(issuer).fetch().by_kid) == {issuer.signing_key.kid}


@pytest.mark.parametrize("plain_http", [True, False])
def test_discovery_may_name_an_http_address_only_where_that_is_said_in_words(
    plain_http: bool,
) -> None:
    issuer = Issuer("")

    def named(talk: Conversation) -> None:
        elsewhere = {"issuer": issuer.url, "jwks_uri": "http://keys.invalid/jwks"}
        talk.answer("200 OK", json.dumps(elsewhere).encode())

    with serve_faults({}, named) as server:
        issuer.url = server.url
        keys = HttpsKeySource(issuer.url, None, RS256, timeout_seconds=5, plain_http=plain_http)
        with pytest.raises(KeysUnavailable) as refusal:
            keys.fetch()
    asked_there = "no answer: gaierror: http://keys.invalid/jwks"
    refused = "the discovery document's jwks_uri is not an https URL"
    assert str(refusal.value) == (asked_there if plain_http else refused)
