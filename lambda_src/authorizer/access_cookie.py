"""An event's cookies -> the access token that they hold, or why a request with them is refused."""

from collections.abc import Mapping

from authorizer.errors import CredentialsAmbiguous
from function_kit import split_cookie
from function_kit.split_cookie import ACCESS, CookieOversized, CookieRepeated, CookiesInvalid
from jwt_verifier.errors import TokenMalformed, TokenOversized
from jwt_verifier.tokens import UnverifiedToken


def find(cookies: object) -> Mapping[str, str]:
    """Return the parts of the access token, by the names of their cookies.

    Args:
        cookies: the member `cookies` of an event of payload format 2.0, or anything else.

    Raises:
        TokenMalformed: it is neither absent nor a list of strings.
        CredentialsAmbiguous: one name appears twice.
    """
    try:
        return split_cookie.find(cookies, ACCESS)
    except CookieRepeated as repeated:
        raise CredentialsAmbiguous(str(repeated)) from None
    except CookiesInvalid as invalid:
        raise TokenMalformed(str(invalid)) from None


def join(found: Mapping[str, str]) -> UnverifiedToken:
    """Return the token of what `find` has found; no more is known of it than its form.

    Raises:
        TokenOversized: it is longer than 10,240 bytes.
        TokenMalformed: these are not the parts of one.
    """
    try:
        return UnverifiedToken(split_cookie.join(found, ACCESS))
    except CookieOversized as oversized:
        raise TokenOversized(str(oversized)) from None
    except CookiesInvalid as invalid:
        raise TokenMalformed(str(invalid)) from None
