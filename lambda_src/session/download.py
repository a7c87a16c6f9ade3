"""URL -> status and body, or Unavailable: how the issuer is asked, within one deadline."""

from collections.abc import Mapping
from typing import Final

from jwt_verifier.https import Answer, NoAnswer, Request, ask
from session.errors import Unavailable

TIMEOUT_SECONDS: Final = 4.0
"""A page that tries again after `Retry-After` is still within Cognito's ten seconds of grace for a
refresh token that was rotated out by an answer which never came."""


class Web:
    """Asks the issuer.

    Args:
        timeout_seconds: For one whole request.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds

    def ask(
        self,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """GET a URL, or POST a form to it, with further headers if there are any.

        A form is sent once: a code or a refresh token may have been used when no answer comes.

        Raises:
            Unavailable: No answer in time, more than 150,000 bytes, or an encoded body.
        """
        try:
            return ask(
                Request(url, form, headers=headers or {}, read_errors=True), self._timeout_seconds
            )
        except NoAnswer as none:
            raise Unavailable(str(none), f"issuer_{none.reason}") from None
