"""`test_cookie_attacks.py` once more, where there is no other mode."""

from tests.browser.test_cookie_attacks import *  # noqa: F403  # every test of it
