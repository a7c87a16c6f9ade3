"""Query of `/oauth2/authorize` or `/login` -> AuthorizationRequest, or who is told what is wrong.

An unknown client or redirect URI is told to the person and never redirected to
(RFC 6749 section 4.1.2.1); a public client must use PKCE with S256 (RFC 9700 section 2.1.1).
"""

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from local.cognito.backend import StrictBackend
from local.cognito.oauth.redirects import redirect_back
from local.cognito.oauth.sign_in_page import problem_page
from local.cognito.pool import SignedPool
from local.template.pool_config import ClientConfig, IdentityProviderConfig

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_NEEDS_OPENID = frozenset({"email", "phone", "profile"})
_PROMPTS = frozenset({"consent", "login", "none", "select_account"})


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a client asks for; `challenge` is the S256 PKCE challenge or None.

    `identity_providers` are the names of those who may sign the person in: the one that is asked
    for, or all of the client's. `provider` is where to go straight away, None for our own page.
    """

    pool: SignedPool
    client: ClientConfig
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None
    nonce: str | None
    prompts: frozenset[str]
    login_hint: str
    identity_providers: tuple[str, ...]
    provider: IdentityProviderConfig | None


class RequestRefused(Exception):
    """A request that gets no code.

    Args:
        code: An error code of RFC 6749 section 4.1.2.1, or Cognito's own.
        description: One sentence.
        redirect_uri: Where to tell the client; None to tell the person on a page.
        state: To return to the client, if it sent one.
    """

    def __init__(
        self,
        code: str,
        description: str,
        redirect_uri: str | None = None,
        state: str | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.redirect_uri = redirect_uri
        self.state = state

    def response(self) -> Response:
        """Return the redirect that tells the client, or the page that tells the person."""
        if self.redirect_uri is None:
            return problem_page(self.code, str(self))
        answer = {"error": self.code, "error_description": str(self)}
        return redirect_back(self.redirect_uri, answer, self.state)


def read_request(backend: StrictBackend, query: "MultiDict[str, str]") -> AuthorizationRequest:
    """Parse what a query asks for.

    Raises:
        RequestRefused: It asks for what the client may not have.
    """
    client_id, redirect_uri = query.get("client_id", ""), query.get("redirect_uri", "")
    pool = backend.pool_of_client(client_id)
    client = pool.client(client_id) if pool else None
    if pool is None or client is None:
        raise RequestRefused("invalid_request", "unknown client_id")
    if redirect_uri not in client.callback_urls:
        raise RequestRefused(
            "redirect_mismatch", "redirect_uri is not one of the client's callback URLs"
        )
    state = query.get("state")
    problem = _problem(client, query)
    if problem:
        raise RequestRefused(*problem, redirect_uri, state)
    name = query.get("identity_provider")
    return AuthorizationRequest(
        pool=pool,
        client=client,
        redirect_uri=redirect_uri,
        scopes=_scopes(client, query),
        state=state,
        challenge=query.get("code_challenge"),
        nonce=query.get("nonce"),
        prompts=frozenset(query.get("prompt", "").split()),
        login_hint=query.get("login_hint", ""),
        identity_providers=client.identity_providers if name is None else (name,),
        provider=None if name is None else pool.identity_provider(name),
    )


def _problem(client: ClientConfig, query: "MultiDict[str, str]") -> tuple[str, str] | None:
    if any(len(values) > 1 for _, values in query.lists()):
        return "invalid_request", "a parameter is repeated"
    if "code" not in client.oauth_flows:
        return "unauthorized_client", "the client may not use the code flow"
    if query.get("response_type") != "code":
        return "unsupported_response_type", "response_type must be code"
    scopes = set(_scopes(client, query))
    if not scopes <= set(client.oauth_scopes):
        return "invalid_scope", "the client may not have one of these scopes"
    if scopes & _NEEDS_OPENID and "openid" not in scopes:
        return "invalid_scope", "email, phone and profile need openid beside them"
    return _pkce_problem(client, query) or _option_problem(client, query)


def _pkce_problem(client: ClientConfig, query: "MultiDict[str, str]") -> tuple[str, str] | None:
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        if client.has_secret:
            return None
        return "invalid_request", "a public client must send code_challenge (PKCE)"
    if method != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
        return "invalid_request", "code_challenge must be S256, 43 characters"
    return None


def _option_problem(client: ClientConfig, query: "MultiDict[str, str]") -> tuple[str, str] | None:
    prompts = query.get("prompt", "").split()
    if set(prompts) - _PROMPTS or ("none" in prompts and len(prompts) > 1):
        return "invalid_request", "prompt must be login or none"
    name = query.get("identity_provider")
    if name is not None and name not in client.identity_providers:
        return "invalid_request", "the client has no identity provider of this name"
    if "idp_identifier" in query:
        return "invalid_request", "idp_identifier is not modelled; use identity_provider"
    if "resource" in query:
        return "invalid_request", "binding a token to a resource is not modelled"
    return None


def _scopes(client: ClientConfig, query: "MultiDict[str, str]") -> tuple[str, ...]:
    # Cognito grants all of the client's scopes to a request that names none.
    return tuple(query["scope"].split(" ")) if "scope" in query else client.oauth_scopes
