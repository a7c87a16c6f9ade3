"""A list of 10,000, all of them written just now: `make rehearse`."""

import time

from function_kit.revocation.entry import Revocation, new_item
from tests.e2e.revocation.conftest import BOUND_SECONDS, Revoking, wait_until

ENTRIES = 10_000


def test_among_ten_thousand_the_one_who_is_named_is_refused(revoking: Revoking) -> None:
    person, other = revoking.sign_in("buyer"), revoking.sign_in("user")
    assert [revoking.status(one) for one in (person, other)] == [200, 200]
    now = time.time()
    named = [f"token-{number:036}" for number in range(ENTRIES - 1)]
    named.insert(ENTRIES // 2, person.claims["jti"])
    revocations = (Revocation("jti", "cognito", jti) for jti in named)
    items = [new_item(each, now=now, lifetime_seconds=960) for each in revocations]
    with revoking.door.holding(items):
        wait_until(now + BOUND_SECONDS)
        assert [revoking.status(one) for one in (person, other)] == [401, 200]
