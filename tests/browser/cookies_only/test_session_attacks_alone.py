"""`test_session_attacks.py` once more, where there is no other mode."""

from tests.browser.test_session_attacks import *  # noqa: F403  # every test of it
