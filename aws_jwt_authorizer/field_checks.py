"""A value from cdk.json -> whether it is allowed, and what is.

Each check is pure and total: it takes any JSON value and never raises. Its JSON schema is for
editors, and holds as much of the check as a schema can say.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_REDIRECT_URLS = 100
HOST_NAME = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
EMAIL_ADDRESS = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@{HOST_NAME}"
APP_SCHEME = r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+"
"""A scheme of RFC 3986 section 3.1 in lower case, with the full stop that RFC 8252 section 8.4 asks
for: it keeps out http, https, javascript and every other scheme that a browser knows."""

APP_URL = re.compile(rf"({APP_SCHEME}):/[!\x22$-~]*")
VISIBLE_ASCII = re.compile(r"[!-~]+")
_PORT = (
    "(?::(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}"
    "|[1-5][0-9]{4}|[1-9][0-9]{0,3})?)?"
)
_HTTPS = rf"https://(?:\[[0-9A-Fa-f:.]+\]|[!\x22$-.0-9;->A-Z\x5c^-~]+){_PORT}"
_LOOPBACK = rf"http://(?:localhost|127\.0\.0\.1|\[::1\]){_PORT}"


@dataclass(frozen=True, slots=True)
class Check:
    """A test for one value.

    Attributes:
        allowed: What passes it, as the end of "it must be".
        accepts: The test.
        schema: The same as JSON schema (draft 2020-12).
    """

    allowed: str
    accepts: Callable[[object], bool]
    schema: Mapping[str, object]


def boolean() -> Check:
    """Accept `true` or `false`, but no word or number that resembles them."""
    return Check("true or false", lambda value: isinstance(value, bool), {"type": "boolean"})


def one_of(*words: str) -> Check:
    """Accept exactly one of these words."""
    return Check(
        "one of " + ", ".join(words),
        lambda value: isinstance(value, str) and value in words,
        {"enum": list(words)},
    )


def integer(lowest: int, highest: int) -> Check:
    """Accept a whole number from `lowest` to `highest`, both included."""
    return Check(
        f"a whole number from {lowest} to {highest}",
        lambda value: _is_integer(value) and lowest <= value <= highest,  # type: ignore[operator]  # an int by then
        {"type": "integer", "minimum": lowest, "maximum": highest},
    )


def integer_of(*numbers: int) -> Check:
    """Accept exactly one of these numbers."""
    return Check(
        "one of " + ", ".join(str(number) for number in numbers),
        lambda value: _is_integer(value) and value in numbers,
        {"enum": list(numbers)},
    )


def redirect_urls(least: int) -> Check:
    """Accept a list of URLs that Cognito allows as OAuth redirects.

    An app's own scheme is based on a domain (RFC 8252 section 7.1), so no browser knows it.
    (CreateUserPoolClient, Amazon Cognito user pools API reference.)

    Args:
        least: How many there must be.
    """
    return Check(
        f"a list of {least} to {MOST_REDIRECT_URLS} https URLs (http only to this machine, or an "
        "app's own scheme such as com.example.app:/callback), none twice, no fragment",
        lambda value: (
            _is_list_of(value, _is_redirect_url)
            and isinstance(value, list)
            and least <= len(value) <= MOST_REDIRECT_URLS
        ),
        {
            **_list_schema(
                rf"(?:{_HTTPS}|{_LOOPBACK})(?:[/?][!\x22$-~]*)?|{APP_SCHEME}:/[!\x22$-~]*",
                least=least,
            ),
            "maxItems": MOST_REDIRECT_URLS,
        },
    )


def origins() -> Check:
    """Accept a list, possibly empty, of origins as a browser sends them (RFC 6454 section 6.2)."""
    return Check(
        "a list of origins such as https://app.example.com (http only to this machine, no path), "
        "none twice",
        lambda value: _is_list_of(value, _is_origin),
        _list_schema(rf"(?!.*[A-Z])(?:{_HTTPS}|{_LOOPBACK})", least=0),
    )


def text(pattern: str, allowed: str) -> Check:
    """Accept a string that the whole pattern matches; `allowed` describes it."""
    whole = re.compile(pattern)
    return Check(
        allowed,
        lambda value: isinstance(value, str) and whole.fullmatch(value) is not None,
        _text_schema(pattern),
    )


def texts(pattern: str, allowed: str) -> Check:
    """Accept a list of one or more distinct strings, each matched by the whole pattern."""
    whole = re.compile(pattern)
    return Check(
        allowed,
        lambda value: (
            _is_list_of(value, lambda item: whole.fullmatch(item) is not None) and value != []
        ),
        _list_schema(pattern),
    )


def texts_or_none(pattern: str, allowed: str) -> Check:
    """Accept a list, empty too, of strings, none twice, that the pattern matches as a whole."""
    whole = re.compile(pattern)
    return Check(
        allowed,
        lambda value: _is_list_of(value, lambda item: whole.fullmatch(item) is not None),
        _list_schema(pattern, least=0),
    )


def server_url(*, loopback: bool) -> Check:
    """Accept an https URL without a query or a fragment.

    Args:
        loopback: Whether http to this machine will do too: only where nothing is deployed.
    """
    url = f"(?:{_HTTPS}|{_LOOPBACK})" if loopback else _HTTPS
    return Check(
        "an https URL" + " or an http URL of this machine" * loopback + ", no query, no fragment",
        lambda value: isinstance(value, str) and _is_server_url(value, loopback=loopback),
        _text_schema(rf"{url}(?:/[!\x22$->@-~]*)?"),
    )


def server_urls() -> Check:
    """Accept a list of one or more https URLs, none twice, each without a query or a fragment."""
    return Check(
        "a list of one or more https URLs, none twice, no query, no fragment",
        lambda value: (
            _is_list_of(value, lambda item: _is_server_url(item, loopback=False)) and value != []
        ),
        _list_schema(rf"{_HTTPS}(?:/[!\x22$->@-~]*)?"),
    )


def email_address() -> Check:
    """Accept an e-mail address whose name needs no quotes (RFC 5322, section 3.4.1)."""
    return text(EMAIL_ADDRESS, "an e-mail address such as ada@example.com")


def domain_prefix() -> Check:
    """Accept the first label of a user pool's domain (CreateUserPoolDomain, Cognito API)."""
    label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    return text(
        f"(?!.*(?:aws|amazon|cognito)){label}",
        "auto, or 1 to 63 lower-case letters, digits and inner hyphens without the words aws, "
        "amazon and cognito",
    )


def _text_schema(pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _list_schema(pattern: str, least: int = 1) -> dict[str, object]:
    return {
        "type": "array",
        "items": _text_schema(pattern),
        "minItems": least,
        "uniqueItems": True,
    }


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list_of(value: object, accepts: Callable[[str], bool]) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(item, str) and accepts(item) for item in value)
        and len(set(value)) == len(value)
    )


def app_scheme(url: str) -> str | None:
    """Return an app's own scheme, of a URL that `redirect_urls` accepts; None of a web address."""
    match = APP_URL.fullmatch(url)
    return match[1] if match else None


def _is_redirect_url(value: str) -> bool:
    if app_scheme(value) is not None:
        return True
    url = _web_url(value)
    return url is not None and "#" not in value


def _is_server_url(value: str, *, loopback: bool) -> bool:
    url = _web_url(value)
    return url is not None and not re.search("[?#]", value) and (loopback or url.scheme == "https")


def _is_origin(value: str) -> bool:
    url = _web_url(value)
    return url is not None and value == f"{url.scheme}://{url.netloc}" and value.islower()


def _web_url(value: str) -> SplitResult | None:
    """Parse an https URL, or an http URL of this machine, without user info; else return None."""
    if not VISIBLE_ASCII.fullmatch(value):
        return None
    try:
        url = urlsplit(value)
        port_is_valid = url.port != 0
    except ValueError:
        return None
    secure = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK_HOSTS)
    return url if secure and url.hostname and "@" not in url.netloc and port_is_valid else None
