"""Why Cognito refuses: one exception, named as the API names it, told by every endpoint its way."""

WRONG_CREDENTIALS = "Incorrect username or password."
"""Told for a wrong password and an unknown person alike."""


class Refused(Exception):
    """A refusal.

    Args:
        code: The exception's name in Cognito's API, `NotAuthorizedException`.
        message: One sentence, never a secret.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def not_authorized(message: str) -> Refused:
    """Return the refusal for a caller without permission."""
    return Refused("NotAuthorizedException", message)


def invalid_parameter(message: str) -> Refused:
    """Return the refusal for a request that nobody may make like this."""
    return Refused("InvalidParameterException", message)
