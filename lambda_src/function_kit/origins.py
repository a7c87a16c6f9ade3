"""Which text is an origin as browsers write it. Pure."""

import re
from typing import Final

from jwt_verifier.urls import is_safe_url

_ORIGIN: Final = re.compile(
    r"(?:https://(?!.*:443\Z)|http://(?!.*:80\Z))"
    r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?",
    re.ASCII,
)


def is_origin(text: str) -> bool:
    """Return whether it is an https origin, or an http origin of a loopback host.

    It is in lower case, without a port that the scheme implies (HTML standard, "serialization of
    an origin"): in another spelling it would never be equal to what a browser sends.
    """
    return _ORIGIN.fullmatch(text) is not None and is_safe_url(text)
