import socket
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError

import key_rotation.handler
import revocations.handler
import secret_rotation.handler
import session.handler
import token_issuer.client_admin
import token_issuer.handler
from function_kit.aws import AWS_ERRORS, aws_client, call_limits, error_code

LIMITS = {
    "session": session.handler.CALLS,
    "token_issuer": token_issuer.handler.CALLS,
    "client_admin": token_issuer.client_admin.CALLS,
    "key_rotation": key_rotation.handler.CALLS,
    "revocations": revocations.handler.CALLS,
    "secret_rotation": secret_rotation.handler.CALLS,
}


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_every_function_bounds_its_calls_of_aws(limits: Any) -> None:
    client = aws_client("dynamodb", limits).meta.config
    assert client.connect_timeout <= 5
    assert client.read_timeout <= 10
    assert client.retries["total_max_attempts"] <= 5
    assert client.retries["mode"] == "standard"


def test_a_service_that_never_answers_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        limits = call_limits(connect_seconds=5, read_seconds=0.1, attempts=1)
        with pytest.raises(AWS_ERRORS) as none:
            aws_client("dynamodb", limits).list_tables()
    assert error_code(none.value) == "ReadTimeoutError"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({"Error": {"Code": "Throttled"}}, "Sign"), "Throttled"),
        (ClientError({}, "Sign"), ""),
        (ConnectTimeoutError(endpoint_url="https://a.example"), "ConnectTimeoutError"),
        (ReadTimeoutError(endpoint_url="https://a.example"), "ReadTimeoutError"),
        (BotoCoreError(), "BotoCoreError"),
    ],
)
def test_an_error_has_the_code_of_aws_or_the_name_of_its_kind(error: Exception, code: str) -> None:
    assert isinstance(error, AWS_ERRORS)
    assert error_code(error) == code
