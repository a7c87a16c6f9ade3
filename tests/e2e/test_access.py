"""Who is let in and who is not, through the socket of the served template."""

import json
import time
from dataclasses import replace

import jwt
import pytest

from local.cognito.pool import ACCESS
from tests.issuer import serve_issuer

from .conftest import Answer, Api

ORDER = {"item": "lamp", "quantity": 1}
GUARDED = ("/me", "/whoami", "/orders")


def refused(answer: Answer, status: int, message: str) -> bool:
    return (answer.status, answer.json) == (status, {"message": message})


def with_token(api: Api, path: str, token: str) -> Answer:
    return api.call("GET", path, authorization=f"Bearer {token}")


def test_a_public_route_answers_everyone(api: Api) -> None:
    assert api.call("GET", "/health").status == 200


@pytest.mark.parametrize("path", GUARDED)
def test_without_a_token_nobody_gets_in(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert refused(answer, 401, "Unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("impostor", ["expired token", "forged token", "other app's token"])
@pytest.mark.parametrize("path", GUARDED)
def test_a_bad_token_gets_401(api: Api, path: str, impostor: str) -> None:
    assert refused(api.call("GET", path, impostor), 401, "Unauthorized")


@pytest.mark.parametrize(
    ("impostor", "reason"),
    [
        ("expired token", "token_expired"),
        ("forged token", "signature_invalid"),
        ("other app's token", "client_mismatch"),
    ],
)
def test_the_log_says_what_the_caller_is_not_told(api: Api, impostor: str, reason: str) -> None:
    assert api.reason(api.call("GET", "/whoami", impostor)) == reason


@pytest.mark.parametrize(
    ("path", "status"), [("/me", 200), ("/whoami", 401), ("/orders", 401)], ids=str
)
def test_a_token_without_bearer_passes_the_built_in_authorizer_alone(
    api: Api, path: str, status: int
) -> None:
    answer = api.call("GET", path, authorization=str(api.callers["admin"].token))
    assert answer.status == status
    if status == 401:
        assert refused(answer, 401, "Unauthorized")


@pytest.mark.parametrize("scheme", ["DPoP", "JWT", "Token", "Basic"])
@pytest.mark.parametrize("path", GUARDED)
def test_a_token_under_another_scheme_gets_401(api: Api, path: str, scheme: str) -> None:
    token = api.callers["admin"].token
    answer = api.call("GET", path, authorization=f"{scheme} {token}")
    assert refused(answer, 401, "Unauthorized")


@pytest.mark.parametrize("path", GUARDED)
def test_a_token_of_another_issuer_gets_401(api: Api, path: str) -> None:
    claims = api.callers["admin"].claims
    with serve_issuer() as other:
        token = other.mint(**{**claims, "iss": other.url})
        assert with_token(api, path, token).status == 401


@pytest.mark.parametrize("path", GUARDED)
def test_a_token_without_expiry_gets_401(api: Api, path: str) -> None:
    claims = {k: v for k, v in api.callers["admin"].claims.items() if k != "exp"}
    token = api.stack.cognito.pool(api.stack.pool.id).sign(ACCESS, claims)
    assert with_token(api, path, token).status == 401


@pytest.mark.parametrize("path", GUARDED)
def test_an_unsigned_token_gets_401(api: Api, path: str) -> None:
    token = jwt.encode(dict(api.callers["admin"].claims), key="", algorithm="none")
    assert with_token(api, path, token).status == 401


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer a.b.c", "Basic dXNlcjpwYXNz", "Bearer " + "a" * 9000, "\x80\xff"]
)
@pytest.mark.parametrize("path", GUARDED)
def test_a_malformed_authorization_header_gets_401(api: Api, path: str, value: str) -> None:
    assert refused(api.call("GET", path, authorization=value), 401, "Unauthorized")


def test_a_person_with_the_scope_gets_in(api: Api) -> None:
    assert api.call("GET", "/orders", "support").status == 200


def test_a_person_without_the_scope_gets_403(api: Api) -> None:
    answer = api.call("GET", "/orders", "user by password")
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "missing_scope:orders/read"


@pytest.mark.parametrize("person", ["user", "support"])
def test_the_scope_that_everybody_gets_lets_nobody_write(api: Api, person: str) -> None:
    assert "orders/write" in str(api.callers[person].claims["scope"]).split()
    answer = api.call("POST", "/orders", person, ORDER)
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "missing_group:admins|buyers"


def test_a_person_signed_in_without_the_page_has_no_scope_to_write_with(api: Api) -> None:
    answer = api.call("POST", "/orders", "user by password", ORDER)
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "missing_scope:orders/write"


@pytest.mark.parametrize("person", ["admin", "buyer"])
def test_a_person_of_a_group_that_may_write_writes(api: Api, person: str) -> None:
    answer = api.call("POST", "/orders", person, ORDER)
    assert answer.status == 201
    assert answer.json["item"] == "lamp"


def order_of(api: Api, person: str) -> str:
    """The path of an order that somebody has placed just now."""
    return f"/orders/{api.call('POST', '/orders', person, ORDER).json['id']}"


def test_an_order_is_its_callers_own_until_an_admin_deletes_it(api: Api) -> None:
    order = order_of(api, "buyer")
    own = {person: api.call("GET", "/orders", person).json for person in ("buyer", "admin")}
    assert [f"/orders/{each['id']}" for each in own["buyer"]["orders"]].count(order) == 1
    assert order.rpartition("/")[2] not in str(own["admin"])
    assert api.call("DELETE", order, "admin").status == 200
    assert api.call("DELETE", order, "admin").status == 404
    left = api.call("GET", "/orders", "buyer").json["orders"]
    assert left == [each for each in own["buyer"]["orders"] if each["id"] not in order]


def test_the_tenant_of_the_token_says_whose_people_may_see_an_order(api: Api) -> None:
    order = order_of(api, "admin")
    found = api.call("GET", "/tenants/acme/orders", "admin").json["orders"]
    assert order.rpartition("/")[2] in [each["id"] for each in found]


def test_an_admin_may_delete_and_others_may_not(api: Api) -> None:
    order = order_of(api, "buyer")
    answer = api.call("DELETE", order, "support")
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "missing_group:admins"
    assert api.call("DELETE", order, "admin").json == {"deleted": order.rpartition("/")[2]}


def test_a_fresh_sign_in_may_refund_and_one_that_was_only_renewed_may_not(api: Api) -> None:
    order = order_of(api, "buyer")
    answer = api.call("POST", f"{order}/refund", "admin")
    assert answer.json == {"refunded": order.rpartition("/")[2]}
    answer = api.call("POST", f"{order}/refund", "day-old sign-in")
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "claim_mismatch:auth_time"
    assert api.call("DELETE", order, "day-old sign-in").status == 200


@pytest.mark.parametrize("owner", ["buyer", "user", "admin"])
def test_an_owner_or_an_admin_sees_orders_and_nobody_else_does(api: Api, owner: str) -> None:
    sub = api.callers[owner].claims["sub"]
    for caller in ("buyer", "user", "support", "admin"):
        answer = api.call("GET", f"/users/{sub}/orders", caller)
        assert answer.status == (200 if caller in (owner, "admin") else 403), caller
        if answer.status == 200:
            assert answer.json["user"] == sub
        else:
            assert api.reason(answer) == "no_rule_met:missing_group:admins|claim_mismatch:sub"


def test_a_person_of_a_tenant_may_see_its_orders_and_the_decision_is_not_kept(api: Api) -> None:
    for _ in range(2):
        answer = api.call("GET", "/tenants/acme/orders", "admin")
        assert answer.status == 200
        assert api.exchange(answer).decided_in == answer.request_id


@pytest.mark.parametrize(
    "segment",
    ["acme%252Fx", "acme%2Fx", "acme%3Fx", "acme%253Fx", "acme%23", "acme%2525", "%2561cme%2525"],
)
def test_a_tenant_that_reads_in_two_ways_gets_403(api: Api, segment: str) -> None:
    answer = api.call("GET", f"/tenants/{segment}/orders", "admin")
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "path_parameter_unclear:tenant"


def test_an_id_token_is_no_access_token(api: Api) -> None:
    answer = api.call("GET", "/orders", "admin's ID token")
    assert refused(answer, 403, "Forbidden")
    assert api.reason(answer) == "token_use_not_allowed:id"


def test_a_machine_reads_and_does_no_more(api: Api) -> None:
    assert api.call("GET", "/orders", "machine").status == 200
    assert api.call("POST", "/orders", "machine", ORDER).status == 403


def test_the_built_in_authorizer_hands_over_claims_as_strings(api: Api) -> None:
    claims = api.call("GET", "/me", "admin").json["claims"]
    token = api.callers["admin"].claims
    assert claims["sub"] == token["sub"]
    assert claims["exp"] == str(token["exp"])
    assert claims["cognito:groups"] == "[admins]"


def test_the_lambda_authorizers_context_reaches_the_backend(api: Api) -> None:
    context = api.call("GET", "/whoami", "admin").json
    text = json.dumps(context)
    assert str(api.callers["admin"].claims["sub"]) in text
    assert api.stack.pool.issuer in text
    assert str(api.callers["admin"].token) not in text


def fresh_token(api: Api) -> str:
    claims = {**api.callers["admin"].claims, "jti": str(time.monotonic_ns())}
    return api.stack.cognito.pool(api.stack.pool.id).sign(ACCESS, claims)


def test_a_decision_is_kept_for_its_route_and_no_other(api: Api) -> None:
    token = fresh_token(api)
    first, second = with_token(api, "/whoami", token), with_token(api, "/whoami", token)
    elsewhere = with_token(api, "/inventory/lamp", token)
    assert api.exchange(second).decided_in == first.request_id
    assert api.reason(second) == "allowed (cached)"
    assert api.exchange(elsewhere).decided_in == elsewhere.request_id


def test_a_kept_refusal_on_one_route_does_not_refuse_another(api: Api) -> None:
    claims = {**api.callers["user by password"].claims, "jti": str(time.monotonic_ns())}
    token = api.stack.cognito.pool(api.stack.pool.id).sign(ACCESS, claims)
    paths = ("/inventory/lamp", "/inventory/lamp", "/whoami")
    assert [with_token(api, path, token).status for path in paths] == [403, 403, 200]


def test_a_route_that_may_take_its_token_from_a_cookie_is_asked_about_every_time(api: Api) -> None:
    token = fresh_token(api)
    for answer in (with_token(api, "/orders", token), with_token(api, "/orders", token)):
        assert answer.status == 200
        assert api.exchange(answer).decided_in == answer.request_id


def test_a_run_of_tests_that_takes_long_does_not_outlive_its_tokens(api: Api) -> None:
    first = api.callers["admin"].token
    assert api.callers["admin"].token == first
    later = replace(api, clock=lambda: time.time() + 700)
    assert later.callers["admin"].token != first
    assert later.call("GET", "/me", "admin").status == 200
