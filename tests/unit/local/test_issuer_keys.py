"""What of the issuers' keys cannot be seen through a socket; the rest is in tests/e2e/gateway."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.gateway.authorizers.issuer_keys import IssuerKeys, KeysUnreachable
from local.loopback.fetch import fetch
from tests.issuer import serve_issuer


def test_an_issuer_that_names_itself_otherwise_is_not_trusted() -> None:
    with serve_issuer() as issuer:
        keys = IssuerKeys({"https://deployed.example": issuer.url}, lambda: 0.0)
        with pytest.raises(KeysUnreachable):
            keys.check_discovery("https://deployed.example")


def test_requests_at_once_ask_an_issuer_once() -> None:
    fetched: Counter[str] = Counter()

    def counted(url: str) -> bytes:
        fetched[url.rpartition("/")[2]] += 1
        return fetch(url)

    with serve_issuer() as issuer, ThreadPoolExecutor(16) as many:
        keys = IssuerKeys({}, lambda: 0.0, counted)
        kid = issuer.signing_key.kid
        found = list(many.map(lambda _: keys.key(issuer.url, kid), range(64)))
    assert all(found)
    assert fetched == {"openid-configuration": 1, "jwks.json": 1}
