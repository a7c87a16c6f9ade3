"""A user pool whose both issuer forms are accepted, before or after it switches from one to the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.attacks.forge import ABSENT, Mint
from tests.attacks.keyring import keyring
from tests.attacks.target import Target, Verdict, build_target
from tests.integration.faults import ALL, WITHOUT_A_USABLE_KEY, healthy
from tests.integration.faulty_issuer import Conversation, Fault, FaultyIssuer, serve_faults
from tests.integration.jwks_bench import HOUR_SECONDS, TIMEOUT_SECONDS, Clocks

ORIGINAL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"
UPDATED = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"
OTHER_POOL = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_ZyXwVu987"
CLIENT = "4u1example2client3id"


def answers(status: str) -> Fault:
    """An answer without keys."""
    return lambda talk: talk.answer(status, b'{"message":"Forbidden"}')


@dataclass
class Pool:
    """A pool with a key set for each form of its issuer, and an authorizer that trusts both."""

    server: FaultyIssuer
    target: Target
    faults: dict[str, Fault]
    clocks: Clocks = field(default_factory=Clocks)

    def judge(self, issuer: str, *, kid: str | None = None, forged: bool = False) -> Verdict:
        """Judge a token that names the issuer."""
        mint = Mint(int(self.clocks.wall), keyring())
        header = mint.header() if kid is None else mint.header(kid=kid)
        claims = mint.claims(iss=issuer, aud=ABSENT, client_id=CLIENT)
        sign = (lambda _input: b"forged") if forged else None
        return self.target.judge_token(mint.token(header, claims, sign=sign))

    def fetches(self, path: str) -> int:
        """How often the key set there was asked for."""
        return self.server.requests.count(path)


AMPLE_SECONDS = "4"
"""For what answers, however busy the machine is."""


@contextmanager
def pool(
    original: Fault,
    updated: Fault,
    *issuers: str,
    client_ids: tuple[str, ...] = (CLIENT,),
    timeout_seconds: str = AMPLE_SECONDS,
) -> Iterator[Pool]:
    """Serve both key sets; trust these issuers, by default both forms of one pool."""
    faults = {"/original": original, "/updated": updated}

    def fault(talk: Conversation) -> None:
        faults[talk.path](talk)

    clocks = Clocks()
    with serve_faults(keyring().jwks(), fault) as server:
        items = [
            {
                "name": "cognito",
                "issuer": issuer,
                "client_ids": client_ids,
                "jwks_uri": server.url + ("/updated" if "//issuer-" in issuer else "/original"),
            }
            for issuer in issuers or (ORIGINAL, UPDATED)
        ]
        target = build_target(
            *items,
            wall_clock=lambda: clocks.wall,
            monotonic_clock=lambda: clocks.monotonic,
            JWKS_FETCH_TIMEOUT_SECONDS=timeout_seconds,
        )
        yield Pool(server, target, faults, clocks)


NOTHING_THERE = {
    status: answers(status)
    for status in ("400 Bad Request", "403 Forbidden", "404 Not Found", "410 Gone")
}
OUTAGES = {name: fault for name, fault in ALL.items() if name != "404"} | {
    status: answers(status)
    for status in (
        "408 Request Timeout",
        "425 Too Early",
        "429 Too Many Requests",
        "502 Bad Gateway",
    )
}


@pytest.mark.parametrize("forged", [False, True])
@pytest.mark.parametrize("kid", [None, "unheard-of"])
@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("status", NOTHING_THERE)
def test_a_strangers_token_that_names_the_dormant_form_is_401(
    status: str, warm: bool, kid: str | None, forged: bool
) -> None:
    """N2: the pool signs nothing by that form, so no such token can be good."""
    with pool(healthy, NOTHING_THERE[status]) as one:
        if warm:
            one.target.authorizer.warm_up()
        verdict = one.judge(UPDATED, kid=kid, forged=forged)
        assert (verdict.status, verdict.reason) == (401, "key_unknown")
        assert one.judge(ORIGINAL).status == 200


def test_the_original_form_may_be_the_dormant_one_too() -> None:
    """N2: after the switch, or in a pool that was made with the updated form."""
    with pool(answers("403 Forbidden"), healthy) as one:
        assert one.judge(ORIGINAL).status == 401
        assert one.judge(UPDATED).status == 200


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_of_that_form_stays_a_500(name: str) -> None:
    """N2: the pool may have switched, and then the token may well be good."""
    with pool(healthy, OUTAGES[name], timeout_seconds=TIMEOUT_SECONDS) as one:
        verdict = one.judge(UPDATED)
        assert (verdict.status, verdict.reason) == (500, "keys_unavailable")


@pytest.mark.parametrize(
    "original",
    [answers("403 Forbidden"), answers("503 Service Unavailable"), *WITHOUT_A_USABLE_KEY.values()],
)
def test_while_the_other_form_has_no_keys_either_it_stays_a_500(original: Fault) -> None:
    """N2: then nothing shows that the pool is there at all, or that we are let out to it."""
    with pool(original, answers("403 Forbidden")) as one:
        assert one.judge(UPDATED).status == 500


@pytest.mark.parametrize("issuers", [(UPDATED,), (ORIGINAL, OTHER_POOL)])
def test_without_the_other_form_of_the_same_pool_it_stays_a_500(issuers: tuple[str, ...]) -> None:
    """N2: a wrong pool id is our fault and not the caller's."""
    with pool(healthy, answers("403 Forbidden"), *issuers) as one:
        assert one.judge(issuers[-1]).status == 500


def test_the_first_tokens_after_the_switch_pass() -> None:
    """N2: once the form is served, it is asked for again within the back-off of 30 s at most."""
    with pool(healthy, answers("403 Forbidden")) as one:
        for _ in range(10):
            assert one.judge(UPDATED).status == 401
            one.clocks.advance(60)
        one.faults["/updated"] = healthy
        assert one.judge(UPDATED).status == 200
        assert one.judge(UPDATED, forged=True).reason == "signature_invalid"


def test_a_form_that_once_had_keys_is_never_taken_for_dormant() -> None:
    """N1, N2: its keys serve on, and of a kid that is new nothing can be said."""
    with pool(healthy, healthy) as one:
        assert one.judge(UPDATED).status == 200
        one.faults["/updated"] = answers("403 Forbidden")
        one.clocks.advance(HOUR_SECONDS)
        assert one.judge(UPDATED).status == 200
        one.clocks.advance(HOUR_SECONDS)
        assert one.judge(UPDATED, kid="unheard-of").status == 500
        one.clocks.advance(24 * HOUR_SECONDS)
        assert one.judge(UPDATED).status == 500


def test_strangers_cannot_make_us_ask_for_the_dormant_form_again_and_again() -> None:
    """K7: it is asked for as seldom as any issuer that fails, and the other form not at all."""
    with pool(healthy, answers("403 Forbidden")) as one:
        one.target.authorizer.warm_up()
        for second in range(60):
            assert one.judge(UPDATED, kid=f"kid-{second}").status == 401
            one.clocks.advance(1)
        # At once, then after 1, 2, 4, 8, 16 and 30 s, as after any failure.
        assert one.fetches("/updated") == 1 + 6
        assert one.fetches("/original") == 1
