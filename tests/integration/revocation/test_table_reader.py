"""Pages of the real list: each after the last one, all of them the whole, and a time is a place."""

import time

from function_kit.revocation.entry import Revocation, read_item, written_at
from function_kit.revocation.role_credentials import RoleCredentials
from function_kit.revocation.table_keys import ended_session_key
from function_kit.revocation.table_reader import Page, TableReader
from tests.integration.revocation.conftest import REGION, TABLE, Table

VARIABLES = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
SECONDS = 60.0


def read(table: Table, after: str | None = None, page_items: int = 10) -> Page:
    credentials = RoleCredentials(VARIABLES)
    reader = TableReader(
        table.url, REGION, TABLE, credentials, time.monotonic, page_items=page_items
    )
    return reader.page(after, time.time(), SECONDS)


def subjects(page: Page) -> set[str]:
    return {read_item(item).revocation.value for item in page.items}


def test_pages_follow_one_another_to_the_end_of_the_list(table: Table) -> None:
    people = {f"s-{number}" for number in range(25)}
    table.revoke(*(Revocation("sub", "cognito", sub, 1) for sub in people))
    session = {**ended_session_key("h"), "expires_at": {"N": "99999999999"}}
    table.dynamodb.put_item(TableName=TABLE, Item=session)
    first = read(table)
    second = read(table, first.last)
    third = read(table, second.last)
    assert [len(page.items) for page in (first, second, third)] == [10, 10, 5]
    assert third.last is None
    assert subjects(first) | subjects(second) | subjects(third) == people


def test_what_was_written_since_a_time_is_a_page_of_its_own(table: Table) -> None:
    table.revoke(Revocation("jti", "cognito", "old"))
    since = time.time() + 0.001
    while time.time() < since + 0.002:
        time.sleep(0.001)
    table.revoke(Revocation("jti", "cognito", "new"))
    assert subjects(read(table)) == {"old", "new"}
    assert subjects(read(table, written_at(since))) == {"new"}
    assert read(table, written_at(time.time() + 60)) == Page([], None)


def test_an_attribute_of_a_writer_is_not_fetched(table: Table) -> None:
    table.revoke(Revocation("jti", "cognito", "j"))
    [item] = table.dynamodb.scan(TableName=TABLE)["Items"]
    table.dynamodb.put_item(TableName=TABLE, Item={**item, "by": {"S": "ana"}})
    [found] = read(table).items
    assert isinstance(found, dict)
    assert found.keys() == {"entry", "kind", "issuer", "value", "expires_at"}
