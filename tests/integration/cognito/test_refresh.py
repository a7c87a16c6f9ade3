"""Refresh tokens: rotation, grace, reuse and expiry, at the endpoint and by the API."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import GRACE_SECONDS, REFRESH_SECONDS, Cognito
from .http_client import authorize, claims, refresh, token, tokens_by_code
from .test_pools import sign_in


def by_api(cognito: Cognito, refresh_token: str, client_id: str = "cli") -> Any:
    return cognito.api.get_tokens_from_refresh_token(
        RefreshToken=refresh_token, ClientId=client_id
    )["AuthenticationResult"]


def test_a_refresh_gives_new_tokens_of_the_same_session(clocked: Cognito) -> None:
    first = tokens_by_code(clocked)
    clocked.clock.advance(60)
    answer = refresh(clocked, first["refresh_token"])
    assert (answer.status, answer.json["expires_in"]) == (200, 600)
    old, new = claims(first["access_token"]), claims(answer.json["access_token"])
    assert {name for name in old if old[name] != new[name]} == {"iat", "exp", "jti", "event_id"}
    assert claims(answer.json["id_token"])["auth_time"] == old["auth_time"]


def test_a_refresh_without_openid_gives_no_id_token(cognito: Cognito) -> None:
    first = tokens_by_code(cognito, scope="orders/read")
    assert "id_token" not in refresh(cognito, first["refresh_token"]).json


def test_a_rotating_client_gets_a_new_refresh_token_each_time(cognito: Cognito) -> None:
    first = tokens_by_code(cognito)["refresh_token"]
    second = refresh(cognito, first).json["refresh_token"]
    third = refresh(cognito, second).json["refresh_token"]
    assert len({first, second, third}) == 3


def test_a_rotated_token_works_within_the_grace_period(clocked: Cognito) -> None:
    first = tokens_by_code(clocked)["refresh_token"]
    successors = [refresh(clocked, first).json["refresh_token"]]
    clocked.clock.advance(GRACE_SECONDS - 1)
    successors.append(refresh(clocked, first).json["refresh_token"])
    assert [refresh(clocked, successor).status for successor in successors] == [200, 200]


def test_a_rotated_token_used_after_the_grace_period_revokes_the_whole_family(
    clocked: Cognito,
) -> None:
    first = tokens_by_code(clocked)
    second = refresh(clocked, first["refresh_token"]).json
    third = refresh(clocked, second["refresh_token"]).json
    clocked.clock.advance(GRACE_SECONDS)
    reused = refresh(clocked, first["refresh_token"])
    assert (reused.status, reused.json["error"]) == (400, "invalid_grant")
    assert refresh(clocked, third["refresh_token"]).json["error"] == "invalid_grant"


def test_other_sessions_of_the_person_outlive_a_reuse(clocked: Cognito) -> None:
    stolen = tokens_by_code(clocked)["refresh_token"]
    other = tokens_by_code(clocked)["refresh_token"]
    refresh(clocked, stolen)
    clocked.clock.advance(GRACE_SECONDS)
    assert refresh(clocked, stolen).status == 400
    assert refresh(clocked, other).status == 200


def test_a_successor_lives_no_longer_than_the_first_refresh_token(clocked: Cognito) -> None:
    first = tokens_by_code(clocked)["refresh_token"]
    clocked.clock.advance(REFRESH_SECONDS - 1)
    second = refresh(clocked, first).json["refresh_token"]
    clocked.clock.advance(1)
    answer = refresh(clocked, second)
    assert (answer.json["error"], answer.json["error_description"]) == (
        "invalid_grant",
        "Refresh Token has expired",
    )


@pytest.mark.parametrize("client_id", ["second-web", "cli"])
def test_a_refresh_token_is_no_good_at_another_client(cognito: Cognito, client_id: str) -> None:
    answer = refresh(cognito, tokens_by_code(cognito)["refresh_token"], client_id)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


def test_an_unknown_or_missing_refresh_token_is_refused(cognito: Cognito) -> None:
    assert refresh(cognito, "unknown").json["error"] == "invalid_grant"
    missing = token(cognito, grant_type="refresh_token", client_id="web")
    assert missing.json["error"] == "invalid_request"


def test_disabling_or_deleting_a_person_ends_their_sessions(clocked: Cognito) -> None:
    tokens = tokens_by_code(clocked)["refresh_token"]
    admin = {"UserPoolId": clocked.pool.id, "Username": clocked.users["admin"].username}
    clocked.api.admin_disable_user(**admin)
    assert refresh(clocked, tokens).json["error"] == "invalid_grant"
    clocked.api.admin_enable_user(**admin)
    assert refresh(clocked, tokens).json["error"] == "invalid_grant"
    tokens = tokens_by_code(clocked)["refresh_token"]
    clocked.api.admin_delete_user(**admin)
    assert refresh(clocked, tokens).json["error"] == "invalid_grant"


def test_the_api_refreshes_and_rotates_the_same_way(clocked: Cognito) -> None:
    user = clocked.users["user"]
    first = sign_in(clocked, "cli", user.username, user.password)["RefreshToken"]
    second = by_api(clocked, first)
    assert second["RefreshToken"] != first
    assert claims(second["AccessToken"])["scope"] == "aws.cognito.signin.user.admin"
    assert claims(second["IdToken"])["email"] == user.username
    clocked.clock.advance(GRACE_SECONDS)
    with pytest.raises(ClientError, match="RefreshTokenReuseException"):
        by_api(clocked, first)
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        by_api(clocked, second["RefreshToken"])


def test_tokens_of_the_api_can_be_refreshed_at_the_endpoint(cognito: Cognito) -> None:
    user = cognito.users["user"]
    first = sign_in(cognito, "cli", user.username, user.password)
    answer = refresh(cognito, first["RefreshToken"], "cli").json
    assert claims(answer["id_token"])["origin_jti"] == claims(first["IdToken"])["origin_jti"]


def test_a_client_without_rotation_keeps_its_refresh_token(cognito: Cognito) -> None:
    user = cognito.users["user"]
    kept = sign_in(cognito, "plain", user.username, user.password)["RefreshToken"]
    for _ in range(2):
        again = cognito.api.initiate_auth(
            ClientId="plain",
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": kept},
        )["AuthenticationResult"]
        assert "AccessToken" in again
        assert "RefreshToken" not in again
    assert "RefreshToken" not in by_api(cognito, kept, "plain")


def test_a_rotating_client_cannot_refresh_by_initiate_auth(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="REFRESH_TOKEN_AUTH flow not enabled"):
        cognito.api.initiate_auth(
            ClientId="cli", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": "x"}
        )


def test_a_client_that_may_not_refresh_is_refused_everywhere(cognito: Cognito) -> None:
    user = cognito.users["user"]
    given = sign_in(cognito, "no-refresh", user.username, user.password)["RefreshToken"]
    assert refresh(cognito, given, "no-refresh").json["error"] == "unauthorized_client"
    with pytest.raises(ClientError, match="may not refresh"):
        by_api(cognito, given, "no-refresh")


def test_a_refresh_by_the_api_needs_the_clients_secret(cognito: Cognito) -> None:
    secrets: list[Any] = [{}, {"ClientSecret": "wrong" * 6}]
    for secret in secrets:
        with pytest.raises(ClientError, match="NotAuthorizedException"):
            cognito.api.get_tokens_from_refresh_token(
                RefreshToken="x", ClientId="confidential", **secret
            )


def test_the_refresh_token_is_not_good_as_an_access_token(cognito: Cognito) -> None:
    refresh_token = tokens_by_code(cognito, **authorize())["refresh_token"]
    with pytest.raises(ClientError, match="Invalid Access Token"):
        cognito.api.get_user(AccessToken=refresh_token)
