"""PoolConfig -> the user pool with its groups, scopes and first users.

As long as its configuration stays the same, a pool keeps users, keys and sessions.
"""

import time
from collections.abc import Callable, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from local.cognito.demo_users import DemoUser, add_groups_and_scopes, add_users, cognito_client
from local.cognito.pool import SignedPool
from local.cognito.pre_token import Invoke
from local.cognito.wsgi_app import CognitoApp
from local.errors import StartFailed
from local.stack.drawn import Drawn
from local.template.pool_config import PoolConfig

UsersOf = Callable[[PoolConfig, Drawn], tuple[DemoUser, ...]]
"""Who can sign in to a pool from its start, with the passwords that are drawn for them."""


class RunningPool:
    """The one pool of an app; `stop` must be called in the end.

    Args:
        pools: The app's, which must be one.
        url: Where `cognito` is served.
        invoke: Runs the pool's trigger.
        users_of: Who can sign in.
        drawn: Passwords, and secrets of app clients.

    Raises:
        StartFailed: There is not one pool.
    """

    def __init__(
        self,
        pools: Sequence[PoolConfig],
        url: str,
        invoke: Invoke,
        users_of: UsersOf,
        drawn: Drawn,
    ) -> None:
        self.config = _only(pools)
        self.users: tuple[DemoUser, ...] = ()
        self.cognito = CognitoApp([self.config], url, invoke)
        self._users_of = users_of
        self._drawn = drawn
        self._give_secrets(self.cognito.pool(self.config.id))
        self._api = cognito_client(url, self.config.region)
        self.stop = self._api.close

    def add_people(self) -> None:
        """Make groups, scopes and users, by Cognito's API: it must be served.

        Raises:
            StartFailed: The pool does not accept them.
        """
        users = self._users_of(self.config, self._drawn)
        try:
            add_groups_and_scopes(self._api, self.config)
            add_users(self._api, self.config.id, users)
        except (BotoCoreError, ClientError) as error:
            name = self.config.name
            raise StartFailed(f"could not create demo users in pool {name}: {error}") from error
        self.users = users

    def replace(self, pools: Sequence[PoolConfig]) -> Callable[[], None]:
        """Serve another configuration from now on: with new users, but the keys of its id.

        Returns:
            What puts the old pool back, with its users, keys and sessions.

        Raises:
            StartFailed: As at the start, or it is in another region; the old pool goes on.
        """
        config = _only(pools)
        if (config.region, config.account_id) != (self.config.region, self.config.account_id):
            raise StartFailed("the user pool has moved to another region or account: start again")
        pool = SignedPool(config, time.time)
        self._give_secrets(pool)
        old = self.cognito.backend.signed_pools[0]
        old_config, old_users = self.config, self.users
        if config.id == old.id:
            pool.keep_keys_of(old)

        def undo() -> None:
            self.cognito.backend.serve_only(old)
            self.config, self.users = old_config, old_users

        self.cognito.backend.serve_only(pool)
        self.config = config
        try:
            self.add_people()
        except StartFailed:
            undo()
            raise
        return undo

    def _give_secrets(self, pool: SignedPool) -> None:
        for client_id, client in pool.clients.items():
            client.secret = self._drawn.client_secret(client_id)


def _only(pools: Sequence[PoolConfig]) -> PoolConfig:
    if len(pools) != 1:
        raise StartFailed(f"exactly one user pool is supported; the app has {len(pools)}")
    return pools[0]
