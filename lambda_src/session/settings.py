"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from function_kit.client_environment import openid_scopes, required_origin, required_url
from function_kit.environment import one_of, required, whole_number
from function_kit.revocation.lifetimes import OF_TOKENS
from function_kit.revocation.lifetimes import Lifetimes as EntryLifetimes

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
class Revoking:
    """A list of revocations that the API asks.

    | variable                       | what it is                                           |
    | ------------------------------ | ---------------------------------------------------- |
    | `REVOCATION_ENTRY_SECONDS`     | the longest life of a token, leeway included         |
    | `REVOCATION_RENEWABLE_SECONDS` | the same and the longest life of a refresh token     |
    | `ISSUER_NAME`                  | what the access table calls the issuer of the tokens |
    """

    lifetimes: EntryLifetimes
    issuer_name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the function is told from outside.

    | variable                | what it is                                                       |
    | ----------------------- | ---------------------------------------------------------------- |
    | `ISSUER`                | the `iss` of the tokens, to the letter                           |
    | `DISCOVERY_URI`         | where its discovery document is; its own host only when deployed |
    | `CLIENT_ID`             | a confidential client of the issuer, which may use the code grant |
    | `CLIENT_AUTHENTICATION` | how it authenticates: `client_secret` or `private_key`        |
    | `CLIENT_SECRET_ID`      | name or ARN of the secret in Secrets Manager that holds that     |
    | `CLIENT_SECRET_KEY`     | the key of that secret's JSON object                             |
    | `SCOPES`                | what to ask for, separated by spaces; `openid` among them        |
    | `PUBLIC_URL`            | the API's origin, as a browser writes it                         |
    | `COOKIE_SECRET_ID`      | name or ARN of the secret that seals cookies                     |
    | `REVOCATION_TABLE`      | the table of the sessions that were ended, and of revocations    |
    | `IDLE_SECONDS`          | how long a session lasts without a renewal                       |
    | `SESSION_SECONDS`       | how long it lasts at most, 30 days or less                       |
    | `STAGE`                 | a dimension of the metrics                                       |

    With `REVOCATION_ENTRY_SECONDS` there is a list of revocations: see `Revoking`.

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
    revocation_table: str
    lifetimes: Lifetimes
    stage: str
    revoking: Revoking | None = None

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        return cls(
            issuer=required_url(environment, "ISSUER"),
            discovery_uri=required_url(environment, "DISCOVERY_URI"),
            client_id=required(environment, "CLIENT_ID"),
            client_authentication=one_of(
                environment, "CLIENT_AUTHENTICATION", get_args(ClientAuthenticationMethod)
            ),
            client_secret_id=required(environment, "CLIENT_SECRET_ID"),
            client_secret_key=required(environment, "CLIENT_SECRET_KEY"),
            scopes=openid_scopes(environment, "SCOPES"),
            public_url=required_origin(environment, "PUBLIC_URL"),
            cookie_secret_id=required(environment, "COOKIE_SECRET_ID"),
            revocation_table=required(environment, "REVOCATION_TABLE"),
            lifetimes=Lifetimes(
                whole_number(environment, "IDLE_SECONDS", MINUTE, LONGEST_SESSION_SECONDS),
                whole_number(environment, "SESSION_SECONDS", MINUTE, LONGEST_SESSION_SECONDS),
            ),
            stage=required(environment, "STAGE"),
            revoking=_revoking(environment),
        )

    @property
    def redirect_uri(self) -> str:
        """Where the issuer sends the browser back to."""
        return f"{self.public_url}/session/callback"

    @property
    def app_url(self) -> str:
        """The page that people use."""
        return f"{self.public_url}/app"


def _revoking(environment: Mapping[str, str]) -> Revoking | None:
    if not environment.get(OF_TOKENS):
        return None
    return Revoking(EntryLifetimes.from_env(environment), required(environment, "ISSUER_NAME"))
