"""A decision's line of the log -> what it says, in words."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from authorizer.explain.shown import listed
from authorizer.explain.table import COLUMNS, Ink, verdict

_OUTCOMES: Final = {
    "allowed": "was let in",
    "denied": "was refused: a good token without permission",
    "rejected": "was refused for its token",
    "failed": "got no decision: the fault is not the caller's",
}
_TOLD: Final = {
    "token": "token's fingerprint",
    "issuer": "issuer",
    "kid": "key",
    "sub": "subject",
    "client_id": "client",
    "offending": "refused for",
    "not_handed_on": "not handed on",
}
_WIDTH: Final = max(map(len, _TOLD.values())) + 2


def in_words(line: Mapping[str, Any], ink: Ink) -> Iterator[str]:
    """Yield what a line says: the request, what is known of its token, the verdict and the fix.

    Args:
        line: A decision's, as `audit` writes it.
        ink: What is coloured.
    """
    outcome = _OUTCOMES.get(str(line.get("outcome")), "was decided about")
    request, when = listed([line.get("request_id")]), listed([line.get("timestamp")])
    yield from textwrap.wrap(
        f"Request {request}, {when}: {listed([line.get('route_key')])} {outcome}.", COLUMNS
    )
    for name, label in _TOLD.items():
        if line.get(name):
            told = f"    {label:<{_WIDTH}}{listed([line[name]])}"
            yield from textwrap.wrap(told, COLUMNS, subsequent_indent=" " * (_WIDTH + 4))
    if line.get("outcome") == "rejected" and "issuer" not in line:
        yield "    Nothing more is known of the token: no signature of it was found good."
    yield ""
    yield from verdict(str(line.get("reason")), str(line.get("detail", "")), ink)
