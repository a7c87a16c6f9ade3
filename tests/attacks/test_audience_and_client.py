"""Rows I2 and I3: a token for somebody else, and `aud` for `client_id` or the other way round."""

from typing import Any

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import identities
from tests.attacks.forge import ABSENT, AUDIENCE, Mint
from tests.attacks.target import Target

POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"
CLIENT = "4u1example2client3id"


@pytest.mark.parametrize("case", cases(identities.hostile, "I2", "I3"), ids=lambda case: case.label)
def test_a_token_for_another_audience_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.fixture(scope="module")
def pool(bench: Bench) -> Target:
    return bench.target(issuer=POOL, audiences=[], client_ids=[CLIENT], token_use=None)


def _access(mint: Mint, **changes: object) -> str:
    return mint.token(
        claims=mint.claims(**{"iss": POOL, "aud": ABSENT, "client_id": CLIENT, **changes})
    )


def _id(mint: Mint, **changes: object) -> str:
    claims = {"iss": POOL, "aud": CLIENT, "client_id": ABSENT, "token_use": "id", "scope": ABSENT}
    return mint.token(claims=mint.claims(**{**claims, **changes}))


def test_a_user_pools_own_tokens_pass(pool: Target, mint: Mint) -> None:
    """I3: the tokens that the attacks below start from."""
    assert pool.judge_token(_access(mint)).status == 200
    assert pool.judge_token(_id(mint)).status == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_id": "another"}, "client_mismatch"),
        ({"client_id": ABSENT}, "client_mismatch"),
        ({"client_id": ABSENT, "aud": CLIENT}, "client_mismatch"),
        ({"client_id": "another", "aud": CLIENT}, "client_mismatch"),
        ({"client_id": "another", "azp": CLIENT}, "client_mismatch"),
        ({"client_id": CLIENT.upper()}, "client_mismatch"),
        ({"client_id": f"{CLIENT} "}, "client_mismatch"),
        ({"client_id": CLIENT[:-1]}, "client_mismatch"),
        ({"client_id": [CLIENT]}, "claim_rejected"),
        ({"client_id": None}, "claim_rejected"),
        ({"aud": "https://another.example"}, "audience_mismatch"),
    ],
    ids=str,
)
def test_an_access_token_is_matched_by_client_id_and_by_nothing_in_its_place(
    changes: dict[str, Any], reason: str, pool: Target, mint: Mint
) -> None:
    """I3: and an `aud` that it carries must be ours too."""
    verdict = pool.judge_token(_access(mint, **changes))
    assert (verdict.status, verdict.reason) == (401, reason)


RESOURCE = "https://orders.example"


@pytest.mark.parametrize("issuer", [POOL, POOL.replace("//cog", "//issuer-cog")])
@pytest.mark.parametrize(
    ("aud", "status"),
    [(ABSENT, 401), ("another", 401), (CLIENT, 401), (RESOURCE, 200), (["x", RESOURCE], 200)],
    ids=str,
)
def test_a_pool_with_audiences_takes_no_access_token_that_is_not_bound_to_one(
    aud: object, status: int, issuer: str, bench: Bench, mint: Mint
) -> None:
    """I3: not asking Cognito for the resource must not be the way round it."""
    target = bench.target(
        issuer=issuer, audiences=[RESOURCE], client_ids=[CLIENT], token_use="access"
    )
    assert target.judge_token(_access(mint, iss=issuer, aud=aud)).status == status


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "another"}, "audience_mismatch"),
        ({"aud": ABSENT}, "audience_mismatch"),
        ({"aud": ABSENT, "client_id": CLIENT}, "audience_mismatch"),
        ({"aud": "another", "client_id": CLIENT}, "audience_mismatch"),
        ({"aud": "another", "azp": CLIENT}, "audience_mismatch"),
        ({"aud": [CLIENT, "another"]}, "audience_mismatch"),
        ({"aud": ["another", CLIENT]}, "audience_mismatch"),
        ({"aud": [CLIENT, CLIENT, ""]}, "audience_mismatch"),
        ({"aud": [CLIENT, "another"], "azp": CLIENT}, "audience_mismatch"),
        ({"aud": [[CLIENT]]}, "claim_rejected"),
    ],
    ids=str,
)
def test_an_id_token_is_matched_by_aud_and_by_nothing_in_its_place(
    changes: dict[str, Any], reason: str, pool: Target, mint: Mint
) -> None:
    """I3: a `client_id` in it counts for nothing."""
    verdict = pool.judge_token(_id(mint, **changes))
    assert (verdict.status, verdict.reason) == (401, reason)


OTHER_AUDIENCES: list[tuple[object, int]] = [
    (AUDIENCE, 200),
    ([AUDIENCE], 200),
    ([AUDIENCE, AUDIENCE], 200),
    ([AUDIENCE, "another"], 401),
    (["another", AUDIENCE], 401),
    ([AUDIENCE, f"{AUDIENCE}/"], 401),
    (["another"], 401),
]


@pytest.mark.parametrize(("aud", "status"), OTHER_AUDIENCES, ids=str)
@pytest.mark.parametrize("told_by", ["the claim token_use", "the issuer's configuration"])
def test_an_id_token_for_further_audiences_is_refused_whatever_tells_that_it_is_one(
    told_by: str, aud: object, status: int, bench: Bench, mint: Mint
) -> None:
    """I2: OpenID Connect Core section 3.1.3.7 step 3."""
    by_claim = told_by == "the claim token_use"
    target = bench.target(token_use=None if by_claim else "id")
    claims = mint.claims(aud=aud, token_use="id" if by_claim else ABSENT)
    verdict = target.judge_token(mint.token(claims=claims))
    assert (verdict.status, verdict.reason) == (
        status,
        "allowed" if status == 200 else "audience_mismatch",
    )


@pytest.mark.parametrize("use", ["access", ABSENT], ids=str)
def test_an_access_token_for_several_audiences_stays_good(
    use: object, bench: Bench, mint: Mint
) -> None:
    """I2: RFC 7519 section 4.1.3 asks for one audience of ours."""
    claims = mint.claims(aud=["another", AUDIENCE], token_use=use)
    assert bench.target(token_use=None).judge_token(mint.token(claims=claims)).status == 200


def test_an_issuer_of_id_tokens_gives_no_access_token(bench: Bench, mint: Mint) -> None:
    """I4: neither by its claim nor by its type."""
    target = bench.target(token_use="id")
    untold = mint.token(claims=mint.claims(token_use=ABSENT))
    assert target.judge_token(untold).context["token_use"] == "id"
    by_claim = mint.token()
    by_type = mint.token(mint.header(typ="at+jwt"), mint.claims(token_use=ABSENT))
    for token in (by_claim, by_type):
        assert target.judge_token(token).reason == "token_use_mismatch"


def test_an_audience_is_not_a_client_id_in_the_configuration_either(
    bench: Bench, mint: Mint
) -> None:
    """I3: what `audiences` lists never matches `client_id`."""
    target = bench.target(issuer=POOL, audiences=[CLIENT], client_ids=["another"])
    assert target.judge_token(_access(mint)).reason == "client_mismatch"
    plain = bench.target(audiences=[], client_ids=[AUDIENCE])
    token = mint.token(claims=mint.claims(client_id="another"))
    assert plain.judge_token(token).reason == "client_mismatch"


def test_a_configuration_that_checks_neither_must_say_so_in_words(bench: Bench, mint: Mint) -> None:
    """I2, I3: forgetting the audience is an error and not an open door."""
    with pytest.raises(SettingsInvalid, match="accept_any_audience"):
        bench.target(audiences=[])
    said = bench.target(audiences=[], accept_any_audience=True)
    assert said.judge_token(mint.token(claims=mint.claims(aud="anyone"))).status == 200
