"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from function_kit.environment import matching, required, whole_number

DAY_SECONDS = 86_400
SHORTEST_PERIOD_DAYS = 2
"""A key is published for two days before it signs."""

LONGEST_PERIOD_DAYS = 365
ROLE_ARN = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:role/[\x21-\x7e]{1,512}")
A_ROLE = "give the ARN of a role"
LONGEST_TOKEN_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rotation is told from outside.

    | variable               | range   | what it is                                   |
    | ---------------------- | ------- | -------------------------------------------- |
    | `KEY_RING_TABLE`       | -       | the table that holds the ring                |
    | `KEY_OWNER`            | -       | the tag that marks the keys of this issuer   |
    | `ROTATION_PERIOD_DAYS` | 2-365   | how long a key signs                         |
    | `TOKEN_SECONDS`        | 60-3600 | how long a token lives                       |
    | `ISSUER_FUNCTION`      | -       | the function that signs tokens               |
    | `ISSUER_ROLE`          | ARN     | the role that may sign with its keys         |
    | `ROTATION_ROLE`        | ARN     | the role of this function                    |
    | `STAGE`                | -       | a dimension of the metrics                   |
    """

    key_ring_table: str
    key_owner: str
    period_seconds: int
    token_seconds: int
    issuer_function: str
    issuer_role: str
    rotation_role: str
    stage: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: A variable is missing or wrong; the message names it and the fix.
        """
        period_days = whole_number(
            environment, "ROTATION_PERIOD_DAYS", SHORTEST_PERIOD_DAYS, LONGEST_PERIOD_DAYS
        )
        return cls(
            key_ring_table=required(environment, "KEY_RING_TABLE"),
            key_owner=required(environment, "KEY_OWNER"),
            period_seconds=period_days * DAY_SECONDS,
            token_seconds=whole_number(environment, "TOKEN_SECONDS", 60, LONGEST_TOKEN_SECONDS),
            issuer_function=required(environment, "ISSUER_FUNCTION"),
            issuer_role=matching(environment, "ISSUER_ROLE", ROLE_ARN, A_ROLE),
            rotation_role=matching(environment, "ROTATION_ROLE", ROLE_ARN, A_ROLE),
            stage=required(environment, "STAGE"),
        )
