import io
import json
from typing import Any

import pytest

from token_claims.claims import OWN_ACCOUNT
from token_claims.handler import EventUnsupported, handler, logger

PERSON = {
    "sub": "u-1",
    "email": "ada@example.com",
    "email_verified": "true",
    "name": "Ada",
    "locale": "en",
    "phone_number": "+1",
    "custom:tenant": "acme",
    "cognito:user_status": "CONFIRMED",
}


def event(attributes: Any = PERSON, scopes: Any = ("openid",), **members: Any) -> dict[str, Any]:
    return {
        "version": "2",
        "triggerSource": "TokenGeneration_HostedAuth",
        "callerContext": {"clientId": "c-1"},
        "request": {"userAttributes": attributes, "scopes": list(scopes)},
        "response": {"claimsAndScopeOverrideDetails": None},
        **members,
    }


def answered(**given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    details = handler(event(**given), None)["response"]["claimsAndScopeOverrideDetails"]
    return details["idTokenGeneration"], details["accessTokenGeneration"]


def test_both_tokens_tell_the_persons_tenant() -> None:
    id_token, access_token = answered()
    assert id_token["claimsToAddOrOverride"] == {"tenant": "acme"}
    assert access_token == {"claimsToAddOrOverride": {"tenant": "acme"}}


@pytest.mark.parametrize("attributes", [{"sub": "u-1"}, {"custom:tenant": ""}, {"tenant": "acme"}])
def test_a_person_without_a_tenant_gets_no_such_claim(attributes: dict[str, str]) -> None:
    id_token, access_token = answered(attributes=attributes)
    assert id_token["claimsToAddOrOverride"] == {}
    assert access_token["claimsToAddOrOverride"] == {}


@pytest.mark.parametrize(
    ("scopes", "dropped"),
    [
        (["openid"], {"email", "email_verified", "name", "locale", "phone_number"}),
        (["openid", "email"], {"name", "locale", "phone_number"}),
        (["openid", "profile", "orders/read"], {"email", "email_verified", "phone_number"}),
        (["openid", "email", "phone", "profile"], set()),
        ([OWN_ACCOUNT], set()),
    ],
)
def test_an_id_token_tells_only_what_was_asked_for(scopes: list[str], dropped: set[str]) -> None:
    id_token, _ = answered(scopes=scopes)
    assert set(id_token["claimsToSuppress"]) == dropped | {"custom:tenant"}


def test_the_rest_of_the_event_goes_back_as_it_came() -> None:
    given = event()
    back = handler(json.loads(json.dumps(given)), None)
    assert {**back, "response": None} == {**given, "response": None}


def test_the_log_tells_no_value_of_the_person() -> None:
    lines = io.StringIO()
    logger.registered_handler.setStream(lines)  # type: ignore[attr-defined]  # a StreamHandler
    handler(event(), None)
    line = lines.getvalue()
    assert json.loads(line)["client_id"] == "c-1"
    assert "acme" not in line
    assert "ada@" not in line


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"version": "1"}, "version is '1': set the trigger to V2_0"),
        ({"version": None}, "version is None: set the trigger to V2_0"),
        ({"attributes": None}, "request.userAttributes is missing"),
    ],
)
def test_an_event_that_cannot_be_answered_signs_nobody_in(
    changes: dict[str, Any], text: str
) -> None:
    with pytest.raises(EventUnsupported, match=text):
        handler(event(**changes), None)
