"""One token to be judged: what it is an example of, and what must become of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """A token with the row of the threat list that it stands for.

    `reason` is the code with which the authorizer must refuse it, "" for a token that must pass.
    `jwks` is what the issuer publishes instead of its usual set, as JSON text. `our_rule` marks
    a bound or a rule that is ours and no standard's, for which no other library is blamed.
    """

    threat: str
    name: str
    token: str
    reason: str = ""
    jwks: str | None = None
    our_rule: bool = False

    @property
    def label(self) -> str:
        """How a test report names it."""
        return f"{self.threat} {self.name}"


def key_set(*jwks: Any) -> str:
    """Return a JWK set as JSON text."""
    return json.dumps({"keys": list(jwks)})


def changed(jwk: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a JWK with members replaced."""
    return {**jwk, **changes}


def without(jwk: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a JWK without some members."""
    return {name: value for name, value in jwk.items() if name not in names}
