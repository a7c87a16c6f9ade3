"""Gateway event -> the issuer's answer to a sign-in, for this browser and no other.

Nothing of an answer is shown or used before its state is known to be ours: anybody may link here.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from session.errors import SignInFailed

MAX_PARAMETERS: Final = 20
LONGEST_WORDS: Final = 200
_CODE: Final = re.compile(r"[\x20-\x7E]{1,4096}")
"""RFC 6749 appendix A.11."""

_IN_WORDS: Final = {
    "access_denied": "The sign-in was refused or given up.",
    "login_required": "You are not signed in at the issuer.",
    "temporarily_unavailable": "The issuer cannot sign anybody in at the moment.",
}


def parse(event: Mapping[str, Any]) -> dict[str, str]:
    """Parse the parameters of a request.

    Raises:
        SignInFailed: They cannot be read, or one stands there twice (RFC 6749 section 3.1).
    """
    try:
        pairs = parse_qsl(
            str(event.get("rawQueryString") or ""),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise SignInFailed("This address cannot be read.", "answer_malformed") from None
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise SignInFailed("This address is ambiguous.", "answer_malformed")
    return parameters


def code_of(parameters: Mapping[str, str], state: str, issuer: str, *, names_itself: bool) -> str:
    """Return the code that the issuer has given this browser.

    Args:
        parameters: Of the answer.
        state: What this browser was sent to the issuer with.
        issuer: Who it was sent to.
        names_itself: Whether that issuer promises to name itself in each answer.

    Raises:
        SignInFailed: Another state or issuer, an error, or no code.
    """
    given = parameters.get("state", "").encode(errors="surrogatepass")
    if not hmac.compare_digest(given, state.encode()):
        raise SignInFailed(
            "This answer belongs to another sign-in: it was begun elsewhere, or later than this.",
            "state_foreign",
        )
    if parameters.get("iss", None if names_itself else issuer) != issuer:  # RFC 9207 section 2.4
        raise SignInFailed("The answer comes from another issuer.", "issuer_foreign")
    if "error" in parameters:
        raise SignInFailed(_in_words(parameters), "issuer_error")
    code = parameters.get("code", "")
    if not _CODE.fullmatch(code):
        raise SignInFailed("The issuer has answered without a code.", "code_missing")
    return code


def _in_words(parameters: Mapping[str, str]) -> str:
    error = parameters["error"]
    words = _IN_WORDS.get(error, "The issuer reports an error.")
    description = parameters.get("error_description", "")
    said = " - ".join(_cut(text) for text in (error, description) if text)
    return f"{words} It says: {said}"


def _cut(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= LONGEST_WORDS else f"{printable[:LONGEST_WORDS]}…"
