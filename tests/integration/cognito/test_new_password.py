"""Temporary passwords: the challenge to choose a new one, and who may answer it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import POOL, Cognito
from .http_client import claims
from .test_pools import sign_in

TEMPORARY = "Temporary-Passw0rd"
CHOSEN = "Chosen-by-me-Passw0rd"


def invite(cognito: Cognito, username: str) -> None:
    cognito.api.admin_create_user(
        UserPoolId=cognito.pool.id, Username=username, TemporaryPassword=TEMPORARY
    )


def respond(cognito: Cognito, session: str, client_id: str = "cli", **responses: str) -> Any:
    return cognito.api.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=session,
        ChallengeResponses=responses,
    )


def challenge(cognito: Cognito, username: str) -> str:
    asked = cognito.api.initiate_auth(
        ClientId="cli",
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": TEMPORARY},
    )
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert set(asked) & {"AuthenticationResult"} == set()
    return str(asked["Session"])


def test_a_temporary_password_must_follow_the_policy(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="InvalidPasswordException"):
        cognito.api.admin_create_user(
            UserPoolId=POOL.id, Username="short@example.com", TemporaryPassword="Short-1"
        )


def test_a_temporary_password_is_changed_by_the_challenge(cognito: Cognito) -> None:
    username = "new@example.com"
    invite(cognito, username)
    session = challenge(cognito, username)
    tokens = respond(cognito, session, USERNAME=username, NEW_PASSWORD=CHOSEN)
    assert claims(tokens["AuthenticationResult"]["IdToken"])["email"] == username
    assert "AccessToken" in sign_in(cognito, "cli", username, CHOSEN)
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        sign_in(cognito, "cli", username, TEMPORARY)
    with pytest.raises(ClientError, match="Invalid session"):
        respond(cognito, session, USERNAME=username, NEW_PASSWORD=CHOSEN)


def test_a_challenge_cannot_be_answered_for_somebody_else(cognito: Cognito) -> None:
    invite(cognito, "first@example.com")
    invite(cognito, "second@example.com")
    session = challenge(cognito, "first@example.com")
    for username in ("second@example.com", cognito.users["admin"].username, "nobody@example.com"):
        with pytest.raises(ClientError, match="Invalid session"):
            respond(cognito, session, USERNAME=username, NEW_PASSWORD=CHOSEN)
    with pytest.raises(ClientError, match="Invalid session"):
        respond(cognito, session, "plain", USERNAME="first@example.com", NEW_PASSWORD=CHOSEN)


def test_a_new_password_must_follow_the_policy_and_may_be_tried_again(cognito: Cognito) -> None:
    username = "policy@example.com"
    invite(cognito, username)
    session = challenge(cognito, username)
    with pytest.raises(ClientError, match="InvalidPasswordException"):
        respond(cognito, session, USERNAME=username, NEW_PASSWORD="Short-1")
    assert respond(cognito, session, USERNAME=username, NEW_PASSWORD=CHOSEN)


def test_a_challenge_expires_with_the_clients_session(clocked: Cognito) -> None:
    invite(clocked, "late@example.com")
    session = challenge(clocked, "late@example.com")
    clocked.clock.advance(180)
    with pytest.raises(ClientError, match="session is expired"):
        respond(clocked, session, USERNAME="late@example.com", NEW_PASSWORD=CHOSEN)


@pytest.mark.parametrize("name", ["SOFTWARE_TOKEN_MFA", "PASSWORD_VERIFIER", "MFA_SETUP"])
def test_a_challenge_that_is_not_verified_gives_no_tokens(cognito: Cognito, name: Any) -> None:
    invite(cognito, f"{name}@example.com")
    with pytest.raises(ClientError, match="is not modelled"):
        cognito.api.respond_to_auth_challenge(
            ClientId="cli",
            ChallengeName=name,
            Session=challenge(cognito, f"{name}@example.com"),
            ChallengeResponses={"USERNAME": cognito.users["admin"].username},
        )


def test_an_administrator_signs_a_person_in_and_answers_for_them(cognito: Cognito) -> None:
    invite(cognito, "by-admin@example.com")
    asked = cognito.api.admin_initiate_auth(
        UserPoolId=POOL.id,
        ClientId="plain",
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "by-admin@example.com", "PASSWORD": TEMPORARY},
    )
    tokens = cognito.api.admin_respond_to_auth_challenge(
        UserPoolId=POOL.id,
        ClientId="plain",
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "by-admin@example.com", "NEW_PASSWORD": CHOSEN},
    )["AuthenticationResult"]
    again = cognito.api.admin_initiate_auth(
        UserPoolId=POOL.id,
        ClientId="plain",
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )["AuthenticationResult"]
    assert claims(again["AccessToken"])["origin_jti"] == claims(tokens["AccessToken"])["origin_jti"]
