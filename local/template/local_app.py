"""What the local stack serves, as plain values: the one thing that the parts of `local` share.

Everything here is resolved, frozen and modelled; nothing reads a template after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from local.template.pool_config import PoolConfig

PayloadFormat = Literal["1.0", "2.0"]
"""The shape of the event that a function gets."""


@dataclass(frozen=True, slots=True)
class FunctionConfig:
    """A Lambda function: its code on this disk and what Lambda would run it with.

    `reserved_concurrency` is how many of its environments may run at once, None for as many as
    there are; `tmp_mb` is the size of /tmp; `layers` are on AWS alone.
    """

    name: str
    arn: str
    handler: str
    runtime: str
    code_folder: Path
    environment: Mapping[str, str]
    memory_mb: int
    timeout_seconds: float
    log_format: str
    log_level: str
    reserved_concurrency: int | None = None
    tmp_mb: int = 512
    layers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What people call it: the folder of its sources, first in its handler."""
        return self.handler.partition(".")[0]


@dataclass(frozen=True, slots=True)
class JwtAuthorizerConfig:
    """The gateway's built-in authorizer: one issuer, any of the audiences.

    `issuer_url` is where the issuer is on this machine, None if it is its own address.
    """

    id: str
    name: str
    identity_source: str
    issuer: str
    audiences: tuple[str, ...]
    issuer_url: str | None = None


@dataclass(frozen=True, slots=True)
class LambdaAuthorizerConfig:
    """A Lambda authorizer; TTL 0 caches nothing.

    `simple_responses` asks for `{"isAuthorized": ...}`; else the function answers with a policy.
    `qualifier` is the function's version or alias that is invoked, "" for none.
    """

    id: str
    name: str
    function_name: str
    identity_sources: tuple[str, ...]
    ttl_seconds: int
    payload_format: PayloadFormat = "2.0"
    simple_responses: bool = True
    qualifier: str = ""


AuthorizerConfig = JwtAuthorizerConfig | LambdaAuthorizerConfig


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a mapped value that is looked up: `request.header` and the header's name.

    Sources: `request.header|querystring|path|body`, `response.header|body`, `context`,
    `stageVariables`. No name means all of it: the request's path, the whole body.
    """

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class ParameterMapping:
    """One change of a request or response: `append:header.x`, `overwrite:path` and so on.

    `value` is joined from literal texts and selections; empty for `remove`.
    """

    action: str
    target: str
    name: str
    value: tuple[str | Selection, ...]


ResponseMappings = Mapping[int, tuple[ParameterMapping, ...]]
"""What is changed in a response, by the integration's status."""


@dataclass(frozen=True, slots=True)
class LambdaIntegrationConfig:
    """A Lambda proxy integration; `qualifier` is the version or alias invoked, "" for none."""

    id: str
    function_name: str
    timeout_seconds: float
    payload_format: PayloadFormat = "2.0"
    response_mappings: ResponseMappings = field(default_factory=dict)
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class HttpIntegrationConfig:
    """An HTTP proxy integration.

    `uri` may hold `{name}` in its path and `${stageVariables.x}` anywhere after the scheme;
    `method` is `ANY` to pass on the client's.
    """

    id: str
    uri: str
    method: str
    timeout_seconds: float
    request_mappings: tuple[ParameterMapping, ...] = ()
    response_mappings: ResponseMappings = field(default_factory=dict)


IntegrationConfig = LambdaIntegrationConfig | HttpIntegrationConfig


@dataclass(frozen=True, slots=True)
class RouteConfig:
    """One route; `scopes` are asked for by the built-in authorizer, any one is enough."""

    key: str
    integration: IntegrationConfig
    authorizer: AuthorizerConfig | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorsConfig:
    """Cross-origin rules that the gateway answers with by itself."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool
    max_age_seconds: int | None


@dataclass(frozen=True, slots=True)
class ThrottleConfig:
    """A route's token bucket: requests a second, and how many at once."""

    rate_per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class StageConfig:
    """A stage: `$default` answers at the root, any other name is the first path segment.

    `route_throttles` holds, by route key, what differs from `throttle`; None lets all through.
    """

    name: str
    access_log_format: str | None
    throttle: ThrottleConfig | None
    variables: Mapping[str, str]
    route_throttles: Mapping[str, ThrottleConfig | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiConfig:
    """An HTTP API; `domain` is its name of its own, None without one."""

    id: str
    name: str
    region: str
    account_id: str
    cors: CorsConfig | None
    stages: tuple[StageConfig, ...]
    routes: tuple[RouteConfig, ...]
    domain: str | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin by which a template may call it."""
        return (*([f"https://{self.domain}"] if self.domain else []), self.endpoint)

    @property
    def endpoint(self) -> str:
        """Where it would answer once deployed: its `ApiEndpoint`."""
        return f"https://{self.id}.execute-api.{self.region}.amazonaws.com"


@dataclass(frozen=True, slots=True)
class TableKey:
    """What an item of a table or an index is found by; `sort` is "" without a sort key."""

    partition: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """An index of a table; `projection` is ALL, KEYS_ONLY or, with `attributes`, INCLUDE."""

    name: str
    key: TableKey
    projection: str
    attributes: tuple[str, ...] = ()
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class TableConfig:
    """A DynamoDB table; `attribute_types` has S, N or B for each attribute of a key."""

    name: str
    key: TableKey
    attribute_types: Mapping[str, str]
    region: str
    account_id: str
    indexes: tuple[IndexConfig, ...] = ()


@dataclass(frozen=True, slots=True)
class SecretConfig:
    """A secret of Secrets Manager whose value is random, of so many characters."""

    name: str
    arn: str
    characters: int
    region: str
    account_id: str


@dataclass(frozen=True, slots=True)
class RotationConfig:
    """A secret that a function rotates; `at_once` if also when the schedule is made."""

    secret_arn: str
    function_name: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class LocalApp:
    """All of it: the API, the functions it calls, the pools it trusts.

    `issuer` is the API of an issuer that the app deploys itself, `scheduled` names the functions
    that schedules invoke. `deployed_only` counts what is deployed and not served here, by type;
    `warnings` are those of the synthesis.
    """

    api: ApiConfig
    functions: tuple[FunctionConfig, ...]
    pools: tuple[PoolConfig, ...]
    issuer: ApiConfig | None = None
    tables: tuple[TableConfig, ...] = ()
    scheduled: tuple[str, ...] = ()
    secrets: tuple[SecretConfig, ...] = ()
    rotations: tuple[RotationConfig, ...] = ()
    deployed_only: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
