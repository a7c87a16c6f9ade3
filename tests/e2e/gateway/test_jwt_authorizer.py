"""The built-in authorizer through a socket, against a real issuer on loopback."""

import json
import time
from typing import Any

import jwt
import pytest

from local.gateway.gateway import Clocks
from tests.issuer import Issuer
from tests.signing_key import SigningKey

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


@pytest.mark.parametrize("prefix", ["Bearer ", ""])
def test_a_good_token_passes_with_bearer_or_without(api: Api, issuer: Issuer, prefix: str) -> None:
    answer = api.call("GET", "/me", (("Authorization", prefix + mint(issuer)),))
    assert claims_of(answer)["client_id"] == "web"


@pytest.mark.parametrize("prefix", ["bearer ", "BEARER ", "Bearer  ", "Bearer\t", "Basic ", "JWT "])
def test_no_other_scheme_stands_before_a_token(api: Api, issuer: Issuer, prefix: str) -> None:
    answer = api.call("GET", "/me", (("Authorization", prefix + mint(issuer)),))
    assert refused(answer, "token is malformed")


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
        ({"exp": "9999999999"}, "exp is not a number"),
        ({"exp": True}, "exp is not a number"),
        ({"nbf": "1"}, "nbf is not a number"),
        ({"iat": []}, "iat is not a number"),
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
    assert refused(ask(api, signed(issuer, text)), "the claims are not JSON")


def signed(issuer: Issuer, payload: str | bytes, header: str | bytes | None = None) -> str:
    """A token of exactly this payload and header."""
    head = header or json.dumps({"alg": "RS256", "kid": issuer.signing_key.kid})
    parts = [part.encode() if isinstance(part, str) else part for part in (head, payload)]
    return sealed(issuer, ".".join(jwt.utils.base64url_encode(part).decode() for part in parts))


def sealed(issuer: Issuer, message: str) -> str:
    """A token of exactly these first two segments, with a good signature."""
    key = jwt.get_algorithm_by_name("RS256")
    signature = key.sign(message.encode(), issuer.signing_key.private_key)
    return f"{message}.{jwt.utils.base64url_encode(signature).decode()}"


def header_of(issuer: Issuer, **members: Any) -> str:
    return json.dumps({"alg": "RS256", "kid": issuer.signing_key.kid, **members})


def claims_text(issuer: Issuer, **claims: Any) -> str:
    """Good claims as JSON text."""
    usual = {"iss": issuer.url, "client_id": "web", "exp": int(time.time()) + 600}
    return json.dumps({**usual, **claims})


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_token_is_utf_8_without_a_mark(api: Api, issuer: Issuer, encoding: str) -> None:
    claims, header = claims_text(issuer), header_of(issuer)
    assert ask(api, signed(issuer, claims, header)).status == 200
    assert refused(
        ask(api, signed(issuer, claims.encode(encoding), header)), "the claims are not JSON"
    )
    assert refused(ask(api, signed(issuer, claims, header.encode(encoding))), "token is malformed")


@pytest.mark.parametrize("raw", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"])
def test_bytes_that_are_not_utf_8_are_401(api: Api, issuer: Issuer, raw: bytes) -> None:
    claims = claims_text(issuer, name="NAME").encode().replace(b"NAME", raw)
    header = header_of(issuer, typ="NAME").encode().replace(b"NAME", raw)
    assert refused(ask(api, signed(issuer, claims)), "the claims are not JSON")
    assert refused(ask(api, signed(issuer, claims_text(issuer), header)), "token is malformed")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_header_holds_no_number_that_is_none(api: Api, issuer: Issuer, number: str) -> None:
    header = header_of(issuer, x=0).replace("0}", f"{number}}}")
    assert refused(ask(api, signed(issuer, claims_text(issuer), header)), "token is malformed")


@pytest.mark.parametrize("client_id", [["web"], ["web", "other"], {"web": 1}, 7, True, None])
def test_a_client_id_is_a_string(api: Api, issuer: Issuer, client_id: Any) -> None:
    token = signed(issuer, claims_text(issuer, client_id=client_id))
    assert refused(ask(api, token), "the token does not have a valid audience")


@pytest.mark.parametrize("other", [7, None, True, ["web"], {"web": 1}])
@pytest.mark.parametrize("is_first", [True, False])
def test_every_audience_is_a_string(api: Api, issuer: Issuer, other: Any, is_first: bool) -> None:
    aud = [other, "web"] if is_first else ["web", other]
    token = signed(issuer, claims_text(issuer, aud=aud))
    assert refused(ask(api, token), "the token does not have a valid audience")


@pytest.mark.parametrize(
    ("name", "value"),
    [("enc", "A256GCM"), ("zip", "DEF"), ("crit", ["x"]), ("crit", []), ("enc", None)],
)
def test_a_header_that_changes_what_the_rest_means_is_401(
    api: Api, issuer: Issuer, name: str, value: Any
) -> None:
    token = signed(issuer, claims_text(issuer), header_of(issuer, **{name: value}))
    assert refused(ask(api, token), f"{name} header is not supported")


@pytest.mark.parametrize("name", ["nbf", "iat", "exp"])
def test_a_time_is_not_null(api: Api, issuer: Issuer, name: str) -> None:
    token = signed(issuer, claims_text(issuer, **{name: None}))
    assert refused(ask(api, token), f"{name} is not a number")


def test_a_member_stands_once(api: Api, issuer: Issuer) -> None:
    claims, header = claims_text(issuer), header_of(issuer)
    twice = claims.replace("{", '{"client_id": "other", ', 1)
    inner = claims_text(issuer, inner=0).replace("0}", '{"a": 1, "a": 2}}')
    for payload in (twice, inner):
        assert refused(ask(api, signed(issuer, payload)), "the claims are not JSON")
    twice_headed = header.replace("{", '{"alg": "none", ', 1)
    assert refused(ask(api, signed(issuer, claims, twice_headed)), "token is malformed")


@pytest.mark.parametrize("levels", [65, 900, 5000])
def test_claims_nested_too_deep_are_401(api: Api, issuer: Issuer, levels: int) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        deep = f"{opening * levels}1{closing * levels}"
        token = signed(issuer, claims_text(issuer, deep="DEEP").replace('"DEEP"', deep))
        # The largest do not fit into the gateway's 10,240 bytes.
        assert ask(api, token).status in ({401} if levels < 1000 else {401, 431})
    shallow = signed(issuer, claims_text(issuer, deep=[[[{"a": [1]}]]]))
    assert ask(api, shallow).status == 200


def respelled(segment: str) -> list[str]:
    """The same bytes in base64url's other spellings, and in plain base64."""
    spellings = [segment + "=" * (-len(segment) % 4)] if len(segment) % 4 else []
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(segment) % 4:
        spellings.append(segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1])
    return [*spellings, segment.replace("-", "+").replace("_", "/")]


def test_a_segment_has_one_spelling(api: Api, issuer: Issuer) -> None:
    claims = claims_text(issuer, name="\u00fb\u00ff\u00fe")
    for filler in ("", "x", "xx"):
        header = header_of(issuer, typ=filler + "?>~")
        good = signed(issuer, claims, header)
        assert ask(api, good).status == 200
        first, second, third = good.split(".")
        for other in (one for one in respelled(first) if one != first):
            assert refused(ask(api, sealed(issuer, f"{other}.{second}")), "token is malformed")
        for other in (one for one in respelled(second) if one != second):
            assert refused(ask(api, sealed(issuer, f"{first}.{other}")), "token is malformed")
        for other in (one for one in respelled(third) if one != third):
            assert refused(ask(api, f"{first}.{second}.{other}"), "token is malformed")


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
