from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import (
    HttpBackend,
    Issuer,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from tests.sample.access import ACCESS

PARTNER = Issuer("partner", "https://login.partner.example/", ("orders-api",))
COGNITO = Issuer("cognito")
TWO_ISSUERS = (COGNITO, PARTNER)
TABLE = replace(ACCESS, issuers=(COGNITO,), routes=(Route("GET /health", "health", "public"),))


def refusal(**changes: Any) -> str:
    with pytest.raises(AccessInvalid) as caught:
        check_table(replace(TABLE, **changes))
    text = str(caught.value)
    assert text.startswith("stacks/access.py: ")
    assert "\n" not in text
    return text


def of_rule(authorizer: Any, rule: Rule | None, **changes: Any) -> str:
    return refusal(routes=(Route("GET /x", "orders", authorizer, rule),), **changes)


def test_the_table_of_the_project_is_accepted() -> None:
    check_table(ACCESS)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Rule(groups_any=("admins",)), "checks no groups"),
        (Rule(claims={"tier": "gold"}), "checks no claims"),
        (Rule(token_use=TokenUse.ACCESS), "cannot tell an ID token from an access token"),
        (Rule(token_use=TokenUse.ID), "cannot tell an ID token from an access token"),
        (Rule(scopes_all=("orders/read", "orders/write")), "cannot ask for all of several scopes"),
        (
            Rule(scopes_all=("orders/read",), scopes_any=("orders/write",)),
            "cannot ask for scopes_all and scopes_any together",
        ),
    ],
)
def test_a_jwt_route_may_not_ask_for_what_the_gateway_cannot_check(rule: Rule, reason: str) -> None:
    text = of_rule("jwt", rule)
    assert text.startswith(f"stacks/access.py: route 'GET /x': the built-in authorizer {reason}")
    assert text.endswith("use authorizer='lambda'")


def test_a_jwt_route_may_not_have_two_issuers() -> None:
    text = of_rule("jwt", Rule(issuers=("cognito", "partner")), issuers=TWO_ISSUERS)
    assert "accepts only one issuer, use authorizer='lambda'" in text
    assert "accepts only one issuer" in of_rule("jwt", Rule(), issuers=TWO_ISSUERS)


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA", "Ed25519"])
def test_a_jwt_route_may_not_have_an_issuer_that_signs_with_another_key(algorithm: str) -> None:
    issuers = (COGNITO, replace(PARTNER, algorithms=("RS256", algorithm)))
    text = of_rule("jwt", Rule(issuers=("partner",)), issuers=issuers)
    assert "the built-in authorizer verifies only RS256, RS384, RS512 signatures" in text
    route = Route("GET /x", "orders", "lambda", Rule(issuers=("partner",)))
    check_table(replace(TABLE, issuers=issuers, routes=(route,)))


def test_a_jwt_route_may_have_ten_scopes_and_not_eleven() -> None:
    scopes = {f"orders/{number}": "-" for number in range(11)} | dict(ACCESS.scopes)
    names = tuple(f"orders/{number}" for number in range(11))
    route = Route("GET /x", "orders", "jwt", Rule(scopes_any=names[:10]))
    check_table(replace(TABLE, scopes=scopes, routes=(route,)))
    text = of_rule("jwt", Rule(scopes_any=names), scopes=scopes)
    assert "takes at most 10 scopes per route, use authorizer='lambda'" in text


def test_a_jwt_route_may_name_one_of_several_issuers() -> None:
    route = Route("GET /x", "orders", "jwt", Rule(issuers=("partner",), scopes_all=("any/thing",)))
    check_table(replace(TABLE, issuers=TWO_ISSUERS, routes=(route,)))


@pytest.mark.parametrize(
    "rule",
    [
        Rule(scopes_all=("orders/read",)),
        Rule(scopes_any=("orders/read",)),
        Rule(groups_any=("admins",)),
        Rule(claims={"tier": "gold"}),
    ],
)
def test_among_several_issuers_a_rule_says_whose_words_it_means(rule: Rule) -> None:
    assert "name its issuers" in of_rule("lambda", rule, issuers=TWO_ISSUERS)
    named = replace(rule, issuers=("cognito",))
    route = Route("GET /x", "orders", "lambda", named)
    check_table(replace(TABLE, issuers=TWO_ISSUERS, routes=(route,)))


def test_among_several_issuers_any_token_may_still_do() -> None:
    route = Route("GET /x", "orders", "lambda", Rule(token_use=TokenUse.ACCESS))
    check_table(replace(TABLE, issuers=TWO_ISSUERS, routes=(route,)))
    assert issuers_of(Rule(), replace(TABLE, issuers=TWO_ISSUERS)) == TWO_ISSUERS


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (Rule(issuers=("okta",)), "issuer 'okta' is unknown, use one of cognito"),
        (Rule(scopes_all=("orders/delete",)), "scope 'orders/delete' is not in SCOPES"),
        (Rule(scopes_any=("orders",)), "scope 'orders' is not in SCOPES"),
        (Rule(groups_any=("root",)), "group 'root' is not in GROUPS, use one of admins, support"),
        (Rule(scopes_all=("orders/read", "orders/read")), "name each only once"),
        (Rule(scopes_all="orders/read"), "rule.scopes_all is 'orders/read', which is not a"),  # type: ignore[arg-type]  # a slip
        (Rule(groups_any=("",)), "it must be a tuple of names, none of them empty"),
        (Rule(claims={"tier": 1.5}), "rule.claims['tier'] is 1.5, it must be a string, a whole"),  # type: ignore[dict-item]  # a slip
        (Rule(token_use="refresh"), "token_use is 'refresh', it must be"),  # type: ignore[arg-type]  # a slip
    ],
)
def test_a_rule_asks_only_for_what_can_be_there(rule: Rule, problem: str) -> None:
    assert problem in of_rule("lambda", rule)


def test_the_scopes_that_cognito_itself_grants_may_be_asked_for() -> None:
    route = Route("GET /x", "orders", "lambda", Rule(scopes_all=("openid",)))
    check_table(replace(TABLE, routes=(route,)))


def test_a_public_route_asks_for_nothing() -> None:
    assert "remove its rule or set an authorizer" in of_rule("public", Rule())


@pytest.mark.parametrize("authorizer", ["jwt", "lambda"])
def test_a_route_behind_an_authorizer_says_what_it_asks_for(authorizer: str) -> None:
    assert "rule=Rule() means any valid token" in of_rule(authorizer, None)


def test_an_unknown_authorizer_is_never_taken_for_public() -> None:
    assert "authorizer is 'none', it must be 'public', 'jwt' or 'lambda'" in of_rule("none", Rule())


def test_an_unknown_backend_is_refused_with_those_that_there_are() -> None:
    text = refusal(routes=(Route("GET /x", "carts", "public"),))
    assert "backend 'carts' has no folder under lambda_src" in text
    assert text.endswith(
        "use one of health, me, orders, page, partner_orders, reports, revocations, session, whoami"
    )


@pytest.mark.parametrize("authorizer", ["public", "jwt"])
def test_who_revokes_is_named_by_our_own_authorizer(authorizer: Any) -> None:
    rule = None if authorizer == "public" else Rule()
    route = Route("POST /x", "revocations", authorizer, rule=rule)
    assert "route 'POST /x': it revokes for callers whom our Lambda authorizer names" in refusal(
        routes=(route,)
    )
    assert "'authorizer' has no" in refusal(routes=(Route("GET /x", "authorizer", "public"),))


@pytest.mark.parametrize(
    ("key", "says"),
    [
        *((key, "write it as 'METHOD /path'") for key in ("", "GET", "/orders", "GET orders")),
        *((key, "write it as 'METHOD /path'") for key in ("GET  /orders", "GET /orders ")),
        *((key, "write it as 'METHOD /path'") for key in ("GET /\n", "GET /a b", "$other")),
        ("FETCH /orders", "'FETCH' is not a method of an HTTP API, use one of ANY, DELETE, GET"),
        ("get /orders", "'get' is not a method of an HTTP API"),
        ("$connect", "it belongs to WebSocket APIs"),
        ("GET /orders/", "its path ends in '/'"),
        ("GET //orders", "its path has '//'"),
        ("GET /{a+}/b", "{a+} takes all the rest of a path: make it the last segment"),
        ("GET /{order-id}/x", "path parameter {order-id} may be named with letters, digits"),
        ("GET /{order-id}", "write {order_id}"),
        ("GET /{file.name+}", "write {file_name+}"),
        ("GET /{}", "write {name}"),
        ("GET /{id", "'{id' is only in part a {parameter}"),
        ("GET /{id}x", "'{id}x' is only in part a {parameter}"),
        ("GET /orders?x=1", "'orders?x=1' has characters that a path is not written with"),
    ],
)
def test_a_malformed_route_key_is_refused_by_its_fault(key: str, says: str) -> None:
    text = refusal(routes=(Route(key, "health", "public"),))
    assert text.startswith(f"stacks/access.py: route {key!r}: ")
    assert says in text


def test_a_server_is_not_behind_the_default_route() -> None:
    route = Route("$default", HttpBackend("stock"), "public")
    assert "write 'ANY /{path+}', or use a function" in refusal(routes=(route,))


@pytest.mark.parametrize(
    "key", ["$default", "GET /", "ANY /a/{b}/c", "POST /files/{path+}", "GET /v1.0/~me"]
)
def test_a_well_formed_route_key_is_accepted(key: str) -> None:
    check_table(replace(TABLE, routes=(Route(key, "health", "public"),)))


@pytest.mark.parametrize("second", ["GET /orders/{id}", "GET /orders/{order}"])
def test_two_routes_may_not_match_the_same_requests(second: str) -> None:
    first = Route("GET /orders/{id}", "health", "public")
    text = refusal(routes=(first, Route(second, "health", "public")))
    assert "remove it, 'GET /orders/{id}' matches the same requests" in text


def test_a_path_parameter_is_named_once() -> None:
    route = Route("GET /a/{id}/b/{id}", "health", "public")
    assert "give each path parameter a name of its own" in refusal(routes=(route,))


def test_an_api_without_routes_is_refused() -> None:
    assert "name at least one route" in refusal(routes=())


@pytest.mark.parametrize(
    ("issuer", "reason"),
    [
        (replace(PARTNER, jwks_uri="https://k.example/jwks"), "finds keys by OpenID Connect"),
        (replace(PARTNER, jwks_file="keys.json"), "finds keys by OpenID Connect Discovery"),
        (replace(PARTNER, accept_plain_http=True), "finds keys by OpenID Connect Discovery"),
        (replace(PARTNER, audiences=(), accept_any_audience=True), "must have an audience"),
        (replace(PARTNER, other_urls=("https://n.example",)), "accepts only one iss of an issuer"),
        (replace(PARTNER, client_ids=("web",)), "takes any one of aud and client_id, not both"),
        (
            replace(PARTNER, audiences=(), client_ids=("web",), client_claim=("azp",)),
            "looks for the client in client_id alone, not in azp",
        ),
        (replace(PARTNER, scopes_claim=("permissions",)), "reads scopes from scope and scp alone"),
        (replace(PARTNER, required_claims=("sub",)), "requires no claims of an issuer"),
        (replace(PARTNER, max_lifetime_seconds=900), "bounds no lifetime"),
    ],
)
def test_a_jwt_route_may_not_have_an_issuer_that_the_gateway_would_check_by_halves(
    issuer: Issuer, reason: str
) -> None:
    rule = Rule(issuers=("partner",))
    text = of_rule("jwt", rule, issuers=(COGNITO, issuer))
    assert f"the built-in authorizer {reason}" in text
    check_table(
        replace(
            TABLE, issuers=(COGNITO, issuer), routes=(Route("GET /x", "orders", "lambda", rule),)
        )
    )


def test_a_jwt_route_may_not_have_a_pool_whose_tokens_are_bound_to_a_resource() -> None:
    pool = Issuer("cognito", audiences=("https://api.example.com",))
    text = of_rule("jwt", Rule(), issuers=(pool,))
    assert "takes any one of aud and client_id, not both" in text


@pytest.mark.parametrize(
    "issuer",
    [
        Issuer("cognito", audiences=("https://api.example.com",), client_ids=("more",)),
        Issuer("cognito", required_claims=("sub",), max_lifetime_seconds=900),
    ],
)
def test_the_pools_tokens_may_be_held_to_more(issuer: Issuer) -> None:
    check_table(replace(TABLE, issuers=(issuer,)))


def test_an_issuer_whose_keys_are_named_may_be_any_string() -> None:
    google = Issuer("google", "accounts.google.com", ("app",), jwks_uri="https://k.example/certs")
    inside = Issuer("kc", "http://kc.internal/realms/x", ("app",), accept_plain_http=True)
    clients = Issuer("pool-2", "https://p.example", client_ids=("web",))
    check_table(replace(TABLE, issuers=(COGNITO, google, inside, clients)))


@pytest.mark.parametrize(
    ("issuers", "problem"),
    [
        ((), "name at least one issuer"),
        ((Issuer("a"), Issuer("b")), "at most one issuer may have no url"),
        ((Issuer("cognito", jwks_uri="https://k.example"),), "remove its jwks_uri, for this app's"),
        ((Issuer("cognito", groups_claim=("roles",)),), "remove its groups_claim, for this app's"),
        ((Issuer("cognito", accept_any_audience=True),), "remove its accept_any_audience"),
        (
            (Issuer("cognito", other_urls=("https://n.example",)),),
            "remove its other_urls, for this",
        ),
        (
            (COGNITO, replace(PARTNER, other_urls=("https://n.example",), jwks_file="keys.json")),
            "remove its other_urls or what names its keys",
        ),
        ((COGNITO, replace(PARTNER, other_urls=("n.example",))), "other_urls has 'n.example': it"),
        (
            (COGNITO, replace(PARTNER, other_urls=("https://login.partner.example/",))),
            "give each issuer a url of its own",
        ),
        (
            (COGNITO, replace(PARTNER, jwks_uri="https://k.example", jwks_file="keys.json")),
            "remove its jwks_uri or its jwks_file, its keys come from one place",
        ),
        (
            (COGNITO, replace(PARTNER, client_ids="web")),  # type: ignore[arg-type]  # a slip
            "client_ids is 'web', which is not a tuple",
        ),
        (
            (COGNITO, replace(PARTNER, groups_claim="roles")),  # type: ignore[arg-type]  # a slip
            "groups_claim is 'roles', which is not",
        ),
        ((COGNITO, replace(PARTNER, jwks_uri=7)), "jwks_uri is 7, it must be a string or None"),  # type: ignore[arg-type]  # a slip
        ((COGNITO, Issuer("s", "stytch.com/project-1", ("x",))), "or name its keys by jwks_uri or"),
        ((Issuer("Cog nito"),), "in lower-case letters and digits"),
        ((*TWO_ISSUERS, PARTNER), "give each issuer a name of its own"),
        ((*TWO_ISSUERS, replace(PARTNER, name="twin")), "give each issuer a url of its own"),
        ((Issuer("c", from_stage=True),), "SCOPES: remove them, they are of a user pool"),
        ((Issuer("c", algorithms=("ES256",)),), "remove its algorithms and token_type"),
        ((Issuer("c", token_type="at+jwt"),), "remove its algorithms and token_type"),
        ((COGNITO, replace(PARTNER, algorithms=())), "name its algorithms, of RS256, RS384"),
        ((COGNITO, replace(PARTNER, algorithms=("HS256",))), "algorithm 'HS256' must be one of"),
        ((COGNITO, replace(PARTNER, token_type="jwt")), "token_type is 'jwt', it must be 'JWT'"),  # type: ignore[arg-type]  # a slip
        ((COGNITO, replace(PARTNER, token_use="refresh")), "token_use is 'refresh', it must be"),  # type: ignore[arg-type]  # a slip
        (
            (COGNITO, replace(PARTNER, token_use=TokenUse.ID, token_type="at+jwt")),
            "'at+jwt' is that of access tokens",
        ),
        (
            (COGNITO, replace(PARTNER, accept_bound_tokens_as_bearer=1)),  # type: ignore[arg-type]  # a slip
            "accept_bound_tokens_as_bearer is 1, it must be True or False",
        ),
        ((Issuer("c"), Issuer("d", "https://d.example")), "name the audiences"),
        ((Issuer("c"), Issuer("d", "http://d.example", ("x",))), "must be an https URL"),
        ((Issuer("c"), Issuer("d", "https://d.example?x", ("x",))), "must be an https URL"),
        ((Issuer("c"), Issuer("d", "https://[d", ("x",))), "must be an https URL"),
    ],
)
def test_an_issuer_is_known_by_name_url_and_audience(issuers: Any, problem: str) -> None:
    assert problem in refusal(issuers=issuers)


@pytest.mark.parametrize(
    "scope",
    [
        *("orders", "/read", "orders/", "https://api.example.com/", "or ders/read", "orders/re ad"),
        *('or"ders/read', "or\\ders/read", "\u00e9/read", "orders/\u00e9", "orders/read\u200b"),
        *("s" * 257 + "/read", "orders/" + "s" * 257),
    ],
)
def test_a_scope_stands_under_a_resource_server(scope: str) -> None:
    text = refusal(scopes={scope: "-"}, clients=())
    assert "write it as '<resource server>/<scope>'" in text


@pytest.mark.parametrize(
    "scope",
    [
        *("https://api.example.com/orders.read", "api.example.com/v1/orders.read"),
        *("urn:orders/read", "orders/read:all", "a//b", "s" * 256 + "/" + "n" * 256),
    ],
)
def test_a_resource_server_may_be_called_by_its_url(scope: str) -> None:
    for authorizer in ("jwt", "lambda"):
        route = Route("GET /x", "orders", authorizer, Rule(scopes_any=(scope,)))
        table = replace(TABLE, scopes={scope: "-"}, clients=(), routes=(route,))
        check_table(table)


@pytest.mark.parametrize(
    "group",
    ["", "a b", "a\u00a0b", "a\tb", "a\nb", "a\u200bb", "a\u2028b", "\ud800", "\ue000", "g" * 129],
    ids=ascii,
)
def test_a_group_has_a_name_that_cognito_takes(group: str) -> None:
    text = refusal(groups={group: "-"})
    assert f"group {group!r}: use letters, digits, punctuation and symbols only" in text


@pytest.mark.parametrize(
    "group",
    [
        *("a:b", "a/b", "/a/b/", "arn:aws:iam::123456789012:role/x", "a.b@c", "a\\b", '"a"', "#1"),
        *(
            "f\u00fcr",
            "fu\u0308r",
            "\u7ba1\u7406\u8005",
            "\u0645\u062f\u064a\u0631",
            "\U0001f451",
            "g" * 128,
        ),
    ],
    ids=ascii,
)
def test_a_group_may_have_any_letters_and_signs(group: str) -> None:
    route = Route("GET /x", "orders", "lambda", Rule(groups_any=(group,)))
    check_table(replace(TABLE, groups={group: "-"}, routes=(route,)))


def test_a_claim_may_equal_a_parameter_that_the_path_has() -> None:
    rule = Rule(claims={"tenant": PathParameter("tenant")})
    for key in ("GET /t/{tenant}/orders", "GET /t/{tenant+}"):
        check_table(replace(TABLE, routes=(Route(key, "orders", "lambda", rule),)))
    text = refusal(routes=(Route("GET /t/{id}/x", "orders", "lambda", rule),))
    assert (
        "claim 'tenant' is compared with {tenant}, which its path does not have: use one of id"
        in text
    )
    text = refusal(routes=(Route("GET /t", "orders", "lambda", rule),))
    assert text.endswith("use one of (none)")


def of_server(authorizer: Any, **headers: str) -> str:
    named = {header.replace("_", "-"): member for header, member in headers.items()}
    rule = None if authorizer == "public" else Rule()
    backend = HttpBackend("inventory", named)
    return refusal(routes=(Route("GET /x", backend, authorizer, rule),))


@pytest.mark.parametrize(
    "header",
    [
        *("authorization", "x_amzn_trace_id", "x_amz_date", "apigw_requestid", "via", "te"),
        *("x_forwarded_for", "x_forwarded_host", "access_control_allow_origin", "forwarded"),
        *("connection", "content_length", "transfer_encoding", "upgrade", "origin"),
    ],
)
def test_a_header_that_the_gateway_keeps_for_itself_carries_no_identity(header: str) -> None:
    assert "is reserved by API Gateway, choose one such as 'x-user-sub'" in of_server(
        "lambda", **{header: "sub"}
    )


@pytest.mark.parametrize("header", ["X-User-Sub", "x user", "x--sub", "-x", ""])
def test_a_header_that_two_programs_would_read_differently_is_refused(header: str) -> None:
    assert "must be lower-case letters" in of_server("lambda", **{header: "sub"})


@pytest.mark.parametrize("member", ["scope", "client_id", "token_use", "email"])
def test_a_backend_is_told_nothing_that_may_be_empty(member: str) -> None:
    text = of_server("lambda", x_user=member)
    assert "may be empty or missing: use one of sub, issuer, issuer_name, groups, exp" in text


def test_behind_the_built_in_authorizer_a_backend_is_told_subject_and_issuer_alone() -> None:
    text = of_server("jwt", x_user_groups="groups")
    assert "which a token of the built-in authorizer may lack: use one of sub, issuer" in text


def test_a_server_must_learn_who_calls() -> None:
    assert "name at least one of its identity_headers" in of_server("public")


def test_a_server_has_a_name_that_the_stage_can_give_an_address() -> None:
    route = Route("GET /x", HttpBackend("Inven tory"), "public")
    assert "backend 'Inven tory': name it in lower-case letters" in refusal(routes=(route,))


@pytest.mark.parametrize(
    ("scopes", "problem"),
    [
        (("orders/read",), "TRIGGER_SCOPES: remove 'orders/read', SCOPES has it"),
        (("a b",), "TRIGGER_SCOPES: 'a b' must be printable ASCII"),
        (('a"b',), "TRIGGER_SCOPES: 'a\"b' must be printable ASCII"),
        (("\u00e9",), "TRIGGER_SCOPES: '\u00e9' must be printable ASCII"),
    ],
)
def test_scopes_of_a_trigger_are_scopes_and_not_those_of_a_resource_server(
    scopes: tuple[str, ...], problem: str
) -> None:
    assert problem in refusal(trigger_scopes=scopes)


@pytest.mark.parametrize(
    "url",
    [
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.com/consumers",
        "https://sts.windows.net/common/",
    ],
)
def test_an_address_that_stands_for_many_tenants_is_refused_by_name(url: str) -> None:
    told = "stands for many tenants, and no token is issued by it: add an issuer for each tenant"
    assert told in refusal(issuers=(Issuer("cognito"), Issuer("entra", url, ("a",))))
