"""API Gateway's own API, as far as it is here: throw away what its authorizers have decided.

(Amazon API Gateway, "ResetAuthorizersCache".)
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from local.template.local_app import ApiConfig

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class GatewayApi:
    """Answers for one API; an application of WSGI.

    Args:
        api: Whose stages it knows.
        forget_decisions: Called to throw away what is kept of authorizers' answers.
    """

    def __init__(self, api: ApiConfig, forget_decisions: Callable[[], None]) -> None:
        self._resets = {
            f"/v2/apis/{api.id}/stages/{stage.name}/cache/authorizers" for stage in api.stages
        }
        self._forget_decisions = forget_decisions

    def takes(self, environ: "WSGIEnvironment") -> bool:
        """Return whether a call of an SDK is one that is here."""
        return environ["REQUEST_METHOD"] == "DELETE" and environ["PATH_INFO"] in self._resets

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a call that it takes."""
        self._forget_decisions()
        return Response(status=204)(environ, start)
