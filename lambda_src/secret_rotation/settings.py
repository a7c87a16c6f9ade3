"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass

from function_kit.environment import required


@dataclass(frozen=True, slots=True)
class PoolClient:
    """A confidential app client of a user pool, and the secret that keeps what it proves."""

    secret_arn: str
    user_pool_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rotation is told from outside.

    | variable           | what it is                                                          |
    | ------------------ | ------------------------------------------------------------------- |
    | `COOKIE_SECRET_ID` | ARN of the secret that seals cookies                                |
    | `CLIENT_SECRET_ID` | ARN of the secret that keeps the client's; absent without a client  |
    | `USER_POOL_ID`     | the client's user pool; with `CLIENT_SECRET_ID`                     |
    | `CLIENT_ID`        | the client; with `CLIENT_SECRET_ID`                                 |
    """

    cookie_secret_arn: str
    pool_client: PoolClient | None

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing; the message names it and the fix.
        """
        client = (
            PoolClient(
                environment["CLIENT_SECRET_ID"],
                required(environment, "USER_POOL_ID"),
                required(environment, "CLIENT_ID"),
            )
            if environment.get("CLIENT_SECRET_ID")
            else None
        )
        return cls(required(environment, "COOKIE_SECRET_ID"), client)
