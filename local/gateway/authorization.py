"""What an authorizer found -> how backends, logs and mappings see it."""

import json
from dataclasses import dataclass

from local.json_value import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class JwtAuthorization:
    """Claims as the gateway renders them; scopes are None if the route asks for none."""

    claims: dict[str, str]
    scopes: tuple[str, ...] | None

    @property
    def in_payload_v2(self) -> JsonObject:
        """`requestContext.authorizer` of payload 2.0: `{"jwt": {"claims", "scopes"}}`."""
        return {"jwt": self.in_payload_v1}

    @property
    def in_payload_v1(self) -> JsonObject:
        """`requestContext.authorizer` of payload 1.0, flat: `{"claims", "scopes"}`."""
        scopes: list[JsonValue] | None = None if self.scopes is None else list(self.scopes)
        return {"claims": dict(self.claims), "scopes": scopes}

    @property
    def variables(self) -> dict[str, str]:
        """As `$context` variables: `authorizer.claims.sub`."""
        return {f"authorizer.claims.{name}": value for name, value in self.claims.items()}


@dataclass(frozen=True, slots=True)
class LambdaAuthorization:
    """A Lambda authorizer's context, and its principal if it answered with a policy."""

    context: JsonObject | None
    principal_id: str | None

    @property
    def in_payload_v2(self) -> JsonObject:
        """`requestContext.authorizer` of payload 2.0: `{"lambda": context}`, types kept."""
        return {"lambda": self.context}

    @property
    def in_payload_v1(self) -> JsonObject:
        """`requestContext.authorizer` of payload 1.0, flat: strings, with `principalId`."""
        return dict(self._texts)

    @property
    def variables(self) -> dict[str, str]:
        """As `$context` variables: `authorizer.key`."""
        return {f"authorizer.{name}": value for name, value in self._texts.items()}

    @property
    def _texts(self) -> dict[str, str]:
        texts = {name: as_text(value) for name, value in (self.context or {}).items()}
        return texts if self.principal_id is None else {"principalId": self.principal_id, **texts}


Authorization = JwtAuthorization | LambdaAuthorization


def as_text(value: JsonValue) -> str:
    """Return a value where only strings can go: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
