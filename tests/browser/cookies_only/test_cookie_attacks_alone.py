"""What `test_cookie_attacks.py` tries at our own page once more, where there is no other mode.

Its other tests are answered by the gateway, the session function and the authorizer alone:
`test_what_differs.py` holds that these are the same.
"""

from tests.browser.test_cookie_attacks import (  # noqa: F401  # fixtures and tests
    attacker,
    signed_in,
    test_a_forged_access_cookie_gets_nobody_in_and_ends_the_session_in_words,
    test_a_script_in_our_own_page_gets_no_token_and_asks_no_other_origin,
    test_no_page_can_be_put_into_a_frame_of_another,
    unharmed,
    victim,
)
