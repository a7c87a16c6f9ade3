"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from token_issuer.errors import SettingsInvalid

LONGEST_NAME_CHARACTERS = 256
"""Of issuer and audience: `access_token` counts on it for what KMS can sign."""

SHORTEST_TOKEN_SECONDS = 60
LONGEST_TOKEN_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Settings:
    """What the issuer is told from outside.

    | variable            | what it is                                               |
    | ------------------- | -------------------------------------------------------- |
    | `ISSUER_URL`        | the `iss` of its tokens; https, without a closing slash  |
    | `AUDIENCE`          | the `aud` of its tokens                                  |
    | `TOKEN_SECONDS`     | how long a token lives, 60-3600                          |
    | `KEY_RING_TABLE`    | holds the published keys                                 |
    | `CLIENTS_TABLE`     | holds who may ask for what                               |
    | `RATE_LIMITS_TABLE` | holds who has asked how often                            |
    """

    issuer_url: str
    audience: str
    token_seconds: int
    key_ring_table: str
    clients_table: str
    rate_limits_table: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        return cls(
            issuer_url=_issuer_url(_required(environment, "ISSUER_URL")),
            audience=_required(environment, "AUDIENCE"),
            token_seconds=_token_seconds(_required(environment, "TOKEN_SECONDS")),
            key_ring_table=_required(environment, "KEY_RING_TABLE"),
            clients_table=_required(environment, "CLIENTS_TABLE"),
            rate_limits_table=_required(environment, "RATE_LIMITS_TABLE"),
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingsInvalid(f"{name}: missing; set it in the function's environment")
    if len(value) > LONGEST_NAME_CHARACTERS:
        raise SettingsInvalid(f"{name}: longer than {LONGEST_NAME_CHARACTERS} characters")
    return value


def _issuer_url(text: str) -> str:
    url = urlsplit(text)
    loopback = url.scheme == "http" and url.hostname == "127.0.0.1"
    if not (url.scheme == "https" or loopback) or text.endswith("/") or url.query or url.fragment:
        raise SettingsInvalid(
            f"ISSUER_URL: {text!r:.80}; give an https URL without closing slash, query and fragment"
        )
    return text


def _token_seconds(text: str) -> int:
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(LONGEST_TOKEN_SECONDS))
    if not fits or not SHORTEST_TOKEN_SECONDS <= int(text) <= LONGEST_TOKEN_SECONDS:
        raise SettingsInvalid(
            f"TOKEN_SECONDS: {text!r:.80}; give a whole number from "
            f"{SHORTEST_TOKEN_SECONDS} to {LONGEST_TOKEN_SECONDS}"
        )
    return int(text)
