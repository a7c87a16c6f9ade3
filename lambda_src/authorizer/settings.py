"""Environment -> Settings, at cold start, or an error that names the variable and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from authorizer.page_origins import parse_origins
from function_kit.environment import required, seconds
from function_kit.metrics_namespace import NAMESPACE
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.issuer_items import NO_ISSUERS, parse_issuers

if TYPE_CHECKING:
    from authorizer.origin_header import OriginHeader

MAX_LEEWAY_SECONDS = 300.0
MAX_FETCH_SECONDS = 4.0
"""A fetch makes at most two requests, and the gateway waits 10 s for an authorizer."""

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What the authorizer is told from outside; every time is in seconds.

    | variable                     | default | range     |
    | ---------------------------- | ------- | --------- |
    | `ISSUERS`                    | -       | see `TrustedIssuer` |
    | `ISSUERS_FILE`               | -       | more of `ISSUERS`; a path as for `POLICY_FILE` |
    | `POLICY_FILE`                | -       | a relative path is one inside the bundle |
    | `LEEWAY_SECONDS`             | 60      | 0-300     |
    | `JWKS_FRESH_SECONDS`         | 3600    | 1-86400   |
    | `JWKS_MAX_AGE_SECONDS`       | 86400   | 1-604800, not below `JWKS_FRESH_SECONDS` |
    | `JWKS_COOLDOWN_SECONDS`      | 30      | 1-3600    |
    | `JWKS_FETCH_TIMEOUT_SECONDS` | 1.5     | 0.1-4     |
    | `COOKIE_ORIGINS`             | `[]`    | see `parse_origins`; none: no cookie is read |
    | `ORIGIN_HEADER_SHA256`       | -       | see `OriginHeader`; none: nothing is asked |
    | `STAGE`                      | `none`  | a dimension of the metrics |
    | `POWERTOOLS_METRICS_NAMESPACE` | `JwtAuthorizer` | of the metrics |
    """

    issuers: tuple[TrustedIssuer, ...]
    policy_file: Path
    leeway_seconds: float
    jwks_fresh_seconds: float
    jwks_max_age_seconds: float
    jwks_cooldown_seconds: float
    jwks_fetch_timeout_seconds: float
    cookie_origins: frozenset[str]
    stage: str
    metrics_namespace: str
    origin_header: "OriginHeader | None" = None

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables of the table above out of any mapping.

        Raises:
            SettingsInvalid: a variable is missing or wrong; the message names it and the fix.
        """
        fresh = seconds(environment, "JWKS_FRESH_SECONDS", 3600.0, 1.0, DAY_SECONDS)
        max_age = seconds(environment, "JWKS_MAX_AGE_SECONDS", DAY_SECONDS, 1.0, 7 * DAY_SECONDS)
        if max_age < fresh:
            raise SettingsInvalid(
                "JWKS_MAX_AGE_SECONDS: below JWKS_FRESH_SECONDS; keys cannot be too old while fresh"
            )
        return cls(
            issuers=parse_issuers(required(environment, "ISSUERS"), _more_issuers(environment)),
            policy_file=_bundled(environment, required(environment, "POLICY_FILE")),
            leeway_seconds=seconds(environment, "LEEWAY_SECONDS", 60.0, 0.0, MAX_LEEWAY_SECONDS),
            jwks_fresh_seconds=fresh,
            jwks_max_age_seconds=max_age,
            jwks_cooldown_seconds=seconds(environment, "JWKS_COOLDOWN_SECONDS", 30.0, 1.0, 3600.0),
            jwks_fetch_timeout_seconds=seconds(
                environment, "JWKS_FETCH_TIMEOUT_SECONDS", 1.5, 0.1, MAX_FETCH_SECONDS
            ),
            cookie_origins=parse_origins(environment.get("COOKIE_ORIGINS", "[]")),
            stage=environment.get("STAGE") or "none",
            metrics_namespace=environment.get("POWERTOOLS_METRICS_NAMESPACE") or NAMESPACE,
            origin_header=_origin_header(environment),
        )


def _origin_header(environment: Mapping[str, str]) -> "OriginHeader | None":
    text = environment.get("ORIGIN_HEADER_SHA256")
    if text is None:
        return None
    from authorizer.origin_header import OriginHeader  # noqa: PLC0415  # others do not load it

    return OriginHeader.parse(text)


def _more_issuers(environment: Mapping[str, str]) -> str:
    name = environment.get("ISSUERS_FILE")
    if name is None:
        return NO_ISSUERS
    path = _bundled(environment, name)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(
            f"ISSUERS_FILE: {path} cannot be read ({type(error).__name__}); bundle the issuers"
        ) from None


def _bundled(environment: Mapping[str, str], path: str) -> Path:
    return Path(environment.get("LAMBDA_TASK_ROOT", ""), path)
