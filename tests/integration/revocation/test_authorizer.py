"""The real authorizer beside a real table: who is cut off, when, and what an outage does."""

import json
import math
import time
from collections.abc import Callable
from typing import Any

import pytest

from function_kit.revocation.entry import Revocation
from function_kit.revocation.table_keys import ended_session_key
from tests.alarms import rings
from tests.integration.faulty_issuer import Fault, serve_faults
from tests.integration.revocation.conftest import TABLE, Table
from tests.integration.revocation.guarded import Guarded
from tests.issuer import Issuer
from tests.unit.hostile_server import HOSTILE, hostile_server
from tests.unit.jwt_verifier.conftest import Clock

Guard = Callable[..., Guarded]
UNREAD = "revocations_unavailable"


@pytest.fixture
def guard(issuer: Issuer) -> Guard:
    def guarded(table_url: str, **options: Any) -> Guarded:
        return Guarded(issuer, table_url, Clock(time.time()), **options)

    return guarded


def token(issuer: Issuer, **claims: Any) -> str:
    return issuer.mint(aud="api", scope="orders/read", **claims)


def now() -> int:
    return math.ceil(time.time())


def test_a_revoked_person_is_refused_within_the_lists_age_and_others_are_not(
    table: Table, guard: Guard, issuer: Issuer
) -> None:
    guarded = guard(table.url)
    ana, ben = token(issuer, sub="ana"), token(issuer, sub="ben")
    assert [guarded.settled(each) for each in (ana, ben)] == [200, 200]
    table.revoke(Revocation("sub", "partner", "ana", now()))
    assert guarded.settled(ana) == 200
    guarded.wall.seconds += 5
    assert [guarded.settled(each) for each in (ana, ben)] == [401, 200]
    said = json.loads(guarded.lines[-2])
    assert (said["reason"], said["detail"]) == ("token_revoked", "by sub")
    assert (said["sub"], said["issuer"], said["kid"]) == ("ana", issuer.url, issuer.signing_key.kid)


@pytest.mark.parametrize(
    ("kind", "revocation"),
    [
        # The time is that of the test, which may run long after it was collected.
        ("jti", lambda: Revocation("jti", "partner", "j")),
        ("origin_jti", lambda: Revocation("origin_jti", "partner", "o")),
        ("client", lambda: Revocation("client", "partner", "c", now() + 60)),
        ("all", lambda: Revocation("all", "partner", "", now() + 60)),
    ],
)
def test_each_kind_is_read_from_the_table(
    table: Table, guard: Guard, issuer: Issuer, kind: str, revocation: Callable[[], Revocation]
) -> None:
    table.revoke(revocation())
    guarded = guard(table.url)
    assert guarded.settled(token(issuer, jti="j", origin_jti="o", client_id="c")) == 401
    assert guarded.reason == ("token_revoked", f"by {kind}")


def test_who_signs_in_again_is_let_in(table: Table, guard: Guard, issuer: Issuer) -> None:
    table.revoke(Revocation("sub", "partner", "ana", now()))
    guarded = guard(table.url)
    again = token(issuer, sub="ana", iat=now(), auth_time=now())
    refreshed = token(issuer, sub="ana", iat=now(), auth_time=now() - 60)
    assert [guarded.settled(each) for each in (again, refreshed)] == [200, 401]


def test_sessions_that_ended_are_no_part_of_the_list(
    table: Table, guard: Guard, issuer: Issuer
) -> None:
    for number in range(10):
        item = {**ended_session_key(str(number)), "expires_at": {"N": str(now() + 900)}}
        table.dynamodb.put_item(TableName=TABLE, Item=item)
    assert guard(table.url).settled(token(issuer)) == 200


def test_a_table_that_is_not_there_lets_nobody_in_and_rings(
    guard: Guard, issuer: Issuer, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded = guard(table.url, table="Gone")
    assert guarded.settled(token(issuer)) == 500
    assert guarded.reason == (UNREAD, "answered 400: ResourceNotFoundException")
    assert rings("revocations-unavailable", capsys.readouterr().out)


def answer(status: str, body: bytes) -> Fault:
    return lambda talk: talk.answer(status, body)


@pytest.mark.parametrize(
    "fault",
    [
        answer("400 Bad Request", b'{"__type":"x#ProvisionedThroughputExceededException"}'),
        answer("200 OK", b'{"Items":[null]}'),
    ],
)
def test_a_table_that_answers_wrong_lets_nobody_in_or_who_is_not_known_to_be_revoked(
    guard: Guard, issuer: Issuer, fault: Fault
) -> None:
    with serve_faults({}, fault) as server:
        closed, opened = guard(server.url), guard(server.url, unreadable="open")
        for guarded in (closed, opened):
            guarded.authorizer.warm_up()
        assert closed.status(token(issuer)) == 500
        assert closed.reason[0] == UNREAD
        assert opened.status(token(issuer)) == 200


@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_that_hangs_is_given_up_after_200_milliseconds(
    guard: Guard, issuer: Issuer, name: str
) -> None:
    with hostile_server(name) as url:
        guarded = guard(url.rstrip("/"))
        assert guarded.status(token(issuer)) == 500
    assert guarded.reason[1].startswith("no answer within 0.")


def test_nobody_listens_and_an_open_stage_says_so_and_rings(
    guard: Guard, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded = guard("http://127.0.0.1:9", unreadable="open")
    assert guarded.status(token(issuer)) == 200
    assert guarded.reason[0] == "allowed"
    assert rings("revocations-unavailable", capsys.readouterr().out)
