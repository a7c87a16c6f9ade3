"""The function that revokes: who may ask, what stands in the table then, and what is answered."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from function_kit.revocation.asked import Issuers
from function_kit.revocation.entry import KeptRevocation, Revocation, read_item
from function_kit.revocation.lifetimes import Lifetimes
from function_kit.revocation.table_keys import ENTRY, LIST, REVOCATIONS
from revocations.handler import CALLS, build
from revocations.settings import Settings
from tests.moto_services import client_in_process

REGION = "eu-west-1"
NOW = 1_795_000_000.5
ENTRY_SECONDS, RENEWABLE_SECONDS, BOUND_SECONDS = 960, 87_360, 10
ADMIN = {"issuer_name": "cognito", "sub": "admin-1", "client_id": "web"}
ADMIN_ROUTE, OWN_ROUTE = "POST /admin/revocations", "POST /session/revoke"

Revoke = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    client = client_in_process("dynamodb", REGION, CALLS)
    yield client
    client.close()


@pytest.fixture(scope="module")
def cognito() -> Iterator[Any]:
    client = client_in_process("cognito-idp", REGION, CALLS)
    yield client
    client.close()


@pytest.fixture(scope="module")
def pool_id(cognito: Any) -> str:
    return str(cognito.create_user_pool(PoolName="revocations")["UserPool"]["Id"])


@pytest.fixture
def table(dynamodb: Any) -> Iterator[str]:
    name = "revocations"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": LIST, "KeyType": "HASH"},
            {"AttributeName": ENTRY, "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in (LIST, ENTRY)
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture
def revoke(dynamodb: Any, cognito: Any, table: str, pool_id: str) -> Revoke:
    settings = Settings(
        table=table,
        lifetimes=Lifetimes(ENTRY_SECONDS, RENEWABLE_SECONDS),
        bound_seconds=BOUND_SECONDS,
        issuers=Issuers(frozenset({"cognito", "partner"}), "cognito"),
        user_pool_id=pool_id,
        stage="prod",
    )
    function = build(settings, dynamodb=dynamodb, cognito=cognito, clock=lambda: NOW)

    def call(
        body: object = None, route: str = ADMIN_ROUTE, caller: Any = ADMIN, **event: Any
    ) -> tuple[int, Any]:
        context: dict[str, Any] = {"requestId": "r-1", "http": {"sourceIp": "203.0.113.7"}}
        if caller is not None:
            context["authorizer"] = {"lambda": caller}
        text = body if isinstance(body, str) else json.dumps(body)
        given = {"routeKey": route, "requestContext": context, "body": text, **event}
        answer = function(given)
        return answer["statusCode"], json.loads(answer["body"])

    return call


def kept(dynamodb: Any, table: str) -> list[KeptRevocation]:
    items = dynamodb.query(
        TableName=table,
        KeyConditionExpression="#list = :list",
        ExpressionAttributeNames={"#list": LIST},
        ExpressionAttributeValues={":list": {"S": REVOCATIONS}},
    )["Items"]
    return [read_item(item) for item in items]


def token_of(**claims: object) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + ".c2"


def test_a_client_is_refused_and_the_answer_says_what_and_from_when(
    revoke: Revoke, dynamodb: Any, table: str
) -> None:
    assert revoke({"client": "web", "issuer": "partner"}) == (
        201,
        {
            "refused": {
                "kind": "client",
                "issuer": "partner",
                "value": "web",
                "issued_before": 1_795_000_001,
            },
            "holds_from": 1_795_000_011,
            "forgotten_at": 1_795_000_001 + ENTRY_SECONDS,
        },
    )
    revocation = Revocation("client", "partner", "web", 1_795_000_001)
    assert kept(dynamodb, table) == [KeptRevocation(revocation, 1_795_000_001 + ENTRY_SECONDS)]


def test_an_entry_says_who_wrote_it_and_so_does_one_line_of_the_log(
    revoke: Revoke, dynamodb: Any, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    revoke({"jti": "t-1"})
    [item] = dynamodb.scan(TableName=table)["Items"]
    assert item["by"] == {"S": "cognito:admin-1"}
    logged, metric = map(json.loads, capsys.readouterr().out.splitlines())
    said = {name: logged[name] for name in ("outcome", "reason", "by", "value", "issuer_name")}
    assert said == {
        "outcome": "revoked",
        "reason": "jti",
        "by": "cognito:admin-1",
        "value": "t-1",
        "issuer_name": "cognito",
    }
    assert metric["TokensRevoked"] == [1.0]


def test_a_person_of_the_pool_gets_nothing_new_by_an_old_refresh_token(
    revoke: Revoke, cognito: Any, pool_id: str
) -> None:
    made = cognito.admin_create_user(UserPoolId=pool_id, Username="ada@example.com")["User"]
    [sub] = [item["Value"] for item in made["Attributes"] if item["Name"] == "sub"]
    status, said = revoke({"sub": sub})
    assert (status, said["refresh_tokens"]) == (201, "ended")
    assert said["forgotten_at"] == 1_795_000_001 + ENTRY_SECONDS


@pytest.mark.parametrize("sub", ["nobody-here", 'x" or sub = "y', "sub with spaces"])
def test_of_somebody_whom_the_pool_does_not_know_it_is_said(revoke: Revoke, sub: str) -> None:
    status, said = revoke({"sub": sub})
    assert (status, said["refresh_tokens"]) == (201, "nobody")


def test_a_person_whose_refresh_tokens_are_left_is_refused_for_as_long_as_these_live(
    revoke: Revoke, dynamodb: Any, cognito: Any, table: str
) -> None:
    def hang(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://cognito.invalid")

    cognito.meta.events.register_first("before-send", hang)
    try:
        status, said = revoke({"sub": "u-1"})
    finally:
        cognito.meta.events.unregister("before-send", hang)
    assert (status, said["refresh_tokens"]) == (201, "not_ended")
    assert said["forgotten_at"] == 1_795_000_001 + RENEWABLE_SECONDS
    assert len(kept(dynamodb, table)) == 2


def test_a_person_of_another_issuer_is_that_issuers_affair(revoke: Revoke) -> None:
    status, said = revoke({"sub": "u-1", "issuer": "partner"})
    assert (status, "refresh_tokens" in said) == (201, False)


def test_a_sign_in_is_refused_for_as_long_as_it_can_be_renewed(revoke: Revoke) -> None:
    _, said = revoke({"origin_jti": "s-1"})
    assert said["forgotten_at"] == 1_795_000_001 + RENEWABLE_SECONDS


def test_a_caller_ends_their_own_sign_in_whatever_the_body_says(
    revoke: Revoke, dynamodb: Any, table: str
) -> None:
    token = token_of(origin_jti="s-1", jti="t-1", sub="user-1")
    caller = {**ADMIN, "sub": "user-1"}
    status, said = revoke(
        {"sub": "admin-1"}, OWN_ROUTE, caller, headers={"authorization": f"Bearer {token}"}
    )
    assert status == 201
    assert said["refused"] == {"kind": "origin_jti", "issuer": "cognito", "value": "s-1"}
    assert [one.revocation for one in kept(dynamodb, table)] == [
        Revocation("origin_jti", "cognito", "s-1")
    ]


def test_a_token_in_cookies_is_one_in_parts(revoke: Revoke) -> None:
    token = token_of(origin_jti="s-2")
    half = len(token) // 2
    name = "__Host-Http-access"
    cookies = [f"{name}={token[:half]}", f"{name}-1={token[half:]}", "other=1"]
    status, said = revoke(None, OWN_ROUTE, cookies=cookies)
    assert (status, said["refused"]["value"]) == (201, "s-2")


def test_of_an_issuer_without_sign_ins_the_one_token_is_refused(revoke: Revoke) -> None:
    headers = {"authorization": f"bearer  {token_of(jti='t-9', origin_jti=7)}"}
    partner = {**ADMIN, "issuer_name": "partner"}
    _, said = revoke(None, OWN_ROUTE, partner, headers=headers)
    assert said["refused"] == {"kind": "jti", "issuer": "partner", "value": "t-9"}


@pytest.mark.parametrize("claims", [{"sub": "u"}, {"jti": ""}, {"jti": "x" * 1_025}])
def test_a_token_that_nothing_names_is_not_revoked(revoke: Revoke, claims: Any) -> None:
    headers = {"authorization": f"Bearer {token_of(**claims)}"}
    status, said = revoke(None, OWN_ROUTE, headers=headers)
    assert (status, said["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("route", "caller"),
    [
        (ADMIN_ROUTE, None),
        (OWN_ROUTE, None),
        (ADMIN_ROUTE, {}),
        (ADMIN_ROUTE, {"sub": "admin-1"}),
        (OWN_ROUTE, ADMIN),  # without any token
    ],
)
def test_a_request_that_no_lambda_authorizer_has_passed_is_refused(
    revoke: Revoke, dynamodb: Any, table: str, route: str, caller: Any
) -> None:
    status, said = revoke({"sub": "u-1"}, route, caller)
    assert (status, said["error"]) == (403, "forbidden")
    assert kept(dynamodb, table) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "body: it is not a JSON object"),
        ("[]", "body: it is not a JSON object"),
        ('{"sub": "a", "sub": "b"}', "body: it is not a JSON object"),
        ('{"sub": "' + "a" * 9_000 + '"}', "body: 9011 bytes; give at most 8192"),
        ({"sub": "a", "note": "b"}, "'note': unknown"),
        ({"before": "tomorrow"}, "before: 'tomorrow'; give a time with its zone"),
    ],
)
def test_a_body_that_is_wrong_is_refused_by_its_field(
    revoke: Revoke, dynamodb: Any, table: str, body: object, problem: str
) -> None:
    status, said = revoke(body)
    assert (status, said["error"]) == (400, "invalid_request")
    assert problem in said["message"]
    assert kept(dynamodb, table) == []


def test_a_body_may_come_in_base64(revoke: Revoke) -> None:
    text = base64.b64encode(b'{"jti": "t-1"}').decode()
    assert revoke(text, isBase64Encoded=True)[0] == 201
    assert revoke("{", isBase64Encoded=True)[0] == 400


def test_another_route_is_not_found(revoke: Revoke) -> None:
    assert revoke({}, "GET /admin/revocations") == (404, {"error": "not_found"})


def test_a_table_that_does_not_answer_is_no_success(
    revoke: Revoke, dynamodb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def hang(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://dynamodb.invalid")

    dynamodb.meta.events.register_first("before-send", hang)
    try:
        status, said = revoke({"sub": "u-1"})
    finally:
        dynamodb.meta.events.unregister("before-send", hang)
    assert (status, said) == (
        503,
        {"error": "unavailable", "message": "nothing was revoked; try again"},
    )
    assert '"reason":"revocations_ReadTimeoutError"' in capsys.readouterr().out


def test_settings_are_read_from_the_environment_and_refused_by_name() -> None:
    environment = {
        "REVOCATION_TABLE": "t",
        "REVOCATION_ENTRY_SECONDS": "960",
        "REVOCATION_RENEWABLE_SECONDS": "87360",
        "REVOCATION_BOUND_SECONDS": "10",
        "ISSUER_NAMES": "cognito partner",
        "POOL_ISSUER_NAME": "cognito",
        "USER_POOL_ID": "p",
        "STAGE": "prod",
    }
    read = Settings.from_env(environment)
    assert (read.lifetimes, read.bound_seconds) == (Lifetimes(960, 87_360), 10)
    assert read.issuers == Issuers(frozenset({"cognito", "partner"}), "cognito")
    for name in environment:
        with pytest.raises(Exception, match=f"{name}: missing"):
            Settings.from_env({**environment, name: ""})
