"""The role's credentials: from variables, or from the address that a snapshot's environment names."""

import json
from collections.abc import Iterator

import pytest

from function_kit.revocation.aws_signature import Credentials
from function_kit.revocation.errors import ListUnreadable
from function_kit.revocation.role_credentials import RoleCredentials
from tests.integration.faulty_issuer import Conversation, Fault, FaultyIssuer, serve_faults

NOW = 1_800_000_000.0
FOUND = {
    "AccessKeyId": "AKID",
    "SecretAccessKey": "secret",
    "Token": "word",
    "Expiration": "2027-01-15T09:00:00Z",
}
EXPIRES_AT = 1_800_003_600.0
SECONDS = 10.0


def answering(body: bytes, status: str = "200 OK") -> Fault:
    return lambda talk: talk.answer(status, body)


@pytest.fixture
def endpoint() -> Iterator[FaultyIssuer]:
    with serve_faults({}, answering(json.dumps(FOUND).encode())) as server:
        yield server


def of_snapshot(endpoint: FaultyIssuer) -> RoleCredentials:
    return RoleCredentials(
        {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{endpoint.url}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let-me",
        }
    )


def test_those_in_variables_are_read_at_each_use() -> None:
    variables = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    credentials = RoleCredentials(variables)
    assert credentials.get(NOW, SECONDS) == Credentials("a", "b", "")
    variables |= {"AWS_ACCESS_KEY_ID": "c", "AWS_SESSION_TOKEN": "d"}
    assert credentials.get(NOW, SECONDS) == Credentials("c", "b", "d")


def test_a_snapshots_are_asked_for_and_kept_until_they_nearly_expire(
    endpoint: FaultyIssuer,
) -> None:
    credentials = of_snapshot(endpoint)
    for now in (NOW, EXPIRES_AT - 301):
        assert credentials.get(now, SECONDS) == Credentials("AKID", "secret", "word")
    assert endpoint.requests == ["/credentials"]
    assert "authorization: let-me" in endpoint.headers[0].lower()
    credentials.get(EXPIRES_AT - 300, SECONDS)
    assert endpoint.fetches == 2


def _dropped(_talk: Conversation) -> None:
    return


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (answering(b"{}", "403 Forbidden"), "the role's credentials: answered 403"),
        (answering(b"{}"), "the role's credentials are malformed"),
        (answering(b"[1]"), "the role's credentials are malformed"),
        (answering(b"no"), "the role's credentials are malformed"),
        (
            answering(json.dumps({**FOUND, "Expiration": "soon"}).encode()),
            "the role's credentials are malformed",
        ),
        (_dropped, "the role's credentials: no answer: RemoteDisconnected"),
    ],
)
def test_an_address_that_gives_none_is_told(
    endpoint: FaultyIssuer, fault: Fault, words: str
) -> None:
    endpoint.fault = fault
    with pytest.raises(ListUnreadable) as none:
        of_snapshot(endpoint).get(NOW, SECONDS)
    assert str(none.value) == words


@pytest.mark.parametrize("url", ["", "http://169.254.170.2/v2", "file:///etc/passwd"])
def test_an_environment_that_names_none_is_told(url: str) -> None:
    variables = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url}
    with pytest.raises(ListUnreadable, match="names no credentials"):
        RoleCredentials(variables).get(NOW, SECONDS)
