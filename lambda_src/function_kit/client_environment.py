"""What a function's environment says of an OAuth client: issuer, page and scopes. Pure."""

import re
from typing import Final

from function_kit.environment import Environment, matching, required, wrong
from function_kit.origins import is_origin
from jwt_verifier.urls import is_safe_url

_SCOPES: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*")
"""RFC 6749 section 3.3."""


def required_url(environment: Environment, name: str) -> str:
    """Return a variable's URL.

    Raises:
        SettingsInvalid: it is missing, not https (nor http to a loopback host), or has a query or a
            fragment.
    """
    url = required(environment, name)
    if not is_safe_url(url) or "?" in url:
        raise wrong(
            name,
            url,
            "give an https URL without query and fragment (http to a loopback host only)",
        )
    return url


def required_origin(environment: Environment, name: str) -> str:
    """Return a variable's origin, spelt as browsers spell it.

    Raises:
        SettingsInvalid: it is missing, or not such an origin.
    """
    url = required_url(environment, name)
    if not is_origin(url):
        raise wrong(
            name,
            url,
            "give an origin as browsers write it: scheme and host in lower case, a port only if it "
            "is not the scheme's own, no path and no closing slash",
        )
    return url


def openid_scopes(environment: Environment, name: str) -> str:
    """Return a variable's scopes, with one space between them and `openid` among them.

    Raises:
        SettingsInvalid: they are missing, malformed, or without `openid`, so that there would be no
            ID token.
    """
    scopes = matching(environment, name, _SCOPES, "give scopes with one space between them")
    if "openid" not in scopes.split(" "):
        raise wrong(name, scopes, "give openid among them; without it there is no ID token")
    return scopes
