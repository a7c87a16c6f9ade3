"""A sign-out in a stage with revocation: what is out already is refused, wherever a copy is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

import session.handler
from function_kit.revocation.entry import KeptRevocation, Revocation, read_item
from function_kit.revocation.lifetimes import Lifetimes
from function_kit.revocation.table_keys import LIST, REVOCATIONS
from session.grants import unverified_claims
from session.settings import Revoking
from tests.integration.session.faulty_issuer import FaultyIssuer
from tests.integration.session.person import Aws, Backend, Person

ENTRY_SECONDS, RENEWABLE_SECONDS = 960, 87_360
REVOKING = Revoking(Lifetimes(ENTRY_SECONDS, RENEWABLE_SECONDS), "cognito")


def with_revocation(backend: Backend, dynamodb: Any = None) -> Backend:
    """The same function in a stage with revocation."""
    settings = replace(backend.settings, revoking=REVOKING)
    aws = replace(backend.aws, dynamodb=dynamodb or backend.aws.dynamodb)
    built = session.handler.build(
        settings,
        secretsmanager=aws.secretsmanager,
        dynamodb=aws.dynamodb,
        clock=backend.clock,
        monotonic_clock=backend.clock,
    )
    return Backend(built, settings, aws, backend.clock)


def access_claims(person: Person) -> dict[str, Any]:
    return unverified_claims(person.joined("__Host-Http-access"))


def entries_of(aws: Aws, value: str) -> list[KeptRevocation]:
    items = aws.dynamodb.query(
        TableName=aws.table,
        KeyConditionExpression="#list = :list",
        ExpressionAttributeNames={"#list": LIST},
        ExpressionAttributeValues={":list": {"S": REVOCATIONS}},
    )["Items"]
    found = [read_item(item) for item in items]
    return [entry for entry in found if entry.revocation.value == value]


@pytest.fixture
def no_answer(aws: Aws) -> Iterator[None]:
    """The table does not answer to a write."""

    def hang(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://dynamodb.invalid")

    events = aws.dynamodb.meta.events
    events.register_first("before-send.dynamodb.PutItem", hang)
    yield
    events.unregister("before-send.dynamodb.PutItem", hang)


def test_a_sign_out_has_every_token_of_the_sign_in_refused(signed_in: Person, aws: Aws) -> None:
    signed_in.backend = with_revocation(signed_in.backend)
    origin_jti = access_claims(signed_in)["origin_jti"]
    now = int(signed_in.backend.clock())
    assert signed_in.logout().json["ended"] is True
    expected = Revocation("origin_jti", "cognito", origin_jti)
    assert entries_of(aws, origin_jti) == [KeptRevocation(expected, now + 1 + ENTRY_SECONDS)]


def test_so_does_one_after_the_browser_has_thrown_the_access_token_away(
    signed_in: Person, aws: Aws
) -> None:
    signed_in.backend = with_revocation(signed_in.backend)
    origin_jti = access_claims(signed_in)["origin_jti"]
    for name in [name for name in signed_in.jar if name.startswith("__Host-Http-access")]:
        del signed_in.jar[name], signed_in.ends_at[name]
    assert signed_in.logout().json["ended"] is True
    assert len(entries_of(aws, origin_jti)) == 1


def test_without_revocation_a_sign_out_adds_nothing(signed_in: Person, aws: Aws) -> None:
    origin_jti = access_claims(signed_in)["origin_jti"]
    assert signed_in.logout().json["ended"] is True
    assert entries_of(aws, origin_jti) == []


@pytest.mark.usefixtures("no_answer")
def test_a_list_that_cannot_be_written_is_no_whole_sign_out(
    signed_in: Person,
) -> None:
    signed_in.backend = with_revocation(signed_in.backend)
    told = signed_in.logout()
    assert (told.status, told.json["ended"]) == (200, False)
    assert signed_in.jar == {}


def test_what_a_refresh_token_may_bring_that_could_not_be_ended_is_refused_as_long_as_it_lives(
    faulty: FaultyIssuer, aws: Aws
) -> None:
    faulty.access_claims = {"jti": "t-1", "origin_jti": "s-1"}
    person = Person(with_revocation(faulty.backend))
    faulty.sign_in(person)
    faulty.says["/revoke"] = (500, b"")
    now = int(faulty.clock())
    told = person.logout().json
    assert (told["ended"], told["revoked"]) == (True, False)
    assert sorted(entry.expires_at for entry in entries_of(aws, "s-1")) == [
        now + 1 + ENTRY_SECONDS,
        now + 1 + RENEWABLE_SECONDS,
    ]


@pytest.mark.parametrize(
    ("claims", "kind"), [({"jti": "only-jti"}, "jti"), ({"jti": "both", "origin_jti": 7}, "jti")]
)
def test_of_an_issuer_without_sign_ins_the_one_token_is_refused(
    faulty: FaultyIssuer, aws: Aws, claims: dict[str, Any], kind: str
) -> None:
    faulty.access_claims = claims
    person = Person(with_revocation(faulty.backend))
    faulty.sign_in(person)
    faulty.says["/revoke"] = (200, b"")
    person.logout()
    [entry] = entries_of(aws, str(claims["jti"]))
    assert entry.revocation.kind == kind


def test_a_token_that_nothing_names_stops_no_sign_out(faulty: FaultyIssuer) -> None:
    person = Person(with_revocation(faulty.backend))
    faulty.sign_in(person)
    faulty.says["/revoke"] = (200, b"")
    told = person.logout().json
    assert (told["ended"], told["revoked"]) == (True, True)


def test_the_entry_says_whose_sign_out_it_was(signed_in: Person, aws: Aws) -> None:
    signed_in.backend = with_revocation(signed_in.backend)
    claims = access_claims(signed_in)
    signed_in.logout()
    items = aws.dynamodb.scan(TableName=aws.table)["Items"]
    [item] = [item for item in items if item.get("value") == {"S": claims["origin_jti"]}]
    assert item["by"] == {"S": f"cognito:{claims['sub']}"}
