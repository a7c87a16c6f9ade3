"""moto's user directory, made as strict as Cognito: sign-up rules, passwords, known attributes.

Moto keeps people, groups and app clients; sign-ins never go through moto.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from moto.cognitoidp import urls
from moto.cognitoidp.exceptions import (
    InvalidParameterException,
    NotAuthorizedError,
    UsernameExistsException,
)
from moto.cognitoidp.models import (
    CognitoIdpBackend,
    CognitoIdpUser,
    CognitoIdpUserPoolAttribute,
    cognitoidp_backends,
)

from local.cognito.pool import SignedPool
from local.template.pool_config import PoolConfig

_Attributes = list[dict[str, str]]


class StrictBackend(CognitoIdpBackend):
    """The pools of one region and account."""

    @classmethod
    def install(
        cls, pools: Iterable[PoolConfig], account_id: str, region: str, clock: Callable[[], float]
    ) -> "StrictBackend":
        """Make the pools, and moto serve them and no others in this process."""
        backend = cls(region, account_id)
        cognitoidp_backends[account_id][region] = backend
        backend.serve_only(*(SignedPool(pool, clock) for pool in pools))
        return backend

    def serve_only(self, *pools: SignedPool) -> None:
        """Serve these pools from now on and no others."""
        self.user_pools = OrderedDict((pool.id, pool) for pool in pools)

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for its URLs beside the module of the backend's class, which is now ours.
        return urls

    @property
    def signed_pools(self) -> list[SignedPool]:
        """All pools."""
        return [pool for pool in self.user_pools.values() if isinstance(pool, SignedPool)]

    def signed_pool(self, pool_id: str) -> SignedPool | None:
        """Return the pool of this id, if it is one of the template's."""
        pool = self.user_pools.get(pool_id)
        return pool if isinstance(pool, SignedPool) else None

    def pool_of_client(self, client_id: str) -> SignedPool | None:
        """Return the template's pool that an app client belongs to."""
        return next((pool for pool in self.signed_pools if client_id in pool.clients), None)

    def check_password(self, pool: SignedPool, password: str) -> None:
        """Check a new password against the pool's policy.

        Raises:
            InvalidPasswordException: moto's; it is too short or lacks a kind of character.
        """
        self._validate_password(pool.id, password)

    def admin_create_user(
        self,
        user_pool_id: str,
        username: str,
        message_action: str,
        temporary_password: str,
        attributes: _Attributes,
    ) -> CognitoIdpUser:
        """AdminCreateUser; without a temporary password nobody knows the one that is made."""
        self._check_named(user_pool_id, attributes)
        if temporary_password:
            self._validate_password(user_pool_id, temporary_password)
        password = temporary_password or secrets.token_urlsafe()
        try:
            return super().admin_create_user(
                user_pool_id, username, message_action, password, attributes
            )
        except UsernameExistsException as error:
            raise UsernameExistsException("User account already exists") from error

    def admin_update_user_attributes(
        self, user_pool_id: str, username: str, attributes: _Attributes
    ) -> None:
        """AdminUpdateUserAttributes, of attributes that the pool has."""
        self._check_named(user_pool_id, attributes)
        super().admin_update_user_attributes(user_pool_id, username, attributes)

    def admin_disable_user(self, user_pool_id: str, username: str) -> None:
        """AdminDisableUser, which ends all sessions for good."""
        super().admin_disable_user(user_pool_id, username)
        pool = self.signed_pool(user_pool_id)
        if pool:
            pool.sessions.sign_out(self.admin_get_user(user_pool_id, username).username)

    def sign_up(self, client_id: str, username: str, password: str, attributes: _Attributes) -> Any:  # noqa: ANN401 - moto's own type differs by version
        """SignUp, where the pool lets people sign themselves up."""
        pool = self.pool_of_client(client_id)
        if pool:
            if pool.extended_config["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]:
                raise NotAuthorizedError("SignUp is not permitted for this user pool")
            self._check_named(pool.id, attributes)
        try:
            return super().sign_up(client_id, username, password, attributes)
        except UsernameExistsException as error:
            raise UsernameExistsException(_taken(pool, username)) from error

    def check_attributes(self, user_pool_id: str, names: Iterable[str]) -> None:
        """Check that the pool has attributes of these names.

        Raises:
            InvalidParameterException: moto's.
        """
        known = {
            *CognitoIdpUserPoolAttribute.STANDARD_SCHEMA,
            *self.describe_user_pool(user_pool_id).schema_attributes,
        } - {"sub"}
        for name in names:
            if name not in known:
                raise InvalidParameterException(
                    f"user.{name}: Attribute does not exist in the schema."
                )

    def _check_named(self, user_pool_id: str, attributes: _Attributes) -> None:
        self.check_attributes(user_pool_id, [each["Name"] for each in attributes or []])


def _taken(pool: SignedPool | None, username: str) -> str:
    """Return SignUp's refusal of a name that is taken, by the pool's sign-in attribute."""
    aliases = (pool.extended_config.get("UsernameAttributes") if pool else None) or []
    kind = "email" if "@" in username else "phone_number"
    if kind in aliases:
        return f"An account with the given {kind} already exists."
    return "User already exists"
