"""The built-in authorizer through a socket, against a real issuer on loopback."""

import json
import time
from typing import Any

import jwt
import pytest

from local.gateway.gateway import Clocks
from local.issuer import Issuer, SigningKey

from .conftest import Answer, Api, Serve
from .jwt_calls import ask, mint, refused
from .templates import jwt_authorizer, route


@pytest.fixture(scope="module")
def api(serve_for_module: Serve, issuer: Issuer) -> Api:
    return serve_for_module(
        route("GET /me", "Lambda2", "Jwt"),
        route("GET /one", "Lambda1", "Jwt"),
        route("GET /scoped", "Lambda2", "Jwt", "read", "write"),
        route("GET /scoped/one", "Lambda1", "Jwt", "read"),
        route("GET /query", "Lambda2", "JwtInQuery"),
        Jwt=jwt_authorizer(issuer.url),
        JwtInQuery=jwt_authorizer(issuer.url, "$request.querystring.token"),
    )


def claims_of(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return answer.json["requestContext"]["authorizer"]["jwt"]["claims"]


@pytest.mark.parametrize("prefix", ["Bearer ", "bearer ", ""])
def test_a_good_token_passes_with_bearer_or_without(api: Api, issuer: Issuer, prefix: str) -> None:
    answer = api.call("GET", "/me", (("Authorization", prefix + mint(issuer)),))
    assert claims_of(answer)["client_id"] == "web"


def test_the_token_may_come_in_the_query(api: Api, issuer: Issuer) -> None:
    token = mint(issuer)
    assert api.call("GET", f"/query?token={token}").status == 200
    assert api.call("GET", f"/query?Token={token}").status == 401
    assert ask(api, token, "/query").status == 401


def test_no_token_is_401_with_bearer_alone(api: Api) -> None:
    answer = ask(api, None)
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert answer.header("www-authenticate") == "Bearer"
    assert answer.header("apigw-requestid")
    assert api.reason == "missing: token not provided"


@pytest.mark.parametrize("value", ["abc", "a.b", "a.b.c.d", "a b c"])
def test_another_number_of_segments_is_told_so(api: Api, value: str) -> None:
    assert refused(ask(api, value), "token contains an invalid number of segments")


def test_a_wrong_audience_is_told_so(api: Api, issuer: Issuer) -> None:
    description = "the token does not have a valid audience"
    assert refused(ask(api, mint(issuer, client_id="other")), description)
    assert refused(ask(api, mint(issuer, client_id=None)), description)


@pytest.mark.parametrize("aud", ["other", [], ["other"], "", 3, {"web": 1}])
def test_client_id_counts_only_without_aud(api: Api, issuer: Issuer, aud: Any) -> None:
    description = "the token does not have a valid audience"
    assert refused(ask(api, mint(issuer, client_id="web", aud=aud)), description)


@pytest.mark.parametrize("aud", ["web", ["other", "cli"]])
def test_one_audience_of_several_is_enough(api: Api, issuer: Issuer, aud: Any) -> None:
    assert ask(api, mint(issuer, client_id="other", aud=aud)).status == 200


def test_a_wrong_issuer_is_401(api: Api, issuer: Issuer) -> None:
    assert refused(ask(api, mint(issuer, iss="https://other.example")), "issuer does not match")
    assert refused(ask(api, mint(issuer, iss=f"{issuer.url}/")), "issuer does not match")


@pytest.mark.parametrize("algorithm", ["ES256", "HS256", "none", "PS256", "EdDSA"])
def test_any_algorithm_but_rs_is_401(api: Api, issuer: Issuer, algorithm: str) -> None:
    claims = {"iss": issuer.url, "client_id": "web", "exp": int(time.time()) + 60}
    kid = {"kid": issuer.signing_key.kid}
    if algorithm in {"HS256", "none"}:
        token = jwt.encode(claims, "s" * 32 if algorithm == "HS256" else "", algorithm, kid)
    else:
        token = SigningKey.generate(algorithm).sign(claims, kid)
    assert refused(ask(api, token), f"signing method {algorithm} is invalid")


@pytest.mark.parametrize("kid", [None, "unknown", "", 7])
def test_a_missing_or_unknown_kid_is_401(api: Api, issuer: Issuer, kid: Any) -> None:
    claims = {"iss": issuer.url, "client_id": "web", "exp": int(time.time()) + 60}
    header = {"alg": "RS256", **({"kid": kid} if kid is not None else {})}
    encoded = [jwt.utils.base64url_encode(json.dumps(part).encode()) for part in (header, claims)]
    signature = jwt.get_algorithm_by_name("RS256").sign(
        b".".join(encoded), issuer.signing_key.private_key
    )
    token = b".".join([*encoded, jwt.utils.base64url_encode(signature)]).decode()
    answer = ask(api, token)
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})


def test_a_forged_signature_is_401(api: Api, issuer: Issuer) -> None:
    kid = issuer.signing_key.kid
    forger = SigningKey("RS256", SigningKey.generate("RS256").private_key, kid)
    claims = {"iss": issuer.url, "client_id": "web", "exp": int(time.time()) + 60}
    assert refused(ask(api, forger.sign(claims)), "signature is invalid")
    token = mint(issuer)
    assert refused(
        ask(api, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")), "signature is invalid"
    )


@pytest.mark.parametrize(
    ("claims", "description"),
    [
        ({"exp": 1}, "token is expired"),
        ({"exp": None}, "token is expired"),
        ({"exp": "9999999999"}, "exp is no number"),
        ({"exp": True}, "exp is no number"),
        ({"nbf": 9_999_999_999}, "token is used before its nbf"),
        ({"iat": 9_999_999_999}, "token is used before its iat"),
    ],
)
def test_times_are_checked(
    api: Api, issuer: Issuer, claims: dict[str, Any], description: str
) -> None:
    assert refused(ask(api, mint(issuer, **claims)), description)


def test_there_is_no_leeway_for_clocks(serve: Serve, issuer: Issuer) -> None:
    now = [0.0]
    clocks = Clocks(wall=lambda: now[0])
    api = serve(route("GET /me", "Lambda2", "Jwt"), clocks=clocks, Jwt=jwt_authorizer(issuer.url))
    token = mint(issuer, iat=1000, nbf=1000, exp=2000)
    for moment, status in ((999, 401), (1000, 200), (1999, 200), (2000, 401)):
        now[0] = moment
        assert ask(api, token).status == status


@pytest.mark.parametrize("exp", ["Infinity", "NaN", "1e999", "-Infinity"])
def test_a_number_that_is_none_is_401(api: Api, issuer: Issuer, exp: str) -> None:
    text = f'{{"iss": "{issuer.url}", "client_id": "web", "exp": {exp}}}'
    assert refused(ask(api, signed(issuer, text)), "the claims are no JSON")


def signed(issuer: Issuer, payload: str, header: str | None = None) -> str:
    """A token of exactly this payload and header."""
    head = header or json.dumps({"alg": "RS256", "kid": issuer.signing_key.kid})
    message = b".".join(jwt.utils.base64url_encode(part.encode()) for part in (head, payload))
    key = jwt.get_algorithm_by_name("RS256")
    signature = key.sign(message, issuer.signing_key.private_key)
    return (message + b"." + jwt.utils.base64url_encode(signature)).decode()


@pytest.mark.parametrize(
    "payload", ["[]", "1", "{", '"x"', "[" * 3000, '{"exp": ' + "9" * 4500 + "}"]
)
def test_claims_that_are_no_object_are_401(api: Api, issuer: Issuer, payload: str) -> None:
    assert ask(api, signed(issuer, payload)).status == 401


@pytest.mark.parametrize("header", ["[]", "[" * 3000, '{"alg": ["RS256"]}', "{", "\u00ff", "null"])
def test_a_header_that_is_no_object_is_401(api: Api, issuer: Issuer, header: str) -> None:
    assert ask(api, signed(issuer, "{}", header)).status == 401


def test_claims_arrive_as_the_gateway_renders_them(api: Api, issuer: Issuer) -> None:
    token = mint(
        issuer,
        exp=9_999_999_999,
        groups=["admin", "power user"],
        flag=True,
        empty=[],
        number=7,
        nested={"a": 1},
        numbers=[1, 2],
        float=1.5,
    )
    claims = claims_of(ask(api, token))
    assert claims["groups"] == "[admin power user]"
    assert claims["exp"] == "9999999999"
    assert (claims["flag"], claims["empty"], claims["number"]) == ("true", "[]", "7")
    assert (claims["nested"], claims["numbers"], claims["float"]) == ('{"a":1}', "[1 2]", "1.5")


def test_a_null_claim_does_not_arrive(api: Api, issuer: Issuer) -> None:
    claims = {"iss": issuer.url, "client_id": "web", "exp": 9_999_999_999, "nothing": None}
    assert "nothing" not in claims_of(ask(api, signed(issuer, json.dumps(claims))))


def test_half_a_surrogate_pair_in_a_claim_is_no_character(api: Api, issuer: Issuer) -> None:
    token = mint(issuer, nickname="a\ud800b")
    assert claims_of(ask(api, token))["nickname"] == "a?b"


def test_scopes_are_null_unless_the_route_asks_for_some(api: Api, issuer: Issuer) -> None:
    token = mint(issuer, scope="read other")
    plain, scoped = ask(api, token).json, ask(api, token, "/scoped").json
    assert plain["requestContext"]["authorizer"]["jwt"]["scopes"] is None
    assert scoped["requestContext"]["authorizer"]["jwt"]["scopes"] == ["read", "other"]


def test_payload_one_has_claims_and_scopes_flat(api: Api, issuer: Issuer) -> None:
    token = mint(issuer, scope="read other", sub="s")
    plain = ask(api, token, "/one").json["requestContext"]["authorizer"]
    assert (plain["claims"]["sub"], plain["scopes"]) == ("s", None)
    scoped = ask(api, token, "/scoped/one").json["requestContext"]["authorizer"]
    assert (scoped["claims"]["sub"], scoped["scopes"]) == ("s", ["read", "other"])


@pytest.mark.parametrize("claim", ["scope", "scp"])
def test_any_one_scope_of_the_route_is_enough(api: Api, issuer: Issuer, claim: str) -> None:
    assert ask(api, mint(issuer, **{claim: "x write"}), "/scoped").status == 200


@pytest.mark.parametrize("scp", [None, "read", ["read"]])
@pytest.mark.parametrize("scope", [["read"], ["x", "read"], [], {"read": True}, 7])
def test_a_scope_that_is_not_a_string_gives_none(
    api: Api, issuer: Issuer, scope: Any, scp: Any
) -> None:
    assert ask(api, mint(issuer, scope=scope, scp=scp), "/scoped").status == 403


def test_scopes_is_not_looked_at(api: Api, issuer: Issuer) -> None:
    assert ask(api, mint(issuer, scopes="read"), "/scoped").status == 403
    assert ask(api, mint(issuer, scopes=["read"]), "/scoped").status == 403


def test_scp_may_be_a_list(api: Api, issuer: Issuer) -> None:
    assert ask(api, mint(issuer, scp=["x", "read"]), "/scoped").status == 200


@pytest.mark.parametrize("scope", ["", "readwrite", "read,write", "READ", "read/", None])
def test_without_any_scope_of_the_route_it_is_403(
    api: Api, issuer: Issuer, scope: str | None
) -> None:
    answer = ask(api, mint(issuer, scope=scope), "/scoped")
    assert (answer.status, answer.json) == (403, {"message": "Forbidden"})
    assert 'error="insufficient_scope"' in str(answer.header("www-authenticate"))


def test_an_id_token_passes_a_route_without_scopes(api: Api, issuer: Issuer) -> None:
    token = mint(issuer, client_id=None, aud="web", token_use="id")
    assert ask(api, token).status == 200
    assert ask(api, token, "/scoped").status == 403
