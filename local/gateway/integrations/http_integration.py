"""Authorized request -> response through an HTTP address: URL, headers, mapping, answer.

The request goes where the template says and nowhere else: no redirect is followed, and
no path of a client's leads out of the integration's own (API Gateway, "Create HTTP proxy
integrations").
"""

import re
import ssl
from urllib.parse import quote, unquote, urlencode, urlsplit

import urllib3

from local.behaviour import LATE_INTEGRATION, MAX_HTTP_RESPONSE_BYTES, UNREACHABLE_INTEGRATION
from local.gateway.context import RequestContext
from local.gateway.events.request_parts import forwarded_headers
from local.gateway.header_rules import end_to_end, is_foreign_header_value, is_header_name
from local.gateway.integrations.mapped_values import RequestValues
from local.gateway.integrations.mapping import OutgoingRequest, map_request
from local.gateway.messages import GatewayResponse, Refusal, bad_request, internal_error
from local.loopback.deadline import DeadlineExceeded, run_with_deadline
from local.template.local_app import HttpIntegrationConfig

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_PATH_PARAMETER = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"
_LOWEST_STATUS = 200


class HttpIntegrations:
    """Calls HTTP backends, each time over a connection of its own.

    A kept one could be closing just now, or hold the rest of an earlier answer.
    """

    def __init__(self) -> None:
        self._tls = ssl.create_default_context()

    def call(
        self, config: HttpIntegrationConfig, context: RequestContext, values: RequestValues
    ) -> GatewayResponse:
        """Ask a route's backend.

        Args:
            config: The integration.
            context: The request, its route matched.
            values: What its mappings may name.

        Raises:
            Refusal: 400 for a request that cannot be passed on, 503 for a backend that is not
                there or too slow, 500 for an answer that cannot be passed back.
        """
        outgoing = map_request(
            config.request_mappings,
            OutgoingRequest(_headers(context), context.query),
            values,
        )
        url = _url(config, context, outgoing)
        method = context.request.method if config.method == "ANY" else config.method
        try:
            return run_with_deadline(
                config.timeout_seconds,
                lambda: self._exchange(
                    method, url, outgoing, context.request.body, config.timeout_seconds
                ),
            )
        except (DeadlineExceeded, urllib3.exceptions.ReadTimeoutError) as error:
            reason = f"the backend took more than {config.timeout_seconds:g} s"
            raise Refusal(*LATE_INTEGRATION, reason) from error
        except urllib3.exceptions.HTTPError as error:
            reason = f"the backend cannot be reached: {error}"
            raise Refusal(*UNREACHABLE_INTEGRATION, reason) from error

    def _exchange(
        self, method: str, url: str, outgoing: OutgoingRequest, body: bytes, seconds: float
    ) -> GatewayResponse:
        headers = urllib3.HTTPHeaderDict(
            {"accept-encoding": urllib3.util.SKIP_HEADER, "user-agent": urllib3.util.SKIP_HEADER}
        )
        for name, value in outgoing.headers:
            if headers.get(name) == urllib3.util.SKIP_HEADER:
                headers[name] = value
            else:
                headers.add(name, value)
        with urllib3.PoolManager(ssl_context=self._tls) as connections:
            response = connections.urlopen(
                method,
                url,
                body=body or None,
                headers=headers,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=seconds, read=seconds),
                preload_content=False,
                decode_content=False,
            )
            content = response.read(MAX_HTTP_RESPONSE_BYTES + 1, decode_content=False)
            response.close()
        if len(content) > MAX_HTTP_RESPONSE_BYTES:
            raise internal_error("the backend's answer is larger than 10 MB")
        return _response(response, content)


def _headers(context: RequestContext) -> list[tuple[str, str]]:
    request = context.request
    forwarded = (
        f"for={request.source_ip};host={request.header('host') or context.domain_name};proto=http"
    )
    not_passed_on = {"host", "content-length", "forwarded", "via"}
    kept = [pair for pair in forwarded_headers(context) if pair[0] not in not_passed_on]
    return [*kept, ("forwarded", forwarded), ("via", f"{request.protocol} AmazonAPIGateway")]


def _url(config: HttpIntegrationConfig, context: RequestContext, outgoing: OutgoingRequest) -> str:
    uri = _STAGE_VARIABLE.sub(lambda match: context.stage.variables[match[1]], config.uri)
    uri = _PATH_PARAMETER.sub(
        lambda match: quote(context.match.path_parameters[match[1]], safe="/"), uri
    )
    address, _, own_query = uri.partition("?")
    parts = urlsplit(address)
    path = parts.path if outgoing.path is None else quote(outgoing.path, safe=_SAFE_IN_PATH)
    if {".", ".."} & set(unquote(path).split("/")):
        raise bad_request("a path with . or .. is not passed on")
    unchanged = outgoing.query == context.query
    query = context.request.query if unchanged else urlencode(outgoing.query)
    whole_query = "&".join(text for text in (own_query, query) if text)
    whole_path = path if path.startswith("/") else f"/{path}"
    return f"{parts.scheme}://{parts.netloc}{whole_path}" + (
        f"?{whole_query}" if whole_query else ""
    )


def _response(response: urllib3.BaseHTTPResponse, content: bytes) -> GatewayResponse:
    if response.status < _LOWEST_STATUS:
        raise internal_error(f"the backend's status is {response.status}")
    headers = []
    for name, value in end_to_end([(k.lower(), v) for k, v in response.headers.items()]):
        if not is_header_name(name) or not is_foreign_header_value(value):
            raise internal_error(f"the backend's header {name!r} cannot be passed back")
        headers.append((name, value))
    return GatewayResponse(response.status, headers, content)
