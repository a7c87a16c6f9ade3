"""A signature of ours is the one that the SDK makes of the same call."""

import pytest
from botocore import credentials as sdk
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import get_current_datetime

from function_kit.revocation.aws_signature import Call, Credentials, signed_headers

NOW = 1_800_000_000.75
HEADERS = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.Query"}


@pytest.mark.parametrize("word", ["", "session/token+=="])
@pytest.mark.parametrize(
    ("url", "region", "content"),
    [
        ("https://dynamodb.eu-west-1.amazonaws.com", "eu-west-1", b"{}"),
        ("https://dynamodb.cn-north-1.amazonaws.com.cn", "cn-north-1", '{"ä": 1}'.encode()),
        ("http://127.0.0.1:8000", "us-east-1", b""),
    ],
)
def test_it_is_that_of_the_sdk(
    url: str, region: str, content: bytes, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = get_current_datetime().fromtimestamp(NOW)  # botocore reads UTC from it
    ours = signed_headers(
        Call(url, "dynamodb", region, HEADERS, content), Credentials("AKID", "s/cr+t", word), NOW
    )
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: then)
    request = AWSRequest("POST", f"{url}/", headers=dict(HEADERS), data=content)
    SigV4Auth(sdk.Credentials("AKID", "s/cr+t", word or None), "dynamodb", region).add_auth(request)
    theirs = {name.lower(): value for name, value in request.headers.items()}
    assert ours == theirs


def test_a_secret_is_in_no_representation() -> None:
    shown = repr(Credentials("AKID", "hidden", "word"))
    assert "hidden" not in shown
    assert "word" not in shown
