"""100,000 random calls of random rules: the policy allows exactly what a simple oracle allows.

And a decision that the gateway may keep is the same at another time and on another path.
"""

import json
from collections import Counter

import pytest

from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from aws_jwt_authorizer.access.cache_key import CacheKey, cache_key
from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import Route
from tests.property.random_rules import NOW, Dice, allows, random_call, random_rule

ROUTE = RouteKey("GET /{i}/{j}")
OTHER_PATH = {"i": "other", "j": "x"}
RULES, CALLS_OF_EACH = 2_500, 10


@pytest.mark.parametrize("seed", range(4))
def test_a_rule_allows_what_a_simple_oracle_allows_and_nothing_else(seed: int) -> None:
    random = Dice(seed)
    seen: Counter[bool] = Counter()
    for _ in range(RULES):
        asked = random_rule(random)
        rule = {"in_words": "w", "any_of": rule_document(asked), "cookie": False}
        document = json.dumps({"version": 2, "routes": {ROUTE: rule}}).encode()
        policy = RoutePolicy.from_json(document)
        key = cache_key(Route(ROUTE, "orders", "lambda", asked))
        for _ in range(CALLS_OF_EACH):
            case = random_call(random, asked)
            decision = policy.decide(case.token, ROUTE, case.path, NOW)
            expected = allows(case)
            assert decision.allowed is expected, (case, decision)
            seen[expected] += 1
            if key is CacheKey.ROUTE:
                kept = policy.decide(case.token, ROUTE, OTHER_PATH, NOW + 1_000)
                assert kept == decision, case
    # Both answers are common: neither a rule that always denies nor one that never does would pass.
    assert min(seen[True], seen[False]) > RULES * CALLS_OF_EACH // 5
