"""The namespace of every metric; alarms name it."""

from typing import Final

NAMESPACE: Final = "JwtAuthorizer"
