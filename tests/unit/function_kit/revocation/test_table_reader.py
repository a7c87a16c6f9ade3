"""A page of the list: what is asked for, and what is made of whatever comes back."""

import json
from collections.abc import Iterator

import pytest

from function_kit.revocation.entry import Revocation, new_item
from function_kit.revocation.errors import ListUnreadable
from function_kit.revocation.revocations import from_environment
from function_kit.revocation.role_credentials import RoleCredentials
from function_kit.revocation.table_reader import PAGE_ITEMS, Page, TableReader
from jwt_verifier.freshness import Clocks
from tests.integration.faulty_issuer import Fault, FaultyIssuer, serve_faults
from tests.unit.function_kit.revocation.tokens import token
from tests.unit.jwt_verifier.conftest import NOW, Clock

SECONDS = 10.0
VARIABLES = {
    "REVOCATION_TABLE": "T",
    "REVOCATION_UNREADABLE": "closed",
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "AKID",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "word",
}
THROTTLED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'


def answer(status: str, body: object) -> Fault:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda talk: talk.answer(status, text)


def leading_to(key: object) -> Fault:
    return answer("200 OK", {"Items": [], "LastEvaluatedKey": key})


@pytest.fixture
def table() -> Iterator[FaultyIssuer]:
    with serve_faults({}, answer("200 OK", {"Items": []})) as server:
        yield server


def read(table: FaultyIssuer, after: str | None = None) -> Page:
    credentials = RoleCredentials(VARIABLES)
    reader = TableReader(table.url, "eu-west-1", "T", credentials, Clock(0.0))
    return reader.page(after, NOW, SECONDS)


def unread(table: FaultyIssuer, fault: Fault) -> str:
    table.fault = fault
    with pytest.raises(ListUnreadable) as problem:
        read(table, "5")
    return str(problem.value)


def test_a_call_is_signed_and_asks_for_a_consistent_read_of_the_list_alone(
    table: FaultyIssuer,
) -> None:
    for after in (None, "5"):
        assert read(table, after) == Page([], None)
    first, second = map(json.loads, table.bodies)
    assert first["ConsistentRead"] is True
    assert (first["TableName"], first["Limit"]) == ("T", PAGE_ITEMS)
    assert first["KeyConditionExpression"] == "#list = :list"
    assert first["ExpressionAttributeValues"] == {":list": {"S": "revocations"}}
    assert second["KeyConditionExpression"] == "#list = :list AND #entry > :after"
    assert second["ExpressionAttributeValues"][":after"] == {"S": "5"}
    head = table.headers[0].lower()
    assert "x-amz-target: dynamodb_20120810.query" in head
    assert "authorization: aws4-hmac-sha256 credential=akid/" in head
    assert "x-amz-security-token: word" in head


def test_a_page_says_where_the_next_one_begins(table: FaultyIssuer) -> None:
    table.fault = leading_to({"list": {"S": "revocations"}, "entry": {"S": "6"}})
    assert read(table, "5").last == "6"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (answer("400 Bad Request", THROTTLED), "answered 400: ProvisionedThroughputExceeded"),
        (answer("500 Internal Server Error", {}), "answered 500: "),
        (answer("503 Service Unavailable", b"busy"), "answered 503, and not an object of JSON"),
        (answer("200 OK", []), "answered 200, and not an object of JSON"),
        (answer("200 OK", b"[" * 100_000), "answered 200, and not an object of JSON"),
        (answer("200 OK", {"Items": {}}), "answered without items"),
        (leading_to({"entry": {"S": "5"}}), "answered with a page that leads nowhere"),
        (leading_to({"entry": {"S": 6}}), "answered with a page that leads nowhere"),
        (leading_to({"entry": "6"}), "answered with a page that leads nowhere"),
        (leading_to("6"), "answered with a page that leads nowhere"),
        (lambda _: None, "no answer: RemoteDisconnected"),
    ],
)
def test_whatever_else_comes_back_is_no_page_and_says_why(
    table: FaultyIssuer, fault: Fault, words: str
) -> None:
    assert unread(table, fault).startswith(words)


def test_a_connection_that_breaks_off_is_tried_once_more(table: FaultyIssuer) -> None:
    assert "RemoteDisconnected" in unread(table, lambda _: None)
    assert table.fetches == 2


def test_an_environment_names_the_table_and_how_old_its_list_may_be(table: FaultyIssuer) -> None:
    revoked = Revocation("jti", "cognito", "j")
    item = new_item(revoked, now=NOW, lifetime_seconds=900)
    table.fault = answer("200 OK", {"Items": [item]})
    reported: list[str] = []
    wall = Clock()
    revocations = from_environment(
        {**VARIABLES, "AWS_ENDPOINT_URL": table.url, "REVOCATION_LIST_AGE_SECONDS": "2"},
        report=reported.append,
        clocks=Clocks(wall, Clock(0.0)),
    )
    revocations.warm_up()
    for seconds in (0.0, 1.5, 0.5):
        wall.seconds += seconds
        assert revocations.standing(token(jti="j")).revoked_by == "jti"
    assert table.fetches == 2
    assert reported == []


@pytest.mark.parametrize(("unreadable", "is_unknown"), [("closed", True), ("open", False)])
def test_an_environment_says_what_happens_while_there_is_no_list(
    unreadable: str, is_unknown: bool
) -> None:
    revocations = from_environment(
        {
            **VARIABLES,
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "REVOCATION_UNREADABLE": unreadable,
        },
        report=lambda _: None,
        clocks=Clocks(Clock(), Clock(0.0)),
    )
    standing = revocations.standing(token(jti="j"))
    assert (standing.unknown_because is not None) is is_unknown
