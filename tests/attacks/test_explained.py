"""What is explained of a token is what the authorizer answers: over every token of the corpus."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from authorizer.explain.walk import Explained, Explainer
from authorizer.settings import Settings
from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus.everything import HOSTILE, LEGAL
from tests.attacks.gateway_event import ROUTE_KEY, bearer, gateway_event, page_event
from tests.attacks.target import PLAIN_ISSUER, build_target
from tests.policies import policy_document

RULE = {"scopes_all": ["orders/read"], "claims": {"tenant": "acme"}, "cookie": True}
POLICY = policy_document({ROUTE_KEY: RULE})
PAGE = "https://app.example"


class Both:
    """The authorizer and what explains it, each built alone from the same settings and policy."""

    def __init__(self, bench: Bench, jwks: str | None = None) -> None:
        issuer = {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri(jwks)}
        origins = json.dumps([PAGE])
        self.target = build_target(
            issuer, policy=POLICY, wall_clock=lambda: bench.mint.now, COOKIE_ORIGINS=origins
        )
        variables = {
            "ISSUERS": json.dumps([issuer]),
            "POLICY_FILE": "unread",
            "COOKIE_ORIGINS": origins,
        }
        settings = Settings.from_env(variables)
        self.explainer = Explainer(settings, POLICY.decode(), lambda: bench.mint.now)

    def agree(self, event: Mapping[str, Any]) -> Explained:
        """Hold what is explained to the answer: the reason, and the check that it is first of."""
        explained = self.explainer.explain(event)
        verdict = self.target.judge(event)
        detail = explained.line.get("detail") if explained.outcome == "denied" else None
        assert verdict.reason == (f"{explained.reason}:{detail}" if detail else explained.reason)
        refusals = [row.reason for row in explained.checks if row.reason]
        assert refusals[:1] == ([explained.reason] if verdict.status in (401, 500) else [])
        if verdict.status in (200, 403):
            holds = [all(not row.reason for row in rows) for _, rows in explained.rules]
            assert any(holds) is (verdict.status == 200)
        return explained


@pytest.fixture(scope="module")
def both(bench: Bench) -> Both:
    return Both(bench)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_token_is_explained_by_the_reason_that_it_is_refused_for(
    kind: str, bench: Bench, both: Both
) -> None:
    for case in cases(HOSTILE[kind]):
        explained = agree(case, bench, both)
        assert explained.reason == case.reason, case.label


def test_a_legal_token_passes_every_check_and_the_rule_is_told_condition_by_condition(
    bench: Bench, both: Both
) -> None:
    seen = set()
    for case in cases(LEGAL):
        explained = agree(case, bench, both)
        assert {row.reason for row in explained.checks} == {""}, case.label
        seen.add(explained.reason)
    assert "missing_scope" in seen


def agree(case: Case, bench: Bench, both: Both) -> Explained:
    return (both if case.jwks is None else Both(bench, case.jwks)).agree(bearer(case.token))


def test_requests_are_explained_as_they_are_answered(bench: Bench, both: Both) -> None:
    def token(**claims: object) -> str:
        return bench.mint.token(claims=bench.mint.claims(tenant="acme", **claims))

    good = token()
    cookie = f"__Host-Http-access={good}"
    requests: dict[str, Mapping[str, Any]] = {
        "allowed": bearer(good),
        "claim_mismatch": bearer(bench.mint.token()),
        "missing_scope": bearer(token(scope="profile")),
        "route_not_in_policy": gateway_event(
            f"Bearer {good}", routeKey="GET /x", requestContext={"routeKey": "GET /x"}
        ),
        "token_missing": gateway_event("", identitySource=[]),
        "token_malformed": gateway_event(good),
        "credentials_ambiguous": gateway_event(f"Bearer {good}", identitySource=["Bearer other"]),
        "token_oversized": bearer(f"{good}{'A' * 10_240}"),
        "origin_not_allowed": page_event(cookie, origin="https://evil.example"),
        "csrf_token_invalid": page_event(cookie, csrf="another's"),
    }
    for reason, event in requests.items():
        assert both.agree(event).reason == reason
    assert both.agree(page_event(cookie)).reason == "allowed"


def test_without_the_issuers_keys_it_says_so_and_blames_no_token(bench: Bench) -> None:
    unreachable = Both(bench, "no key set")
    explained = unreachable.agree(bearer(bench.mint.token()))
    assert (explained.outcome, explained.reason) == ("failed", "keys_unavailable")
    assert explained.checks[-1].found.endswith("the issuer's keys cannot be had")
