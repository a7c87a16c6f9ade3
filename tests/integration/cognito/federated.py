"""A pool whose people are signed in by the provider `Corp`, and a browser that goes there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from local.cognito.pre_token import Invoke
from local.cognito.wsgi_app import no_function
from local.template.pool_config import IdentityProviderConfig, PoolConfig, PreTokenConfig

from .conftest import CALLBACK, SECOND_WEB, WEB, Clock, Cognito, client_config, pool_config, serve
from .http_client import Answer, Browser, authorize, claims, redeem
from .lying_provider import CODE, LyingProvider, serve_lying_provider
from .real_provider import RealProvider

NAME = "Corp"
SECRET = "a secret between pool and provider"
MAPPING = {"email": "email", "email_verified": "email_verified", "name": "name"}
ONLY_CORP = client_config(
    "only-corp",
    oauth_flows=frozenset({"code"}),
    oauth_scopes=("openid", "email"),
    callback_urls=(CALLBACK,),
    identity_providers=(NAME,),
)


def corp(issuer: str, **changes: Any) -> IdentityProviderConfig:
    settings = {"attributes": MAPPING, **changes}
    return IdentityProviderConfig(
        NAME, issuer, "our-client", SECRET, ("openid", "email", "profile"), **settings
    )


def federated_pool(*providers: IdentityProviderConfig, **changes: Any) -> PoolConfig:
    names = ("COGNITO", *(provider.name for provider in providers))
    web = replace(WEB, identity_providers=names)
    config = pool_config("eu-north-1_federated1", web, SECOND_WEB, ONLY_CORP)
    return replace(config, **{"identity_providers": providers, **changes})


@contextmanager
def serve_federated(
    pool: PoolConfig,
    *,
    invoke: Invoke = no_function,
    clock: Clock | None = None,
) -> Iterator[Cognito]:
    yield from serve(pool, invoke=invoke, clock=clock)


def triggered(pool: PoolConfig) -> PoolConfig:
    return replace(pool, pre_token=PreTokenConfig("trigger", "V2_0"))


class FederatedBrowser(Browser):
    """A browser that is sent to a provider and comes back."""

    def leave(self, host: str | None = None, **changes: str | None) -> Answer:
        """Ask for the provider, under a name of this server; `location` says where it is."""
        target = "/oauth2/authorize?" + urlencode(authorize(identity_provider=NAME, **changes))
        return self._ask("GET", target, None, {} if host is None else {"Host": host})

    def come_back(self, location: str) -> Answer:
        """Follow a provider's redirect to this server."""
        parts = urlsplit(location)
        assert f"{parts.scheme}://{parts.netloc}" == self.cognito.server.url
        return self._ask("GET", f"{parts.path}?{parts.query}", None, {})

    def sign_in_at(self, provider: RealProvider, subject: str, **changes: str | None) -> Answer:
        """Go to the provider, sign in there, and come back."""
        away = self.leave(**changes)
        return self.come_back(provider.sign_in(away.headers["location"], subject))


def tokens_of(cognito: Cognito, back: Answer, **changes: str) -> Any:
    assert back.status == 302, back.body
    assert "code" in back.redirected, back.redirected
    return redeem(cognito, back.redirected["code"], **changes).json


def id_claims(cognito: Cognito, back: Answer) -> Any:
    return claims(tokens_of(cognito, back)["id_token"])


@contextmanager
def serve_lying_corp() -> Iterator[tuple[LyingProvider, Cognito]]:
    """A provider that lies, and the pool that it signs people in to."""
    with (
        serve_lying_provider() as provider,
        serve_federated(federated_pool(corp(provider.issuer.url))) as cognito,
    ):
        yield provider, cognito


def come_back(cognito: Cognito, provider: LyingProvider, **changes: str | None) -> Answer:
    browser = FederatedBrowser(cognito)
    away = browser.leave()
    assert "error" not in away.redirected, away.redirected
    return browser.come_back(provider.answer_to(away.headers["location"], **changes))


def refused(back: Answer) -> str:
    """What the client is told: an error with its own state, and no code."""
    assert back.status == 302, back.body
    assert back.headers["location"].startswith(f"{CALLBACK}?")
    assert set(back.redirected) == {"error", "error_description", "state"}
    assert back.redirected["state"] == "opaque & odd"
    assert back.redirected["error"] == "server_error"
    assert not [cookie for cookie in back.set_cookies if cookie.startswith("cognito=")]
    description = back.redirected["error_description"]
    assert description.startswith("Corp: ")
    for secret in (SECRET, CODE, "their-token", "eyJ"):
        assert secret not in description
    return description
