"""CorsConfig -> the gateway's own cross-origin answers.

With a CORS configuration the gateway answers preflights by itself and replaces the
integration's CORS headers (API Gateway, "Configure CORS for HTTP APIs"). What a preflight from an
unlisted origin gets is documented nowhere: here 204 without CORS headers, which a browser refuses.
"""

from local.gateway.messages import GatewayRequest, GatewayResponse, Headers
from local.template.local_app import CorsConfig

_PREFIX = "access-control-"


def is_preflight(request: GatewayRequest) -> bool:
    """Return whether a browser asks for leave (Fetch standard, "CORS-preflight request")."""
    return (
        request.method == "OPTIONS"
        and request.header("origin") is not None
        and request.header("access-control-request-method") is not None
    )


def preflight_response(cors: CorsConfig, request: GatewayRequest) -> GatewayResponse:
    """Return the answer to a preflight: 204, with CORS headers for an origin on the list."""
    headers = _origin_headers(cors, request)
    if headers:
        if cors.allow_methods:
            headers.append(("access-control-allow-methods", ",".join(cors.allow_methods)))
        if cors.allow_headers:
            headers.append(("access-control-allow-headers", ",".join(cors.allow_headers)))
        if cors.max_age_seconds is not None:
            headers.append(("access-control-max-age", str(cors.max_age_seconds)))
    return GatewayResponse(204, headers, b"")


def with_cors(
    cors: CorsConfig, request: GatewayRequest, response: GatewayResponse
) -> GatewayResponse:
    """Return the same response with the gateway's CORS headers instead of the integration's."""
    kept: Headers = [
        (name, value) for name, value in response.headers if not name.startswith(_PREFIX)
    ]
    headers = _origin_headers(cors, request)
    if headers and cors.expose_headers:
        headers.append(("access-control-expose-headers", ",".join(cors.expose_headers)))
    return GatewayResponse(response.status, [*kept, *headers], response.body)


def _origin_headers(cors: CorsConfig, request: GatewayRequest) -> list[tuple[str, str]]:
    origin = request.header("origin")
    if origin is None or not any(_allows(pattern, origin) for pattern in cors.allow_origins):
        return []
    allowed = "*" if "*" in cors.allow_origins else origin
    headers = [("access-control-allow-origin", allowed)]
    if cors.allow_credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _allows(pattern: str, origin: str) -> bool:
    if pattern.endswith("*"):
        return origin.startswith(pattern[:-1])
    return pattern == origin
