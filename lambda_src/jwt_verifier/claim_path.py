"""Where a claim stands -> its value. A path is names, so a dot in a claim's own name is only a dot.

`("realm_access", "roles")` is the member `roles` of the claim `realm_access`;
`("https://example.com/roles",)` is one claim.
"""

from collections.abc import Mapping
from typing import Final

ClaimPath = tuple[str, ...]
"""The name of a claim, then of a member of it, and so on; at least one name."""


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""Nothing stands there, which is not the same as null."""


def value_at(claims: Mapping[str, object], path: ClaimPath) -> object:
    """Return what stands at the path, or `ABSENT`. Only the members of objects are looked into."""
    value: object = claims
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return ABSENT
        value = value[name]
    return value


def written(path: ClaimPath) -> str:
    """Return the path as messages show it: `groups`, or `realm_access > roles`."""
    return " > ".join(path)
