"""InitiateAuth, RespondToAuthChallenge and their Admin twins -> tokens or a challenge.

Only what is really verified here gives tokens; every other flow is refused by name.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from moto.cognitoidp.exceptions import InvalidParameterException, InvalidPasswordException
from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from local.cognito.api.challenges import Challenges
from local.cognito.api.new_password import challenge_parameters, given_attributes
from local.cognito.api.parameters import Parameters
from local.cognito.api.secret_hash import check_hash
from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused, invalid_parameter, not_authorized
from local.cognito.passwords import authenticate, must_change_password
from local.cognito.pool import SignedPool
from local.cognito.pre_token import AUTHENTICATION, NEW_PASSWORD
from local.cognito.token_sessions import RefreshRefused
from local.cognito.tokens import SignIn, TokenIssuer
from local.json_value import JsonObject
from local.template.pool_config import ClientConfig

API_SCOPE = "aws.cognito.signin.user.admin"
"""The scope of a sign-in by the API: it opens the API's own operations and nothing else."""

_NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - the name of a challenge
_REFRESH: Mapping[str, str] = {
    "REFRESH_TOKEN": "ALLOW_REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN_AUTH": "ALLOW_REFRESH_TOKEN_AUTH",
}
_USER_FLOWS = MappingProxyType({"USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH", **_REFRESH})
_ADMIN_FLOWS = MappingProxyType(
    {
        "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ADMIN_USER_PASSWORD_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        **_REFRESH,
    }
)


class AuthFlows:
    """Signs people in by the API.

    Args:
        backend: The pools.
        issuer: Makes the tokens.
        clock: Seconds since the epoch.
    """

    def __init__(
        self, backend: StrictBackend, issuer: TokenIssuer, clock: Callable[[], float]
    ) -> None:
        self._backend = backend
        self._issuer = issuer
        self._clock = clock
        self._challenges = Challenges(clock)

    def initiate_auth(self, asked: Parameters) -> JsonObject:
        """InitiateAuth: a password, or a refresh token."""
        client_id = asked.text("ClientId")
        return self._start(self._pool_of(client_id), client_id, asked, _USER_FLOWS)

    def admin_initiate_auth(self, asked: Parameters) -> JsonObject:
        """AdminInitiateAuth: the same, for a backend."""
        pool = self._named_pool(asked)
        return self._start(pool, asked.text("ClientId"), asked, _ADMIN_FLOWS)

    def respond_to_auth_challenge(self, asked: Parameters) -> JsonObject:
        """RespondToAuthChallenge: a new password instead of the temporary one."""
        client_id = asked.text("ClientId")
        return self._respond(self._pool_of(client_id), client_id, asked)

    def admin_respond_to_auth_challenge(self, asked: Parameters) -> JsonObject:
        """AdminRespondToAuthChallenge: the same, for a backend."""
        return self._respond(self._named_pool(asked), asked.text("ClientId"), asked)

    def _start(
        self, pool: SignedPool, client_id: str, asked: Parameters, flows: Mapping[str, str]
    ) -> JsonObject:
        client = _client(pool, client_id)
        flow = asked.text("AuthFlow")
        given = asked.inside("AuthParameters")
        if flow not in flows:
            raise invalid_parameter(
                f"{flow} is not modelled by the local stack; use {', '.join(flows)}"
            )
        if flows[flow] not in client.auth_flows:
            raise invalid_parameter(f"{flow} flow not enabled for this client")
        if flow in _REFRESH:
            return self._refresh(pool, client, given)
        username, password = given.text("USERNAME"), given.text("PASSWORD")
        check_hash(pool, client.id, username, given.optional_text("SECRET_HASH"))
        user = authenticate(pool, client, username, password)
        if must_change_password(user):
            return self._challenge(pool, client, user)
        return self._tokens(pool, client, user, AUTHENTICATION, None)

    def _refresh(self, pool: SignedPool, client: ClientConfig, given: Parameters) -> JsonObject:
        token = given.text("REFRESH_TOKEN")
        try:
            username = pool.sessions.session_of(token, client).username
            check_hash(pool, client.id, username, given.optional_text("SECRET_HASH"))
            tokens = self._issuer.refreshed_tokens(pool, client, token)
        except RefreshRefused as refused:
            raise not_authorized(str(refused)) from refused
        return {"ChallengeParameters": {}, "AuthenticationResult": tokens.api()}

    def _challenge(
        self, pool: SignedPool, client: ClientConfig, user: CognitoIdpUser
    ) -> JsonObject:
        seconds = client.auth_session_seconds
        return {
            "ChallengeName": _NEW_PASSWORD,
            "Session": self._challenges.issue(client.id, user.username, seconds),
            "ChallengeParameters": challenge_parameters(pool, client, user),
        }

    def _respond(self, pool: SignedPool, client_id: str, asked: Parameters) -> JsonObject:
        client = _client(pool, client_id)
        name, session = asked.text("ChallengeName"), asked.text("Session")
        if name != _NEW_PASSWORD:
            raise invalid_parameter(f"the challenge {name} is not modelled by the local stack")
        given = asked.inside("ChallengeResponses")
        username, password = given.text("USERNAME"), given.text("NEW_PASSWORD")
        check_hash(pool, client.id, username, given.optional_text("SECRET_HASH"))
        user = pool.named(self._challenges.find(session, client.id).username)
        if user is None or pool.user(username) is not user or not must_change_password(user):
            raise not_authorized("Invalid session for the user.")
        attributes = given_attributes(pool, client, user, given)
        try:
            self._backend.check_password(pool, password)
            self._backend.check_attributes(pool.id, attributes)
        except (InvalidParameterException, InvalidPasswordException) as error:
            raise Refused(str(error.error_type), str(error.message)) from error
        self._challenges.take(session, client.id)
        user.update_attributes([{"Name": k, "Value": v} for k, v in attributes.items()])
        user.password = password
        user.status = UserStatus.CONFIRMED
        return self._tokens(pool, client, user, NEW_PASSWORD, asked.texts("ClientMetadata"))

    def _tokens(
        self,
        pool: SignedPool,
        client: ClientConfig,
        user: CognitoIdpUser,
        source: str,
        metadata: Mapping[str, str] | None,
    ) -> JsonObject:
        sign_in = SignIn(pool, client, user, (API_SCOPE,), int(self._clock()), by_api=True)
        tokens = self._issuer.first_tokens(
            sign_in, self._issuer.customise(sign_in, source, metadata)
        )
        return {"ChallengeParameters": {}, "AuthenticationResult": tokens.api()}

    def _pool_of(self, client_id: str) -> SignedPool:
        pool = self._backend.pool_of_client(client_id)
        if pool is None:
            raise _no_client(client_id)
        return pool

    def _named_pool(self, asked: Parameters) -> SignedPool:
        pool_id = asked.text("UserPoolId")
        pool = self._backend.signed_pool(pool_id)
        if pool is None:
            raise Refused("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
        return pool


def _client(pool: SignedPool, client_id: str) -> ClientConfig:
    client = pool.client(client_id)
    if client is None:
        raise _no_client(client_id)
    return client


def _no_client(client_id: str) -> Refused:
    return Refused("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
