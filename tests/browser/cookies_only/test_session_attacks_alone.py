"""What `test_session_attacks.py` asks of the page once more, where there is no other mode.

Its other tests are about what the session function answers and which cookies a browser takes:
`test_what_differs.py` holds that the function is the same.
"""

from tests.browser.test_session_attacks import (  # noqa: F401  # a fixture and tests
    test_a_refused_call_is_not_repeated_as_somebody_else,
    test_a_renewal_that_is_answered_after_the_sign_out_brings_nobody_back,
    test_a_sign_out_that_did_not_reach_the_issuer_is_told,
    test_a_sign_out_waits_for_a_renewal_that_is_under_way,
    test_another_tab_throws_away_what_came_after_the_sign_out,
    victim,
)
