"""PoolConfig -> the user pool, served with its groups, scopes and demo users.

As long as its configuration stays the same, a pool keeps users, keys and sessions.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from local.cognito.people import (
    DemoUser,
    add_demo_users,
    add_groups_and_scopes,
    cognito_client,
)
from local.cognito.pool import SignedPool
from local.cognito.pre_token import Invoke
from local.cognito.server import CognitoServer
from local.errors import StartFailed
from local.template.local_app import FunctionConfig
from local.template.pool_config import PoolConfig

COGNITO_ENDPOINT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
"""What tells AWS's SDK where a service is ("Service-specific endpoints")."""


class RunningPool:
    """Served from the moment it is made; `stop` must be called in the end.

    Args:
        pools: The app's, which must be one.
        invoke: Runs the pool's trigger.
        on_step: Called with the name of each step of the start.
        addresses: Where identity providers are on this machine, by issuer.

    Raises:
        StartFailed: There is not one pool, or it takes no demo users.
    """

    def __init__(
        self,
        pools: Sequence[PoolConfig],
        invoke: Invoke,
        on_step: Callable[[str], None],
        addresses: Mapping[str, str],
    ) -> None:
        on_step("user pool")
        self.config = _only(pools)
        self.cognito = CognitoServer([self.config], invoke, addresses=addresses)
        self._api = cognito_client(self.cognito.url, self.config.region)
        try:
            on_step("demo users")
            self.users = self._add_people(self.config)
        except StartFailed:
            self.stop()
            raise

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
        served = self.cognito.backend.user_pools
        before, old_config, old_users = dict(served), self.config, self.users

        def undo() -> None:
            served.clear()
            served.update(before)
            self.config, self.users = old_config, old_users

        pool = SignedPool(config, time.time)
        if config.id in before:
            pool.keep_keys_of(self.cognito.pool(config.id))
        served.clear()
        served[config.id] = pool
        try:
            self.config, self.users = config, self._add_people(config)
        except StartFailed:
            undo()
            raise
        return undo

    def placed(self, function: FunctionConfig) -> FunctionConfig:
        """The same function, told where Cognito's API is if it knows the pool by its id."""
        if self.config.id not in function.environment.values():
            return function
        environment = {**function.environment, COGNITO_ENDPOINT: self.cognito.url}
        return replace(function, environment=environment)

    def stop(self) -> None:
        """Stop serving; users, keys and sessions are gone."""
        self._api.close()
        self.cognito.stop()

    def _add_people(self, config: PoolConfig) -> tuple[DemoUser, ...]:
        try:
            add_groups_and_scopes(self._api, config)
            return add_demo_users(self._api, config)
        except (BotoCoreError, ClientError) as error:
            raise StartFailed(f"user pool {config.name} takes no demo users: {error}") from error


def _only(pools: Sequence[PoolConfig]) -> PoolConfig:
    if len(pools) != 1:
        raise StartFailed(f"the app has {len(pools)} user pools; one is needed")
    return pools[0]
