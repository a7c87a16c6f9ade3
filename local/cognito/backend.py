"""moto's Cognito API, made as strict as Cognito: app clients' flows, secrets and user pools.

The rule: what moto would wave through is checked here first, or refused.
"""

from types import ModuleType
from typing import Any

from moto.cognitoidp import urls
from moto.cognitoidp.exceptions import (
    InvalidParameterException,
    NotAuthorizedError,
    UserNotFoundError,
)
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool
from moto.cognitoidp.utils import check_secret_hash

from local.cognito.app_clients import read_app_client
from local.cognito.pool import SignedPool

_WRONG_CREDENTIALS = "Incorrect username or password."
_NOT_MODELLED = frozenset({"CUSTOM_AUTH", "USER_SRP_AUTH"})
_PERMISSIONS = {"REFRESH_TOKEN": "ALLOW_REFRESH_TOKEN_AUTH"}


class StrictBackend(CognitoIdpBackend):
    """The pools of one region."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for its URLs beside the module of the backend's class, which is now ours.
        return urls

    def signed_pool(self, pool_id: str) -> SignedPool | None:
        """The pool of this id, if it is one of the template's."""
        pool = self.user_pools.get(pool_id)
        return pool if isinstance(pool, SignedPool) else None

    def pool_of_client(self, client_id: str) -> SignedPool | None:
        """The template's pool that an app client belongs to."""
        for pool in self.user_pools.values():
            if isinstance(pool, SignedPool) and client_id in pool.clients:
                return pool
        return None

    def password_is_right(self, pool: SignedPool, username: str, password: str) -> bool:
        """Whether a person may sign in on the hosted page with this password."""
        user = pool._get_user(username)  # noqa: SLF001 - moto has no other look-up by e-mail
        return bool(
            user and user.enabled and user.status == "CONFIRMED" and user.password == password
        )

    def initiate_auth(
        self, client_id: str, auth_flow: str, auth_parameters: dict[str, str]
    ) -> dict[str, Any]:
        """InitiateAuth, for the flows that the app client allows."""
        pool = self.pool_of_client(client_id)
        if pool:
            _check_flow(pool, client_id, auth_flow)
            _check_secret(pool, client_id, auth_parameters)
        try:
            return super().initiate_auth(client_id, auth_flow, auth_parameters)
        except UserNotFoundError:
            if pool and read_app_client(pool.clients[client_id]).hides_unknown_users:
                raise NotAuthorizedError(_WRONG_CREDENTIALS) from None
            raise

    def admin_initiate_auth(
        self,
        user_pool_id: str,
        client_id: str,
        auth_flow: str,
        auth_parameters: dict[str, str],
    ) -> dict[str, Any]:
        """AdminInitiateAuth, for the flows that the app client allows."""
        pool = self.signed_pool(user_pool_id)
        if pool and client_id in pool.clients:
            _check_flow(pool, client_id, auth_flow)
            _check_secret(pool, client_id, auth_parameters)
        return super().admin_initiate_auth(user_pool_id, client_id, auth_flow, auth_parameters)

    def sign_up(
        self, client_id: str, username: str, password: str, attributes: list[dict[str, str]]
    ) -> Any:  # noqa: ANN401 - moto's own type differs by version
        """SignUp, where the pool lets people sign themselves up."""
        pool = self.pool_of_client(client_id)
        if pool and _admin_only(pool):
            raise NotAuthorizedError("SignUp is not permitted for this user pool")
        return super().sign_up(client_id, username, password, attributes)


def _check_flow(pool: SignedPool, client_id: str, auth_flow: str) -> None:
    if auth_flow in _NOT_MODELLED:
        # moto accepts any SRP proof: a token without the password.
        raise InvalidParameterException(
            f"{auth_flow} is not modelled by the local stack; use USER_PASSWORD_AUTH"
        )
    permission = _PERMISSIONS.get(auth_flow, f"ALLOW_{auth_flow}")
    if permission not in read_app_client(pool.clients[client_id]).auth_flows:
        raise InvalidParameterException(f"{auth_flow} flow not enabled for this client")


def _check_secret(pool: SignedPool, client_id: str, auth_parameters: dict[str, str]) -> None:
    client = pool.clients[client_id]
    username = auth_parameters.get("USERNAME", "")
    if client.generate_secret and not check_secret_hash(
        client.secret, client.id, username, auth_parameters.get("SECRET_HASH")
    ):
        raise NotAuthorizedError(
            f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        )


def _admin_only(pool: CognitoIdpUserPool) -> bool:
    settings = pool.extended_config.get("AdminCreateUserConfig", {})
    return bool(settings.get("AllowAdminCreateUserOnly", False))
