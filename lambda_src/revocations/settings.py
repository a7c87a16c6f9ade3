"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from function_kit.environment import required, whole_number
from function_kit.revocation.asked import Issuers
from function_kit.revocation.lifetimes import Lifetimes

LONGEST_BOUND_SECONDS: Final = 10
"""Within which a revocation holds everywhere: docs/revocation.md."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the function is told from outside.

    | variable                       | what it is                                              |
    | ------------------------------ | ------------------------------------------------------- |
    | `REVOCATION_TABLE`             | the table that the list stands in                       |
    | `REVOCATION_ENTRY_SECONDS`     | the longest life of a token, leeway included            |
    | `REVOCATION_RENEWABLE_SECONDS` | the same and the longest life of a refresh token        |
    | `REVOCATION_BOUND_SECONDS`     | within how many seconds an entry holds everywhere       |
    | `ISSUER_NAMES`                 | the issuers of the access table, separated by spaces    |
    | `POOL_ISSUER_NAME`             | which of them is the user pool                          |
    | `USER_POOL_ID`                 | the user pool                                           |
    | `STAGE`                        | a dimension of the metrics                              |
    """

    table: str
    lifetimes: Lifetimes
    bound_seconds: int
    issuers: Issuers
    user_pool_id: str
    stage: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        return cls(
            table=required(environment, "REVOCATION_TABLE"),
            lifetimes=Lifetimes.from_env(environment),
            bound_seconds=whole_number(
                environment, "REVOCATION_BOUND_SECONDS", 1, LONGEST_BOUND_SECONDS
            ),
            issuers=Issuers(
                frozenset(required(environment, "ISSUER_NAMES").split()),
                required(environment, "POOL_ISSUER_NAME"),
            ),
            user_pool_id=required(environment, "USER_POOL_ID"),
            stage=required(environment, "STAGE"),
        )
