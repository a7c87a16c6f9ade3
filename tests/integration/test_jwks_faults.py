"""Rows N1 to N4, N12: a JWKS endpoint that fails, with warm keys and with cold ones."""

import tracemalloc

import pytest

from tests.attacks.target import PLAIN_ISSUER
from tests.integration.faults import ALL, DROPPED, FAST, MAX_BODY_BYTES, SLOW, healthy
from tests.integration.faulty_issuer import Conversation
from tests.integration.jwks_bench import HOUR_SECONDS, TIMEOUT_SECONDS, jwks_bench

MEGABYTE = 1_000_000


@pytest.mark.parametrize("name", ALL)
def test_warm_keys_outlive_any_outage_of_a_day_and_not_longer(name: str) -> None:
    """N1, N9: every good token passes for 23 h, none after 24 h, all again when it is over."""
    with jwks_bench(JWKS_FETCH_TIMEOUT_SECONDS=TIMEOUT_SECONDS) as bench:
        assert bench.good().status == 200
        bench.issuer.fault = ALL[name]
        for hour in (1, 2, 4, 12, 23):
            bench.clocks.advance(hour * HOUR_SECONDS - bench.age_seconds)
            assert bench.good().status == 200
        bench.clocks.advance(24 * HOUR_SECONDS - bench.age_seconds)
        assert bench.good().status == 500
        bench.issuer.fault = healthy
        bench.clocks.advance(60)
        assert bench.good().status == 200


@pytest.mark.parametrize("name", ALL)
def test_a_cold_authorizer_blames_the_issuer_and_recovers(name: str) -> None:
    """N2: 500 and never 401, for the token may well be good; nothing forged passes either."""
    with jwks_bench(ALL[name], JWKS_FETCH_TIMEOUT_SECONDS=TIMEOUT_SECONDS) as bench:
        assert bench.good().status == 500
        forged = bench.mint.token(sign=lambda _input: b"forged")
        assert bench.target.judge_token(forged).status == 500
        assert bench.fetches == (2 if name in DROPPED else 1)
        bench.issuer.fault = healthy
        bench.clocks.advance(60)
        assert bench.good().status == 200


@pytest.mark.parametrize("name", SLOW)
def test_one_deadline_holds_for_the_whole_fetch(name: str) -> None:
    """N3: the answer is there while the server has not finished its own."""
    with jwks_bench(SLOW[name], JWKS_FETCH_TIMEOUT_SECONDS=TIMEOUT_SECONDS) as bench:
        assert bench.good().status == 500
        assert bench.issuer.unfinished == 1
        assert not bench.issuer.closing.is_set()


@pytest.mark.parametrize("name", ["60 MB", "an endless body", "endless chunks", "a gzip bomb"])
def test_a_huge_answer_is_neither_read_nor_unpacked(name: str) -> None:
    """N3: reading stops at 150,000 bytes, so memory stays where it was."""
    with jwks_bench(ALL[name], JWKS_FETCH_TIMEOUT_SECONDS=TIMEOUT_SECONDS) as bench:
        tracemalloc.start()
        try:
            assert bench.good().status == 500
            peak_bytes = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak_bytes < 4 * MEGABYTE
        assert bench.issuer.bytes_sent < 16 * MEGABYTE  # what the sockets' buffers took


def test_an_answer_of_exactly_the_limit_is_read() -> None:
    """N3: 150,000 bytes is API Gateway's limit, and ours."""
    with jwks_bench(
        lambda talk: talk.answer("200 OK", talk.issuer.document().ljust(MAX_BODY_BYTES))
    ) as bench:
        assert bench.good().status == 200


@pytest.mark.parametrize("name", [name for name in FAST if "redirect" in name])
def test_no_redirect_is_followed(name: str) -> None:
    """N4: the place that it names is not asked, though it would serve good keys."""

    def fault(talk: Conversation) -> None:
        (healthy if talk.path == "/trap" else FAST[name])(talk)

    with jwks_bench(fault) as bench:
        assert bench.good().status == 500
        assert bench.issuer.requests == ["/jwks"]


@pytest.mark.parametrize(
    "headers",
    [
        ("content-type: text/html",),
        ("content-type: application/jwk-set+json",),
        (),
        ("set-cookie: a=b", "set-cookie: c=d"),
        ("x-extra: 1",) * 50,
        ("content-encoding: identity",),
        ("etag: x", "cache-control: max-age=31536000, immutable", "expires: 0"),
        ("link: </trap>; rel=jwks_uri", "refresh: 0; url=/trap", "alt-svc: h3=trap.invalid"),
    ],
    ids=str,
)
def test_headers_of_the_answer_decide_nothing_and_leave_no_trace(headers: tuple[str, ...]) -> None:
    """N12: no content type is wrong, no cookie comes back, no caching header counts."""
    with jwks_bench(lambda talk: talk.answer("200 OK", talk.issuer.document(), *headers)) as bench:
        for _ in range(2):
            assert bench.good().status == 200
            bench.clocks.advance(HOUR_SECONDS)
        first, second = bench.issuer.headers
        assert first == second
        assert "cookie" not in first.lower()


def test_another_issuers_outage_harms_nobody_else() -> None:
    """N2: each issuer has a cache, a cool-down and an answer of its own."""
    down = {
        **PLAIN_ISSUER,
        "name": "down",
        "issuer": "https://down.example",
        "jwks_uri": "http://127.0.0.1:9/jwks",
    }
    with jwks_bench(issuers=(down,)) as bench:
        bench.target.authorizer.warm_up()
        claims = bench.mint.claims(iss="https://down.example")
        for _ in range(3):
            assert bench.target.judge_token(bench.mint.token(claims=claims)).status == 500
            assert bench.good().status == 200
        assert bench.fetches == 1
