"""Rows R1 to R6: where a credential may stand, and that it stands there once."""

from typing import Any

import pytest

from tests.attacks.bench import Bench
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import ROUTE_KEY, bearer, gateway_event
from tests.attacks.target import Target


@pytest.fixture(scope="module")
def target(bench: Bench) -> Target:
    return bench.target()


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer    "])
def test_the_scheme_is_of_any_case_and_may_be_followed_by_blanks(
    scheme: str, target: Target, mint: Mint
) -> None:
    """R1: RFC 9110 section 11.1, RFC 6750 section 2.1."""
    assert target.judge(gateway_event(scheme + mint.token())).status == 200


@pytest.mark.parametrize(
    "shape",
    [
        "{}",
        "Bearer{}",
        "Bearer\t{}",
        "Bearer\u00a0{}",
        "Bearer\u2003{}",
        "Bearer\n{}",
        "Bearer\r\n {}",
        "Bearer \t{}",
        "Bearer\0 {}",
        "Bearer \0{}",
        " Bearer {}",
        "\tBearer {}",
        "Bearer {} ",
        "Bearer {}\n",
        "Bearer {}\r\nX-Admin: 1",
        "Bearer {}\0",
        'Bearer "{}"',
        "Bearer '{}'",
        "Bearer: {}",
        "Bearer={}",
        "Bearer token={}",
        'Bearer realm="x", token="{}"',
        "Bearer <{}>",
        "Bearer Bearer {}",
        "Basic {}",
        "DPoP {}",
        "Token {}",
        "JWT {}",
        "Bear\u0435r {}",
        "\uff22earer {}",
        "Bearer\u200b {}",
        "\ufeffBearer {}",
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Bearer undefined",
    ],
)
def test_a_value_that_is_not_bearer_and_one_token_is_refused(
    shape: str, target: Target, mint: Mint
) -> None:
    """R1: one pattern for the whole value, ASCII only."""
    assert target.judge(gateway_event(shape.format(mint.token()))).status == 401


@pytest.mark.parametrize(
    "shape",
    [
        "Bearer {0}, Bearer {0}",
        "Bearer {0},Bearer {1}",
        "Bearer {0} {1}",
        "Bearer {0},{1}",
        "Basic dTpw, Bearer {0}",
        "Bearer {0}, Basic dTpw",
        "Bearer {0};Bearer {1}",
    ],
)
def test_two_credentials_in_one_value_are_refused(shape: str, target: Target, mint: Mint) -> None:
    """R2: which of them would a backend take?"""
    other = mint.token(claims=mint.claims(sub="admin"))
    assert target.judge(gateway_event(shape.format(mint.token(), other))).status == 401


@pytest.mark.parametrize("second", ["Authorization", "AUTHORIZATION", "AuThOrIzAtIoN"])
def test_two_headers_of_one_name_are_refused(second: str, target: Target, mint: Mint) -> None:
    """R3: even if both say the same."""
    value = f"Bearer {mint.token()}"
    event = gateway_event(value)
    event["headers"][second] = value
    assert target.judge(event).reason == "credentials_ambiguous"


def test_a_header_that_differs_from_the_identity_source_is_refused(
    target: Target, mint: Mint
) -> None:
    """R4: the gateway would cache the answer under the other value."""
    good, other = f"Bearer {mint.token()}", "Bearer another"
    for sources in ([other, ROUTE_KEY], [good[:-1]], [good.lower()], other, [[good]], {good: 1}):
        verdict = target.judge(gateway_event(good, identitySource=sources))
        assert verdict.reason == "credentials_ambiguous"


@pytest.mark.parametrize(
    "place",
    [
        {"cookies": ["authorization=Bearer {0}", "access_token={0}", "token={0}"]},
        {"rawQueryString": "access_token={0}", "queryStringParameters": {"access_token": "{0}"}},
        {"body": "access_token={0}"},
        {"headers": {"x-authorization": "Bearer {0}"}},
        {"headers": {"x-amzn-oidc-data": "{0}"}},
        {"headers": {"proxy-authorization": "Bearer {0}"}},
        {"headers": {"x-forwarded-authorization": "Bearer {0}"}},
        {"headers": {"authorization ": "Bearer {0}"}},
        {"headers": {"authorization\0": "Bearer {0}"}},
        {"headers": {"cookie": "authorization=Bearer {0}"}},
        {"multiValueHeaders": {"authorization": ["Bearer {0}"]}},
        {"authorizationToken": "Bearer {0}"},
    ],
    ids=lambda place: next(iter(place)),
)
def test_a_token_elsewhere_is_no_credential_and_no_fallback(
    place: dict[str, Any], target: Target, mint: Mint
) -> None:
    """R5: with no Authorization header, and with a bad one."""
    for authorization in ([], ["Basic dTpw"]):
        event = gateway_event("Basic dTpw", identitySource=authorization)
        if not authorization:
            del event["headers"]["authorization"]
        for member, value in _filled(place, mint.token()).items():
            event[member] = {**event["headers"], **value} if member == "headers" else value
        assert target.judge(event).status == 401


def _filled(place: Any, token: str) -> Any:
    if isinstance(place, dict):
        return {name: _filled(value, token) for name, value in place.items()}
    if isinstance(place, list):
        return [_filled(value, token) for value in place]
    return place.format(token)


@pytest.mark.parametrize(
    "headers", [None, [], {}, "authorization: Bearer a.b.c", 7, {"authorization": None}, [["a"]]]
)
def test_headers_of_another_shape_are_refused_and_not_an_error(
    headers: object, target: Target
) -> None:
    """R6: an event without the header, or from another configuration."""
    assert target.judge(gateway_event("Bearer a.b.c", headers=headers)).status == 401


@pytest.mark.parametrize("value", [None, 7, True, ["Bearer a.b.c"], {"Bearer": "a.b.c"}, b"Bearer"])
def test_a_header_value_that_is_no_string_is_refused(value: object, target: Target) -> None:
    """R6: JSON can hold anything."""
    assert target.judge(gateway_event(value)).status == 401


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "event",
        7,
        {},
        {"version": "1.0", "type": "TOKEN", "authorizationToken": "Bearer a.b.c"},
        {"Records": [{"eventSource": "aws:s3"}]},
        {"headers": {"authorization": "Bearer a.b.c"}},
        {"headers": {1: "Bearer a.b.c"}, "requestContext": []},
        {"source": "aws.events", "detail": {}},
    ],
    ids=str,
)
def test_a_foreign_event_is_refused_and_not_an_error(event: object, target: Target) -> None:
    """R6: scheduled pings, other triggers, nonsense."""
    assert target.judge(event).status == 401


def test_the_event_that_these_attacks_start_from_passes(target: Target, mint: Mint) -> None:
    """R1 to R6: or they would be refused for another reason."""
    assert target.judge(bearer(mint.token())).status == 200
