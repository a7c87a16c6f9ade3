"""AWS is slow, denies or is gone: 503 with Retry-After, and nothing half-issued."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from key_rotation.deployment import ANSWER_SECONDS
from tests.integration.token_issuer.conftest import MakeClient
from tests.integration.token_issuer.faulty_aws import faulty_service
from tests.integration.token_issuer.issuer import DAY, HURRIED, Answer, Issuer, new_issuer
from token_issuer.key_ring import PATIENCE, Patience
from token_issuer.kms_algorithm import KEY_REFUSED

NOBODY = "http://127.0.0.1:9"
KEY_WITHOUT_KID = '[{"kms_key_id": "a", "signs_from": 1, "jwk": {}}]'


def is_a_refusal_for_now(answer: Answer) -> bool:
    return (
        answer.status == 503
        and answer.body["error"] == "temporarily_unavailable"
        and int(answer.headers["retry-after"]) > 0
        and answer.headers["cache-control"] == "no-store"
        and "access_token" not in answer.body
    )


def test_a_throttled_kms_is_asked_again_and_then_the_client_is_told_to_wait(
    issuer: Issuer, make_client: MakeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with faulty_service(400, "ThrottlingException") as kms:
        failing = issuer.beside(kms=make_client("kms", kms.url))
        assert is_a_refusal_for_now(failing.ask())
    assert kms.calls == ["TrentService.Sign"] * 3
    assert '"reason":"kms_ThrottlingException"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "calls"), [*((code, 2) for code in sorted(KEY_REFUSED)), ("ValidationException", 1)]
)
def test_what_kms_refuses_for_good_is_no_invitation_to_try_again(
    issuer: Issuer,
    make_client: MakeClient,
    capsys: pytest.CaptureFixture[str],
    error: str,
    calls: int,
) -> None:
    """Each published key is tried once; a request that is wrong with any key is tried once."""
    with faulty_service(400, error) as kms:
        answer = issuer.beside(kms=make_client("kms", kms.url)).ask()
    assert (answer.status, answer.body["error"]) == (500, "server_error")
    assert "retry-after" not in answer.headers
    assert len(kms.calls) == calls
    assert f'"outcome":"failed","reason":"kms_{error}"' in capsys.readouterr().out


def test_a_kms_that_does_not_answer_is_no_token(issuer: Issuer, make_client: MakeClient) -> None:
    failing = issuer.beside(kms=make_client("kms", NOBODY))
    assert is_a_refusal_for_now(failing.ask())


def test_without_its_tables_the_issuer_refuses_for_now(
    issuer: Issuer, make_client: MakeClient
) -> None:
    with faulty_service(400, "AccessDeniedException") as dynamodb:
        failing = issuer.beside(dynamodb=make_client("dynamodb", dynamodb.url))
        assert is_a_refusal_for_now(failing.ask())
        assert failing.get("/.well-known/jwks.json").status == 503
        assert failing.get("/.well-known/openid-configuration").status == 200


class Switched:
    """A client of the SDK that a test can exchange while it is in use."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


def join_reads() -> None:
    for thread in threading.enumerate():
        if thread.name == "key-ring":
            thread.join()


class HeldReads:
    """A client of DynamoDB whose reads of a ring wait until they may go."""

    def __init__(self, dynamodb: Any) -> None:
        self.dynamodb, self.reads = dynamodb, 0
        self.may_go = threading.Event()
        self.may_go.set()
        self.before_answer: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dynamodb, name)

    def get_item(self, **arguments: Any) -> Any:
        if arguments["TableName"].startswith("ring-"):
            self.reads += 1
            self.may_go.wait(60)
            self.before_answer()
        return self.dynamodb.get_item(**arguments)


def test_keys_in_hand_are_served_while_the_table_is_down_but_not_for_ever(
    issuer: Issuer, make_client: MakeClient
) -> None:
    path, switched = "/.well-known/jwks.json", Switched(issuer.dynamodb)
    with faulty_service(400, "AccessDeniedException") as dynamodb:
        environment = issuer.beside(dynamodb=switched)
        known = environment.get(path)
        switched.client = make_client("dynamodb", dynamodb.url)
        environment.clock.now += 59
        assert environment.get(path) == known
        assert dynamodb.calls == []
        environment.clock.now += DAY - 100
        assert environment.get(path) == known
        assert len(dynamodb.calls) == 1
        environment.clock.now += 100
        assert environment.get(path).status == 503


def test_reads_that_fail_are_tried_less_and_less_often_while_there_are_keys_in_hand(
    issuer: Issuer, make_client: MakeClient
) -> None:
    path, switched = "/.well-known/jwks.json", Switched(issuer.dynamodb)
    with faulty_service(400, "AccessDeniedException") as dynamodb:
        environment = issuer.beside(dynamodb=switched)
        environment.get(path)
        switched.client = make_client("dynamodb", dynamodb.url)
        for passed, calls in ((61, 1), (0.5, 1), (0.5, 2), (1.9, 2), (0.1, 3), (3.9, 3), (0.1, 4)):
            environment.clock.now += passed
            assert environment.get(path).status == 200
            assert len(dynamodb.calls) == calls


def test_keys_in_hand_are_served_without_waiting_for_a_table_that_hangs(issuer: Issuer) -> None:
    """The read is held until the answers are there: waiting for it would never end."""
    path, held = "/.well-known/jwks.json", HeldReads(issuer.dynamodb)
    environment = issuer.beside(dynamodb=held, patience=HURRIED)
    known = environment.get(path)
    held.may_go.clear()
    for _ in range(3):
        environment.clock.now += 100
        assert environment.get(path) == known
    assert environment.ask().status == 200
    assert held.reads == 4
    held.may_go.set()


def test_a_read_that_came_late_serves_the_next_caller(issuer: Issuer) -> None:
    path, held = "/.well-known/jwks.json", HeldReads(issuer.dynamodb)
    environment = issuer.beside(dynamodb=held, patience=HURRIED)
    environment.get(path)
    held.may_go.clear()
    environment.clock.now += 61
    environment.get(path)
    held.may_go.set()
    join_reads()
    environment.clock.now += 59
    assert environment.get(path).status == 200
    assert held.reads == 2


def test_an_answer_is_as_old_as_its_question_for_lambda_may_freeze_in_between(
    issuer: Issuer,
) -> None:
    path, held = "/.well-known/jwks.json", HeldReads(issuer.dynamodb)
    environment = issuer.beside(dynamodb=held)
    held.before_answer = lambda: setattr(environment.clock, "now", environment.clock.now + 3_600)
    environment.get(path)
    held.before_answer = lambda: None
    environment.get(path)
    assert held.reads == 2


def test_what_api_gateway_waits_for_is_longer_than_any_wait_for_the_table() -> None:
    assert PATIENCE.with_keys < 0.05
    assert PATIENCE.without_keys < ANSWER_SECONDS


def test_without_keys_a_table_that_hangs_is_one_bounded_read_and_then_a_refusal(
    issuer: Issuer,
) -> None:
    held = HeldReads(issuer.dynamodb)
    held.may_go.clear()
    environment = issuer.beside(dynamodb=held, patience=Patience(0, 0))
    assert environment.get("/.well-known/jwks.json").status == 503
    assert held.reads == 1
    held.may_go.set()
    join_reads()
    assert environment.get("/.well-known/jwks.json").status == 200


def test_a_damaged_or_missing_ring_is_no_empty_key_set(kms: Any, dynamodb: Any) -> None:
    path, issuer = "/.well-known/jwks.json", new_issuer(kms, dynamodb)
    assert issuer.get(path).status == 503
    for damaged in ("", "[]", "{}", "null", '[{"kms_key_id": "a"}]', KEY_WITHOUT_KID, "[1]"):
        item = {"id": {"S": "signing-keys"}, "version": {"N": "1"}, "keys": {"S": damaged}}
        dynamodb.put_item(TableName=issuer.tables.ring, Item=item)
        assert issuer.get(path).status == 503, damaged
