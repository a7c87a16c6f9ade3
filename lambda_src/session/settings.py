"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from jwt_verifier.urls import is_safe_url
from session.errors import SettingsInvalid

_ORIGIN: Final = re.compile(r"https?://[^/?#@]+")
_SCOPES: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*")
"""RFC 6749 section 3.3."""


MINUTE: Final = 60
LONGEST_SESSION_SECONDS: Final = 30 * 86_400
"""The period of the cookies' keys: a cookie opens while its key is one of the newest two."""

ClientAuthenticationMethod = Literal["client_secret", "private_key"]


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts, in seconds: unused, and at most."""

    idle_seconds: int
    absolute_seconds: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the function is told from outside.

    | variable                | what it is                                                       |
    | ----------------------- | ---------------------------------------------------------------- |
    | `ISSUER`                | the `iss` of the tokens, to the letter                           |
    | `DISCOVERY_URI`         | where its discovery document is; its own host only when deployed |
    | `CLIENT_ID`             | a confidential client of the issuer, which may use the code grant |
    | `CLIENT_AUTHENTICATION` | how it proves who it is: `client_secret` or `private_key`        |
    | `CLIENT_SECRET_ID`      | name or ARN of the secret in Secrets Manager that holds that     |
    | `CLIENT_SECRET_KEY`     | the key of that secret's JSON object                             |
    | `SCOPES`                | what to ask for, separated by spaces; `openid` among them        |
    | `PUBLIC_URL`            | the API's origin, as a browser writes it                         |
    | `COOKIE_SECRET_ID`      | name or ARN of the secret that seals cookies                     |
    | `ENDED_SESSIONS_TABLE`  | the table of the sessions that were ended                        |
    | `IDLE_SECONDS`          | how long a session lasts without a renewal                       |
    | `SESSION_SECONDS`       | how long it lasts at most, 30 days or less                       |

    URLs are https, or http to a loopback host.
    """

    issuer: str
    discovery_uri: str
    client_id: str
    client_authentication: ClientAuthenticationMethod
    client_secret_id: str
    client_secret_key: str
    scopes: str
    public_url: str
    cookie_secret_id: str
    ended_sessions_table: str
    lifetimes: Lifetimes

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        return cls(
            issuer=_url(environment, "ISSUER"),
            discovery_uri=_url(environment, "DISCOVERY_URI"),
            client_id=_required(environment, "CLIENT_ID"),
            client_authentication=_method(_required(environment, "CLIENT_AUTHENTICATION")),
            client_secret_id=_required(environment, "CLIENT_SECRET_ID"),
            client_secret_key=_required(environment, "CLIENT_SECRET_KEY"),
            scopes=_scopes(_required(environment, "SCOPES")),
            public_url=_origin(_url(environment, "PUBLIC_URL")),
            cookie_secret_id=_required(environment, "COOKIE_SECRET_ID"),
            ended_sessions_table=_required(environment, "ENDED_SESSIONS_TABLE"),
            lifetimes=Lifetimes(
                _seconds(environment, "IDLE_SECONDS"), _seconds(environment, "SESSION_SECONDS")
            ),
        )

    @property
    def redirect_uri(self) -> str:
        """Where the issuer sends the browser back to."""
        return f"{self.public_url}/session/callback"

    @property
    def app_url(self) -> str:
        """The page that people use."""
        return f"{self.public_url}/app"


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingsInvalid(f"{name}: missing; set it in the function's environment")
    return value


def _seconds(environment: Mapping[str, str], name: str) -> int:
    text = _required(environment, name)
    if (
        not (text.isascii() and text.isdigit())
        or not MINUTE <= int(text) <= LONGEST_SESSION_SECONDS
    ):
        raise SettingsInvalid(
            f"{name}: {text!r:.80}; give a whole number from {MINUTE} to {LONGEST_SESSION_SECONDS}"
        )
    return int(text)


def _method(text: str) -> ClientAuthenticationMethod:
    for method in get_args(ClientAuthenticationMethod):
        if text == method:
            return cast(ClientAuthenticationMethod, method)
    raise SettingsInvalid(f"CLIENT_AUTHENTICATION: {text!r:.80}; give client_secret or private_key")


def _url(environment: Mapping[str, str], name: str) -> str:
    text = _required(environment, name)
    if not is_safe_url(text) or "?" in text or "#" in text:
        raise SettingsInvalid(
            f"{name}: {text!r:.80}; give an https URL without query and fragment "
            "(http to a loopback host only)"
        )
    return text


def _origin(text: str) -> str:
    default_port = text.endswith((":443", ":80"))
    if not _ORIGIN.fullmatch(text) or text != text.lower() or default_port:
        raise SettingsInvalid(
            f"PUBLIC_URL: {text!r:.80}; give an origin as browsers write it: scheme and host in "
            "lower case, a port only if it is not the scheme's own, no path and no closing slash"
        )
    return text


def _scopes(text: str) -> str:
    if not _SCOPES.fullmatch(text) or "openid" not in text.split(" "):
        raise SettingsInvalid(
            f"SCOPES: {text!r:.80}; give scopes with one space between, openid among them"
        )
    return text
