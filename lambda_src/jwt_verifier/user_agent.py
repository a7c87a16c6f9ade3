"""How our functions introduce themselves to issuers (RFC 9110 section 10.1.5).

Web application firewalls refuse requests that do not say who they are.
"""

from typing import Final

from jwt_verifier.version import VERSION

USER_AGENT: Final = f"aws-jwt-authorizer/{VERSION}"
