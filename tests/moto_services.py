"""Services of AWS that moto plays for clients in this process.

moto gets the request that botocore has signed and answers with the bytes that its server would
send; only the sockets between the two are left out, which are half of what a call costs.
"""

import sys
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from moto.core.botocore_stubber import MockRawResponse
from moto.moto_server.werkzeug_app import create_backend_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Service = Literal["cognito-idp", "dynamodb", "kms", "secretsmanager"]

NOWHERE: Final = "https://moto.invalid"


def client_in_process(service: Service, region: str, config: Config) -> Any:
    """Return a client of a service in a region, whose calls moto answers."""
    client: Any = boto3.client(
        service,
        endpoint_url=NOWHERE,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=config,
    )
    host = f"{service}.{region}.amazonaws.com"

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return _answered(_app(service), request, host)

    client.meta.events.register("before-send", answer)
    return client


@cache
def _app(service: Service) -> "WSGIApplication":
    app: WSGIApplication = create_backend_app(service)
    return app


def _answered(app: "WSGIApplication", request: AWSPreparedRequest, host: str) -> AWSResponse:
    status_code, headers = 0, HTTPHeaders()

    def start(status: str, fields: list[tuple[str, str]], _: object = None) -> Any:
        nonlocal status_code
        status_code = int(status.partition(" ")[0])
        for name, value in fields:
            headers[name] = value

    body = b"".join(app(_environ(request, host), start))
    return AWSResponse(request.url, status_code, headers, MockRawResponse(body))


def _environ(request: AWSPreparedRequest, host: str) -> "WSGIEnvironment":
    body = request.body or b""
    assert isinstance(body, bytes)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    fields: dict[str, Any] = dict(request.headers)  # some values are bytes
    for name, value in fields.items():
        text = value.decode() if isinstance(value, bytes) else value
        variable = name.upper().replace("-", "_")
        environ[variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"] = text
    environ["HTTP_HOST"] = host
    return environ
