"""The issuer that an app deploys itself: its functions, and its API with local documents."""

import json
from collections.abc import Callable
from dataclasses import replace

from local.gateway.access_log import Exchange
from local.gateway.authorizers.lambda_authorizer import Invoke
from local.gateway.gateway import Clocks, Gateway
from local.gateway.messages import GatewayRequest, GatewayResponse
from local.stack.localised import with_local_endpoints
from local.template.local_app import ApiConfig, FunctionConfig, LambdaIntegrationConfig, LocalApp


def functions_of_issuer(app: LocalApp) -> list[FunctionConfig]:
    """Return the functions behind a route of the issuer's API, and those that schedules run."""
    routes = app.issuer.routes if app.issuer else ()
    behind = {
        route.integration.function_name
        for route in routes
        if isinstance(route.integration, LambdaIntegrationConfig)
    }
    names = behind | set(app.scheduled)
    return [function for function in app.functions if function.name in names]


class OwnIssuer:
    """Answers for the issuer's API.

    Args:
        api: The issuer's.
        url: Where it is served.
        invoke: Runs a function.
        on_exchange: Called after each request to the issuer.
    """

    def __init__(
        self, api: ApiConfig, url: str, invoke: Invoke, on_exchange: Callable[[Exchange], None]
    ) -> None:
        self._issuers = api.origins
        self._url = url
        self._gateway = Gateway(api, invoke, on_exchange, Clocks())

    def handle(self, request: GatewayRequest) -> GatewayResponse:
        """Answer a request; a discovery document names no host but this one.

        The deployed host exists, and is somebody else's: a client that believed in it would send
        its secret there.
        """
        response = self._gateway.handle(request)
        try:
            document = json.loads(response.body)
        except ValueError:
            return response
        issuer = document.get("issuer") if isinstance(document, dict) else None
        if issuer not in self._issuers:
            return response
        local = with_local_endpoints(document, issuer, self._url)
        return replace(response, body=json.dumps(local).encode())
