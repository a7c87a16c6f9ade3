"""How our functions introduce themselves to issuers (RFC 9110 section 10.1.5).

Web application firewalls refuse requests that do not say who they are.
"""

from typing import Final

VERSION: Final = "0.1.0"
"""This project's, as pyproject.toml and CHANGELOG.md have it."""

USER_AGENT: Final = f"aws-jwt-authorizer/{VERSION}"
