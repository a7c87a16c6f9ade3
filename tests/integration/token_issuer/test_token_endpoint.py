"""The token endpoint: a whole token, or RFC 6749's error and no part of one."""

import base64
import json
import uuid
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.token_issuer.issuer import (
    AUDIENCE,
    FORM,
    ISSUER_URL,
    SCOPES,
    START,
    TOKEN_SECONDS,
    Issuer,
    basic,
    make_table,
    token_event,
)
from token_issuer.client_admin import ClientAdmin
from token_issuer.errors import TooManyRequests
from token_issuer.rate import Rate
from token_issuer.rate_limit import RateLimit

GRANT = {"grant_type": "client_credentials"}


def claims_of(issuer: Issuer, token: str) -> dict[str, Any]:
    """What PyJWT, a verifier that is not ours, reads with the published keys."""
    keys = jwt.PyJWKSet.from_dict(issuer.get("/.well-known/jwks.json").body)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    options: Any = {"verify_exp": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER_URL, options=options
    )
    return claims


def test_a_token_is_an_rfc_9068_access_token_that_the_published_key_verifies(
    issuer: Issuer,
) -> None:
    answer = issuer.ask("orders/read")
    assert answer.status == 200
    assert answer.body["token_type"] == "Bearer"
    assert (answer.body["expires_in"], answer.body["scope"]) == (TOKEN_SECONDS, "orders/read")
    token = answer.body["access_token"]
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    claims = claims_of(issuer, token)
    jti = claims.pop("jti")
    assert len(jti) >= 16
    assert claims == {
        "iss": ISSUER_URL,
        "aud": AUDIENCE,
        "sub": "billing",
        "client_id": "billing",
        "scope": "orders/read",
        "iat": int(START),
        "exp": int(START) + TOKEN_SECONDS,
    }


def test_no_two_tokens_have_one_jti(issuer: Issuer) -> None:
    tokens = [issuer.ask().body["access_token"] for _ in range(3)]
    assert len({claims_of(issuer, token)["jti"] for token in tokens}) == 3


def test_without_a_scope_a_client_gets_all_of_its_own(issuer: Issuer) -> None:
    assert issuer.ask().body["scope"] == "orders/read orders/write"


def test_a_secret_in_the_body_is_as_good_as_in_the_header(issuer: Issuer) -> None:
    answer = issuer.post({**GRANT, "client_id": "billing", "client_secret": issuer.secret})
    assert answer.status == 200


def test_nobody_may_keep_a_token_or_a_refusal(issuer: Issuer) -> None:
    for answer in (issuer.ask(), issuer.post({"grant_type": "password"})):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"


def test_an_unknown_scope_is_refused_and_nothing_is_granted(issuer: Issuer) -> None:
    answer = issuer.ask("orders/read orders/delete")
    assert (answer.status, answer.body["error"]) == (400, "invalid_scope")
    assert "access_token" not in answer.body


@pytest.mark.parametrize("client_id", ["billing", "nobody", "no body", "x"])
def test_wrong_secrets_and_unknown_clients_get_one_and_the_same_answer(
    issuer: Issuer, client_id: str
) -> None:
    answer = issuer.post(GRANT, headers=basic(client_id, "wrong"))
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert answer.body == {
        "error": "invalid_client",
        "error_description": "unknown client or wrong secret",
    }


def test_an_unknown_client_costs_as_much_hashing_as_a_known_one(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[tuple[int, int, int]] = []
    scrypt = __import__("hashlib").scrypt

    def counted(password: bytes, **parameters: Any) -> bytes:
        work.append((parameters["n"], parameters["r"], parameters["p"]))
        digest: bytes = scrypt(password, **parameters)
        return digest

    monkeypatch.setattr("hashlib.scrypt", counted)
    issuer.post(GRANT, headers=basic("billing", "wrong"))
    issuer.post(GRANT, headers=basic("nobody", "wrong"))
    assert len(work) == 2
    assert work[0] == work[1]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "invalid_request"),
        ("grant_type", "invalid_request"),
        ("grant_type=", "invalid_request"),
        ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=authorization_code", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&scope=orders/read&scope=orders/write", "invalid_request"),
        ("grant_type=client_credentials&scope=&scope=orders/read", "invalid_request"),
        ("grant_type=client_credentials&client_secret=x", "invalid_request"),
        ("grant_type=client_credentials&client_id=somebody-else", "invalid_request"),
        ("grant_type=client_credentials&scope=orders/read%20%20orders/write", "invalid_scope"),
        ("grant_type=client_credentials&scope=%22", "invalid_scope"),
        ("grant_type=client_credentials&scope=%FF", "invalid_request"),
        ("grant_type=client_credentials&" + "x" * 5000 + "=1", "invalid_request"),
        (
            "grant_type=client_credentials&" + "&".join(f"p{n}=1" for n in range(30)),
            "invalid_request",
        ),
    ],
)
def test_a_malformed_request_is_refused_with_its_own_code(
    issuer: Issuer, form: str, error: str
) -> None:
    answer = issuer.post(form, headers=basic("billing", issuer.secret))
    assert (answer.status, answer.body["error"]) == (400, error)


@pytest.mark.parametrize(
    "form",
    [
        "grant_type=client_credentials&",
        "&grant_type=client_credentials",
        "grant_type=client_credentials&&colour=green",
        "grant_type=client_credentials&colour",
        "grant_type=client_credentials&=",
    ],
)
def test_a_legal_form_is_read_whatever_stands_between_its_pairs(issuer: Issuer, form: str) -> None:
    assert issuer.post(form, headers=basic("billing", issuer.secret)).status == 200


@pytest.mark.parametrize(
    ("resources", "status"),
    [
        ((AUDIENCE,), 200),
        ((AUDIENCE, AUDIENCE), 200),
        (("",), 200),
        (("https://other.example",), 400),
        ((AUDIENCE, "https://other.example"), 400),
        ((f"{AUDIENCE}/",), 400),
    ],
)
def test_a_resource_is_the_audience_or_an_invalid_target(
    issuer: Issuer, resources: tuple[str, ...], status: int
) -> None:
    form = urlencode([*GRANT.items(), *(("resource", resource) for resource in resources)])
    answer = issuer.post(form, headers=basic("billing", issuer.secret))
    assert (answer.status, answer.body.get("error")) == (
        status,
        None if status == 200 else "invalid_target",
    )


SPOILED: list[tuple[dict[str, Any], str]] = [
    ({"scopes": None}, "scopes"),
    ({"scopes": {"L": [{"S": "orders/read"}]}}, "scopes"),
    ({"scopes": {"SS": ["two words"]}}, "scopes"),
    ({"scopes": {"SS": [f"{index:0100}" for index in range(30)]}}, "scopes"),
    ({"rate_per_second": {"N": "1"}}, "burst"),
    ({"burst": {"N": "1"}}, "rate_per_second"),
    ({"burst": {"N": "1.5"}, "rate_per_second": {"N": "1"}}, "burst"),
    ({"burst": {"N": "1"}, "rate_per_second": {"N": "-1"}}, "rate_per_second"),
]


@pytest.mark.parametrize(("changes", "field"), SPOILED)
def test_a_clients_item_that_is_malformed_is_a_named_reason(
    issuer: Issuer, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], field: str
) -> None:
    spoiled, secret = spoil(issuer, changes)
    answer = spoiled.post(GRANT, headers=basic("billing", secret))
    assert (answer.status, answer.body["error"]) == (500, "server_error")
    assert "retry-after" not in answer.headers
    assert f'"reason":"client_item_invalid:{field}"' in capsys.readouterr().out
    assert spoiled.post(GRANT, headers=basic("billing", "wrong")).status == 401


@pytest.mark.parametrize(
    "hashes",
    [
        None,
        {"S": "scrypt$16384$8$1$"},
        {"SS": ["pbkdf2$a$b"]},
        {"SS": ["a", "b", "c"]},
        {"SS": ["scrypt$16384$8$1$" + letter * 22 + "==$" + "A" * 43 + "=" for letter in "AB"]},
    ],
)
def test_a_client_whose_hashes_are_malformed_is_not_known_and_the_log_says_why(
    issuer: Issuer, capsys: pytest.CaptureFixture[str], hashes: Any
) -> None:
    spoiled, secret = spoil(issuer, {"secret_hashes": hashes})
    answer = spoiled.post(GRANT, headers=basic("billing", secret))
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")
    assert '"reason":"client_item_invalid:secret_hashes"' in capsys.readouterr().out


def spoil(issuer: Issuer, changes: dict[str, Any]) -> tuple[Issuer, str]:
    """An issuer whose one client somebody has edited by hand."""
    table = make_table(issuer.dynamodb, "clients", "client_id")
    secret = str(ClientAdmin(issuer.dynamodb, table).add("billing", SCOPES)["client_secret"])
    [item] = issuer.dynamodb.scan(TableName=table)["Items"]
    edited = {name: value for name, value in {**item, **changes}.items() if value is not None}
    issuer.dynamodb.put_item(TableName=table, Item=edited)
    return Issuer(
        issuer.kms, issuer.dynamodb, replace(issuer.tables, clients=table), secret
    ), secret


def test_a_client_that_was_removed_is_gone_at_once_for_its_item_is_read_consistently(
    issuer: Issuer,
) -> None:
    asked: list[dict[str, Any]] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(issuer.dynamodb, name)

        def get_item(self, **arguments: Any) -> Any:
            asked.append(arguments)
            return issuer.dynamodb.get_item(**arguments)

    assert issuer.beside(dynamodb=Watched()).ask().status == 200
    assert {arguments["TableName"] for arguments in asked} >= {issuer.tables.clients}
    assert all(arguments["ConsistentRead"] for arguments in asked)


def test_unknown_parameters_are_ignored(issuer: Issuer) -> None:
    form = {**GRANT, "colour": "green", "client_id": "billing"}
    assert issuer.post(form, headers=basic("billing", issuer.secret)).status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer abc",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Basic " + base64.b64encode("billing:grüße".encode()).decode(),
        "Basic " + base64.b64encode(b"billing:").decode(),
        "Basic YTpi,Basic YTpi",
        "Basic \xe9",
        "Basic YTpi\xe9",
        "\xe9",
    ],
)
def test_an_authorization_header_that_cannot_be_read_is_no_authentication(
    issuer: Issuer, authorization: str
) -> None:
    answer = issuer.post(GRANT, headers={"authorization": authorization})
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


def test_no_credentials_at_all_are_no_authentication(issuer: Issuer) -> None:
    for form in (GRANT, {**GRANT, "client_id": "billing"}):
        answer = issuer.post(form)
        assert (answer.status, answer.body["error"]) == (401, "invalid_client")


def test_credentials_in_the_url_are_refused(issuer: Issuer) -> None:
    answer = issuer.post(GRANT, rawQueryString=f"client_id=billing&client_secret={issuer.secret}")
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("content_type", ["application/json", "", "multipart/form-data"])
def test_only_a_form_is_taken(issuer: Issuer, content_type: str) -> None:
    answer = issuer.post(GRANT, headers={"content-type": content_type})
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_a_form_that_the_gateway_has_not_encoded_is_read_too(issuer: Issuer) -> None:
    plain = {**token_event(""), "isBase64Encoded": False, "body": "grant_type=client_credentials"}
    plain["headers"] = {
        "content-type": f"{FORM}; charset=UTF-8",
        **basic("billing", issuer.secret),
    }
    assert issuer.answer(plain)["statusCode"] == 200


def test_a_client_that_asks_too_often_waits_and_others_do_not(issuer: Issuer) -> None:
    limited = issuer.beside(client_rate=Rate(per_second=0.5, burst=2))
    assert [limited.ask().status for _ in range(3)] == [200, 200, 429]
    answer = limited.ask()
    assert answer.headers["retry-after"] == "2"
    assert answer.body["error"] == "temporarily_unavailable"
    limited.clock.now += 2
    assert [limited.ask().status for _ in range(2)] == [200, 429]


def test_wrong_secrets_never_use_up_a_clients_own_share(issuer: Issuer) -> None:
    limited = issuer.beside(client_rate=Rate(per_second=0.01, burst=1))
    for _ in range(3):
        assert limited.post(GRANT, headers=basic("billing", "wrong")).status == 401
    assert limited.ask().status == 200


def test_a_source_that_asks_too_often_is_stopped_before_its_secret_is_looked_at(
    issuer: Issuer,
) -> None:
    limited = issuer.beside(source_rate=Rate(per_second=1, burst=2))
    statuses = [limited.post(GRANT, headers=basic("nobody", "x")).status for _ in range(2)]
    assert statuses == [401, 401]
    assert limited.ask().status == 429
    assert limited.ask(source_ip="203.0.113.8").status == 200


def test_addresses_of_one_ipv6_network_share_one_bucket(issuer: Issuer) -> None:
    limited = issuer.beside(source_rate=Rate(per_second=1, burst=1))
    assert limited.ask(source_ip="2001:db8:1:2::a").status == 200
    assert limited.ask(source_ip="2001:db8:1:2:ffff::b").status == 429
    assert limited.ask(source_ip="2001:db8:1:3::a").status == 200


def test_ipv4_addresses_that_are_written_in_ipv6_have_buckets_of_their_own(issuer: Issuer) -> None:
    limited = issuer.beside(source_rate=Rate(per_second=1, burst=1))
    assert limited.ask(source_ip="::ffff:203.0.113.7").status == 200
    assert limited.ask(source_ip="203.0.113.7").status == 429
    assert limited.ask(source_ip="::ffff:203.0.113.8").status == 200


def test_callers_without_a_readable_address_share_one_bucket(issuer: Issuer) -> None:
    limited = issuer.beside(source_rate=Rate(per_second=1, burst=1))
    assert [limited.ask(source_ip=text).status for text in ("unknown", "")] == [200, 429]


def test_a_bucket_is_shared_by_every_environment(issuer: Issuer) -> None:
    table, rate = issuer.beside().tables.rates, Rate(per_second=1, burst=5)
    environments = [RateLimit(issuer.dynamodb, table, "client", rate) for _ in range(3)]
    taken = 0
    for turn in range(15):
        with suppress(TooManyRequests):
            environments[turn % 3].take("billing", START)
            taken += 1
    assert taken == 5


@given(steps=st.lists(st.integers(0, 3_000), max_size=20))
@settings(max_examples=15, deadline=None)
def test_no_schedule_of_asking_gets_more_than_the_rate_allows(
    issuer: Issuer, steps: list[int]
) -> None:
    rate = Rate(per_second=1, burst=3)
    bucket = RateLimit(issuer.dynamodb, issuer.tables.rates, "try", rate)
    who, now, tokens = uuid.uuid4().hex, START, 3.0
    for step_milliseconds in steps:
        now += step_milliseconds / 1000
        tokens = min(3.0, tokens + step_milliseconds / 1000)
        try:
            bucket.take(who, now)
        except TooManyRequests:
            assert tokens < 1.002
        else:
            assert tokens > 0.998
            tokens -= 1


def test_a_log_line_tells_what_happened_and_holds_no_secret_and_no_token(
    issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    token = issuer.ask("orders/read").body["access_token"]
    issuer.post(GRANT, headers=basic("billing", "a-wrong-secret"))
    written = capsys.readouterr().out
    lines = [json.loads(line) for line in written.splitlines()]
    issued, refused = (line for line in lines if line.get("message") == "token_request")
    assert (issued["outcome"], issued["client_id"], issued["scope"]) == (
        "issued",
        "billing",
        "orders/read",
    )
    assert issued["kid"] == jwt.get_unverified_header(token)["kid"]
    assert (refused["outcome"], refused["reason"]) == ("refused", "invalid_client")
    assert refused["client_id"] == ""
    for hidden in (issuer.secret, "a-wrong-secret", *token.split(".")):
        assert hidden not in written


def test_each_request_is_counted_by_its_outcome_and_reason(
    issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    issuer.ask("orders/read")
    issuer.post(GRANT, headers=basic("billing", "a-wrong-secret"))
    issuer.ask("orders/delete")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counted = [line for line in lines if "_aws" in line]
    assert [
        (line["service"], line["reason"], line.get("issued"), line.get("refused"))
        for line in counted
    ] == [
        ("token_issuer", "ok", [1.0], None),
        ("token_issuer", "invalid_client", None, [1.0]),
        ("token_issuer", "invalid_scope", None, [1.0]),
    ]
