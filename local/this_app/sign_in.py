"""How each kind of caller gets its token: code with PKCE, password, client credentials."""

import base64
import http.client
import json
import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from local.cognito.demo_users import DemoUser, cognito_client
from local.cognito.oauth.codes import challenge_of
from local.cognito.oauth.sign_in import CSRF_COOKIE
from local.cognito.passwords import LOCAL_ONLY_PATH
from local.errors import DemoFailed
from local.json_value import JsonObject
from local.loopback.fetch import Answer, ask
from local.template.pool_config import ClientConfig, PoolConfig
from local.this_app.played.oidc_provider import OidcProvider
from local.this_app.running_app import ServedApp

TIMEOUT_SECONDS = 60
"""On a busy machine a function may have to start for the first call; the gateway waits 30 s."""
_FOUND, _OK = 302, 200


@dataclass(frozen=True, slots=True)
class PublicClient:
    """An app that signs people in by code.

    Attributes:
        id: The app client's.
        redirect_uri: Where the browser is sent back to.
        scopes: All that it may ask for.
        second_factor: Whether its pool asks people for one.
    """

    id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    second_factor: bool

    @classmethod
    def of(cls, client: ClientConfig, pool: PoolConfig) -> "PublicClient":
        """Look up a client of the template."""
        return cls(client.id, client.callback_urls[0], client.oauth_scopes, pool.requires_mfa)


class _AuthorizationRequest:
    """A request for a code with PKCE (RFC 7636), and the exchange of the code that comes back."""

    def __init__(self, client: PublicClient) -> None:
        self._client = client
        self._verifier = secrets.token_urlsafe(48)
        self._state = secrets.token_urlsafe(16)

    def query(self, **more: str) -> str:
        """Return the request's parameters."""
        return urlencode(
            {
                "client_id": self._client.id,
                "redirect_uri": self._client.redirect_uri,
                "response_type": "code",
                "scope": " ".join(self._client.scopes),
                "state": self._state,
                "code_challenge": challenge_of(self._verifier),
                "code_challenge_method": "S256",
                **more,
            }
        )

    def exchange(self, url: str, location: str, who: str) -> JsonObject:
        """Return the tokens for the code of a redirect.

        Raises:
            DemoFailed: It carries no code, or another state.
        """
        back = parse_qs(urlsplit(location).query)
        if back.get("state") != [self._state] or "code" not in back:
            raise DemoFailed(f"{who} is not signed in: {back.get('error_description')}")
        return _tokens(
            url,
            {
                "grant_type": "authorization_code",
                "client_id": self._client.id,
                "code": back["code"][0],
                "redirect_uri": self._client.redirect_uri,
                "code_verifier": self._verifier,
            },
        )


def tokens_by_code(url: str, client: PublicClient, user: DemoUser) -> JsonObject:
    """Sign a person in on the hosted page: authorization code with PKCE (RFC 7636).

    Where the pool asks for a second factor, the tokens come through the local-only door.

    Args:
        url: Cognito's, on this machine.
        client: Whose app; it asks for all its scopes.
        user: Who.

    Returns:
        The token endpoint's answer: `access_token`, and `id_token` if `openid` is asked for.

    Raises:
        DemoFailed: A step was refused.
    """
    if client.second_factor:
        return _tokens_without_mfa(url, client.id, user, client.scopes)
    asked = _AuthorizationRequest(client)
    query = asked.query()
    page = _ask(url, "GET", f"/login?{query}")
    if page.status != _OK:
        raise DemoFailed(f"the sign-in page answers {page.status} to {user.username}")
    token = SimpleCookie(page.header("Set-Cookie"))[CSRF_COOKIE].value
    form = {"username": user.username, "password": user.password, "_csrf": token}
    cookie = {"Cookie": f"{CSRF_COOKIE}={token}"}
    signed_in = _ask(url, "POST", f"/login?{query}", form, cookie)
    return asked.exchange(url, signed_in.header("Location"), user.username)


def access_token_by_provider(
    stack: ServedApp, client: ClientConfig, provider: str, name: str
) -> str:
    """Sign a person in at an identity provider of the pool, which then makes the tokens.

    Args:
        stack: Whose pool.
        client: One that supports the provider.
        provider: Its name in the pool.
        name: Who signs in there.

    Raises:
        DemoFailed: A step was refused.
    """
    asked = _AuthorizationRequest(PublicClient.of(client, stack.pool))
    query = asked.query(identity_provider=provider)
    away = _ask(stack.cognito.url, "GET", f"/oauth2/authorize?{query}")
    if away.status != _FOUND:
        raise DemoFailed(f"the pool answers {away.status} and sends nobody to {provider}")
    there = urlsplit(away.header("Location"))
    target = f"{there.path}?{there.query}"
    back = urlsplit(
        _ask(f"http://{there.netloc}", "POST", target, {"sub": name}).header("Location")
    )
    cookies = "; ".join(
        f"{key}={morsel.value}" for key, morsel in SimpleCookie(away.header("Set-Cookie")).items()
    )
    home = _ask(stack.cognito.url, "GET", f"{back.path}?{back.query}", headers={"Cookie": cookies})
    tokens = asked.exchange(stack.cognito.url, home.header("Location"), f"{name} of {provider}")
    return str(tokens["access_token"])


def access_token_by_password(stack: ServedApp, client_id: str, user: DemoUser) -> str:
    """Sign a person in by Cognito's own API; such a token has no scope of ours.

    Where the pool asks for a second factor, it comes through the local-only door.
    """
    if stack.pool.requires_mfa:
        return str(_tokens_without_mfa(stack.cognito.url, client_id, user, ())["access_token"])
    api = cognito_client(stack.cognito.url, stack.pool.region)
    try:
        result = api.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
        )
    finally:
        api.close()
    return result["AuthenticationResult"]["AccessToken"]


def _tokens_without_mfa(
    url: str, client_id: str, user: DemoUser, scopes: tuple[str, ...]
) -> JsonObject:
    form = {
        "client_id": client_id,
        "username": user.username,
        "password": user.password,
        "scope": " ".join(scopes),
    }
    return _tokens(url, form, path=LOCAL_ONLY_PATH)


def access_token_of_machine(url: str, client_id: str, client_secret: str) -> str:
    """Get a machine's token by client credentials (RFC 6749 section 4.4).

    Args:
        url: Of the issuer, on this machine; both of ours have their endpoint at one path.
        client_id: Whose token.
        client_secret: Its secret.

    Raises:
        DemoFailed: The token endpoint refused.
    """
    basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    authorization = {"Authorization": f"Basic {basic}"}
    tokens = _tokens(url, {"grant_type": "client_credentials"}, authorization)
    return str(tokens["access_token"])


def access_token_of_partner(provider: OidcProvider, name: str) -> str:
    """Sign somebody in at a partner's own provider, by code (RFC 6749 section 4.1).

    Args:
        provider: The partner's; its own application asks for all the scopes of the API.
        name: Who.

    Raises:
        DemoFailed: A step was refused.
    """
    application = provider.partner
    query = urlencode(
        {
            "client_id": application.client_id,
            "redirect_uri": application.redirect_uri,
            "response_type": "code",
            "scope": " ".join(("openid", *provider.issuer.scopes)),
        }
    )
    back = _ask(provider.url, "POST", f"/oauth2/authorize?{query}", {"sub": name})
    code = parse_qs(urlsplit(back.header("Location")).query).get("code")
    if code is None:
        raise DemoFailed(f"the partner's provider signs {name} in with {back.status} and no code")
    form = {
        "grant_type": "authorization_code",
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "code": code[0],
        "redirect_uri": application.redirect_uri,
    }
    return str(_tokens(provider.url, form)["access_token"])


def _tokens(
    url: str,
    form: dict[str, str],
    headers: dict[str, str] | None = None,
    path: str = "/oauth2/token",
) -> JsonObject:
    answer = _ask(url, "POST", path, form, headers)
    document: JsonObject = json.loads(answer.body)
    if answer.status != _OK:
        raise DemoFailed(f"the token endpoint refuses: {document.get('error_description')}")
    return document


def _ask(
    url: str,
    method: str,
    target: str,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    try:
        return ask(method, f"{url}{target}", seconds=TIMEOUT_SECONDS, headers=headers, form=form)
    except (OSError, http.client.HTTPException) as error:
        path = target.partition("?")[0]
        raise DemoFailed(f"{url}{path} gives no answer: {type(error).__name__}: {error}") from error
