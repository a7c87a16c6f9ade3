"""Environment -> what the authorizer is told of revocation, or an error that names the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from function_kit.environment import one_of, required, seconds, wrong
from jwt_verifier.urls import is_safe_url

TABLE: Final = "REVOCATION_TABLE"
AGE: Final = "REVOCATION_LIST_AGE_SECONDS"
UNREADABLE: Final = "REVOCATION_UNREADABLE"

MAX_AGE_SECONDS: Final = 10.0
Unreadable = Literal["closed", "open"]
_ENDPOINTS: Final = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the authorizer is told.

    | variable                      | what it is                                              |
    | ----------------------------- | ------------------------------------------------------- |
    | `REVOCATION_TABLE`            | the table; without it nothing here is imported          |
    | `REVOCATION_LIST_AGE_SECONDS` | 1-10, 5 by default: how old the list may be             |
    | `REVOCATION_UNREADABLE`       | `closed` or `open`: while it cannot be read             |
    | `AWS_REGION`                  | where the table is; Lambda sets it                      |
    | `AWS_ENDPOINT_URL_DYNAMODB`   | DynamoDB elsewhere, or `AWS_ENDPOINT_URL`; https, or    |
    |                               | http to a loopback host                                 |
    """

    table: str
    age_seconds: float
    unreadable: Unreadable
    region: str
    endpoint: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: a variable is missing or wrong; the message names it and the fix.
        """
        region = required(environment, "AWS_REGION")
        return cls(
            table=required(environment, TABLE),
            age_seconds=seconds(environment, AGE, 5.0, 1.0, MAX_AGE_SECONDS),
            unreadable=one_of(environment, UNREADABLE, get_args(Unreadable)),
            region=region,
            endpoint=_endpoint(environment, region),
        )


def _endpoint(environment: Mapping[str, str], region: str) -> str:
    for name in _ENDPOINTS:
        url = environment.get(name)
        if not url:
            continue
        if not is_safe_url(url) or urlsplit(url).path not in ("", "/") or "?" in url:
            raise wrong(
                name, url, "give an https URL without a path (http to a loopback host only)"
            )
        return url.rstrip("/")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://dynamodb.{region}.{suffix}"
