"""API Gateway's own API, as far as it is here: throw away what its authorizers have decided.

(Amazon API Gateway, "ResetAuthorizersCache".)
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from werkzeug.wrappers import Response

from local.template.local_app import ApiConfig

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

APIS: Final = "/v2/apis/"
"""What every path of it begins with."""


class GatewayApi:
    """Answers for one API; an application of WSGI.

    Args:
        api: Whose stages it knows.
        forget_decisions: Called to throw away what is kept of authorizers' answers.
    """

    def __init__(self, api: ApiConfig, forget_decisions: Callable[[], None]) -> None:
        self._resets = {
            f"{APIS}{api.id}/stages/{stage.name}/cache/authorizers" for stage in api.stages
        }
        self._forget_decisions = forget_decisions

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a call of an SDK."""
        if environ["REQUEST_METHOD"] != "DELETE" or environ["PATH_INFO"] not in self._resets:
            text = "of API Gateway only ResetAuthorizersCache is here, for the API that is served"
            return Response(text, 404)(environ, start)
        self._forget_decisions()
        return Response(status=204)(environ, start)
