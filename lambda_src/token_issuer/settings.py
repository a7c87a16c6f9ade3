"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass

from function_kit.client_environment import required_url
from function_kit.environment import Environment, required, whole_number, wrong

LONGEST_NAME_CHARACTERS = 256
"""Of issuer and audience: `access_token` counts on it for what KMS can sign."""

OTHER = "OTHER_ISSUER_URL"
SHORTEST_TOKEN_SECONDS = 60
LONGEST_TOKEN_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Settings:
    """What the issuer is told from outside.

    | variable            | what it is                                               |
    | ------------------- | -------------------------------------------------------- |
    | `ISSUER_URL`        | the `iss` of its tokens; https, without a closing slash  |
    | `OTHER_ISSUER_URL`  | its other address, or absent; documents say it there     |
    | `AUDIENCE`          | the `aud` of its tokens                                  |
    | `TOKEN_SECONDS`     | how long a token lives, 60-3600                          |
    | `KEY_RING_TABLE`    | holds the published keys                                 |
    | `CLIENTS_TABLE`     | holds who may ask for what                               |
    | `RATE_LIMITS_TABLE` | holds who has asked how often                            |
    | `STAGE`             | a dimension of the metrics                               |
    """

    issuer_url: str
    audience: str
    token_seconds: int
    key_ring_table: str
    clients_table: str
    rate_limits_table: str
    stage: str
    other_issuer_url: str | None = None

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        return cls(
            issuer_url=_issuer_url(environment, "ISSUER_URL"),
            other_issuer_url=_issuer_url(environment, OTHER) if environment.get(OTHER) else None,
            audience=_short(required(environment, "AUDIENCE"), "AUDIENCE"),
            token_seconds=whole_number(
                environment, "TOKEN_SECONDS", SHORTEST_TOKEN_SECONDS, LONGEST_TOKEN_SECONDS
            ),
            key_ring_table=required(environment, "KEY_RING_TABLE"),
            clients_table=required(environment, "CLIENTS_TABLE"),
            rate_limits_table=required(environment, "RATE_LIMITS_TABLE"),
            stage=required(environment, "STAGE"),
        )


def _issuer_url(environment: Environment, name: str) -> str:
    url = _short(required_url(environment, name), name)
    if url.endswith("/"):
        raise wrong(name, url, "give an https URL without closing slash")
    return url


def _short(text: str, name: str) -> str:
    if len(text) > LONGEST_NAME_CHARACTERS:
        raise wrong(name, text, f"give at most {LONGEST_NAME_CHARACTERS} characters")
    return text
