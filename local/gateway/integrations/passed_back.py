"""An integration's answer, changed as its mappings say -> what of its headers leaves the gateway.

What the gateway says itself (when it answered, the request's id, whether it lets the
caller in) an integration cannot say beside it or for it.
"""

from dataclasses import replace

from local.behaviour import REMAPPED_CHALLENGE
from local.gateway.messages import GatewayResponse

_THE_GATEWAYS_OWN = frozenset({"date", "apigw-requestid"})
_RENAMED = {"www-authenticate": REMAPPED_CHALLENGE}
_ONLY_ONCE = "content-type"


def passed_back(response: GatewayResponse) -> GatewayResponse:
    """Return an answer without the gateway's own headers, with renamed challenges and one type."""
    types = [value for name, value in response.headers if name == _ONLY_ONCE]
    others = [
        (_RENAMED.get(name, name), value)
        for name, value in response.headers
        if name not in _THE_GATEWAYS_OWN and name != _ONLY_ONCE
    ]
    return replace(response, headers=[*others, *((_ONLY_ONCE, value) for value in types[-1:])])
