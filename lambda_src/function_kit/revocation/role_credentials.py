"""A function's environment -> the credentials of its role.

They stand in variables, but for a function that starts from a snapshot: it asks the address that
its environment names ("Lambda SnapStart", AWS Lambda developer guide), which is on its own machine.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from function_kit.revocation.aws_signature import Credentials
from function_kit.revocation.errors import ListUnreadable
from jwt_verifier.https import HTTP_OK, NoAnswer, Request, ask
from jwt_verifier.urls import is_safe_url

_VARIABLES: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_FIELDS: Final = ("AccessKeyId", "SecretAccessKey", "Token", "Expiration")
_ADDRESS: Final = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
_WORD: Final = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
EARLY_SECONDS: Final = 300.0
"""Credentials are asked for anew so long before they expire."""


class RoleCredentials:
    """Gives them, and asks for those that are not in variables when the old ones expire.

    Args:
        environment: the function's variables, as they are when it runs: a snapshot's are others.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._asked: Credentials | None = None
        self._asked_until = 0.0

    def get(self, now: float, timeout_seconds: float) -> Credentials:
        """Return the role's credentials.

        Args:
            now: seconds since the epoch.
            timeout_seconds: for asking, where they have to be asked for.

        Raises:
            ListUnreadable: there are none.
        """
        given = [self._environment.get(name, "") for name in _VARIABLES]
        if given[0] and given[1]:
            return Credentials(*given)
        if self._asked is None or now >= self._asked_until:
            self._asked, self._asked_until = self._ask(timeout_seconds)
        return self._asked

    def _ask(self, timeout_seconds: float) -> tuple[Credentials, float]:
        """Return them, and until when they are kept."""
        url = self._environment.get(_ADDRESS, "")
        if not is_safe_url(url):
            raise ListUnreadable("the environment names no credentials of the role")
        word = {"authorization": self._environment.get(_WORD, "")}
        try:
            answer = ask(Request(url, headers=word), timeout_seconds)
        except NoAnswer as error:
            raise ListUnreadable(f"the role's credentials: {error}") from None
        if answer.status != HTTP_OK:
            raise ListUnreadable(f"the role's credentials: answered {answer.status}")
        try:
            found = json.loads(answer.body)
            key_id, secret, token, until = (str(found[name]) for name in _FIELDS)
            expires_at = datetime.fromisoformat(until).timestamp()
        except (KeyError, TypeError, ValueError, RecursionError):
            raise ListUnreadable("the role's credentials are malformed") from None
        return Credentials(key_id, secret, token), expires_at - EARLY_SECONDS
