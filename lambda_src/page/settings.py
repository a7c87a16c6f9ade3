"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jwt_verifier.urls import is_safe_url, origin_of
from page.errors import SettingsInvalid

_CLIENT_ID: Final = re.compile(r"[\x21-\x7e]{1,255}")
_SCOPES: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
"""RFC 6749 section 3.3."""


@dataclass(frozen=True, slots=True)
class PublicClient:
    """The page as a client of an issuer, for keeping tokens in the browser's storage.

    | variable        | what it is                                                      |
    | --------------- | --------------------------------------------------------------- |
    | `ISSUER`        | the `iss` of the tokens; https                                  |
    | `DISCOVERY_URI` | where its discovery document is; https, or http on this machine |
    | `CLIENT_ID`     | of the page, at the issuer: a public client                     |
    | `SCOPES`        | what the page asks for, with spaces between; `openid` is one    |
    """

    issuer: str
    discovery_uri: str
    client_id: str
    scopes: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the function is told from outside.

    | variable     | what it is                                                               |
    | ------------ | ------------------------------------------------------------------------ |
    | `PUBLIC_URL` | the origin of the API, as browsers know it                               |
    | `CLIENT_ID`  | with the rest of `PublicClient`, if the page may keep tokens; else absent |
    """

    public_url: str
    client: PublicClient | None

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        client = (
            PublicClient(
                issuer=_url(environment, "ISSUER"),
                discovery_uri=_url(environment, "DISCOVERY_URI"),
                client_id=_client_id(_required(environment, "CLIENT_ID")),
                scopes=_scopes(_required(environment, "SCOPES")),
            )
            if "CLIENT_ID" in environment
            else None
        )
        return cls(public_url=_origin(environment, "PUBLIC_URL"), client=client)


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingsInvalid(f"{name}: missing; set it in the function's environment")
    return value


def _url(environment: Mapping[str, str], name: str) -> str:
    url = _required(environment, name)
    if not is_safe_url(url):
        raise SettingsInvalid(
            f"{name}: {url!r:.80}; give an https URL, or an http URL of this machine"
        )
    return url


def _origin(environment: Mapping[str, str], name: str) -> str:
    url = _url(environment, name)
    if url != origin_of(url):
        raise SettingsInvalid(
            f"{name}: {url!r:.80}; give scheme and host in lower case, no path and no closing slash"
        )
    return url


def _client_id(text: str) -> str:
    if not _CLIENT_ID.fullmatch(text):
        raise SettingsInvalid(f"CLIENT_ID: {text!r:.80}; give up to 255 visible ASCII characters")
    return text


def _scopes(text: str) -> str:
    if not _SCOPES.fullmatch(text):
        raise SettingsInvalid(f"SCOPES: {text!r:.80}; give scopes with one space between them")
    if "openid" not in text.split(" "):
        raise SettingsInvalid("SCOPES: openid is missing; without it there is no ID token to show")
    return text
