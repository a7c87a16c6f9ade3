"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from function_kit.client_environment import openid_scopes, required_origin, required_url
from function_kit.environment import matching

_CLIENT_ID: Final = re.compile(r"[\x21-\x7e]{1,255}")


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
                issuer=required_url(environment, "ISSUER"),
                discovery_uri=required_url(environment, "DISCOVERY_URI"),
                client_id=matching(
                    environment, "CLIENT_ID", _CLIENT_ID, "give up to 255 visible ASCII characters"
                ),
                scopes=openid_scopes(environment, "SCOPES"),
            )
            if "CLIENT_ID" in environment
            else None
        )
        return cls(public_url=required_origin(environment, "PUBLIC_URL"), client=client)
