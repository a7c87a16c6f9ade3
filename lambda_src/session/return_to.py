"""The query of `/session/login` -> where a sign-in leads to: a path of this origin. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from session.errors import SignInFailed

PARAMETER: Final = "return_to"
APP_PATH: Final = "/app"
_OWN: Final = "/session/"
_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,511}", re.ASCII)
"""No second slash and no backslash, which would begin another host; no space, no control."""


def return_to_of(parameters: Mapping[str, str]) -> str:
    """Return the path, with query and fragment if it has them; the page's own if none is asked for.

    Raises:
        SignInFailed: It is none of this origin, or would sign in again.
    """
    path = parameters.get(PARAMETER, APP_PATH)
    if not _PATH.fullmatch(path) or path.startswith(_OWN):
        raise SignInFailed(
            "This link would lead to another place than this site after the sign-in. Nobody was "
            "sent to the issuer.",
            "return_to_foreign",
        )
    return path
