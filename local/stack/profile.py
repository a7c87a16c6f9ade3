"""What the stack must be told of an app, because no template says it. By default it is nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.gateway.messages import GatewayRequest, GatewayResponse
from local.stack.drawn import Drawn
from local.stack.localised import Addresses, localised
from local.stack.running_pool import UsersOf
from local.template.local_app import LocalApp

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True, slots=True)
class AppProfile:
    """What is known of an app.

    Attributes:
        users_of: Who can sign in to a pool from its start.
        drawn: What a start draws by itself.
        localised: The app with this machine's addresses, `localised` and what it has besides.
        played_origins: The origins of hosts that this machine plays, because they exist nowhere.
        play: Who answers for each of these origins, given the localised app.
        answer_first: The answer to a request that is not the gateway's affair; None if it is.
    """

    users_of: UsersOf = lambda _pool, _drawn: ()
    drawn: Drawn = field(default_factory=Drawn.anew)
    localised: Callable[[LocalApp, Addresses], LocalApp] = localised
    played_origins: Callable[[LocalApp], tuple[str, ...]] = lambda _app: ()
    play: Callable[[LocalApp, Addresses], Mapping[str, "WSGIApplication"]] = lambda _app, _at: {}
    answer_first: Callable[[LocalApp, str, GatewayRequest], GatewayResponse | None] = (
        lambda _app, _api_url, _request: None
    )
