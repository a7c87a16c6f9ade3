"""Path -> who answers it, with which methods, and whether pages of other origins may ask.

What a browser application calls is open to every origin, as on Cognito, but never with
cookies; what a person visits is open to none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

Respond = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One path.

    Args:
        respond: Answers.
        methods: What it answers to; HEAD comes with GET.
        headers_across_origins: The request headers that a page elsewhere may send; None if no
            such page may ask at all.
    """

    respond: Respond
    methods: tuple[str, ...]
    headers_across_origins: tuple[str, ...] | None = None

    def answer(self, request: Request) -> Response:
        """Return the answer, 405 for another method."""
        if self.headers_across_origins is not None and request.method == "OPTIONS":
            return self.opened(Response(status=204))
        allowed = (*self.methods, *(("HEAD",) if "GET" in self.methods else ()))
        if request.method not in allowed:
            return Response(status=405, headers={"Allow": ", ".join(allowed)})
        return self.opened(self.respond(request))

    def opened(self, response: Response) -> Response:
        """Return the same answer, readable by the pages that may ask."""
        if self.headers_across_origins is not None:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Methods"] = ", ".join(self.methods)
            response.headers["Access-Control-Allow-Headers"] = ", ".join(
                self.headers_across_origins
            )
        return response


Routes = Mapping[str, Route]
