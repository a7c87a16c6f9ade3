"""`/oauth2/authorize` with a provider, and `/oauth2/idpresponse` -> a code of our own.

A browser that comes back must be the one that was sent away; then whatever goes wrong is
told to the app client, and a person of the pool is touched only once the provider's ID token is
verified.
"""

import secrets
from collections.abc import Callable

from moto.cognitoidp.models import CognitoIdpUser
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.federation.attributes import mapped
from local.cognito.federation.errors import FederationFailed, provider_failed
from local.cognito.federation.id_token import verified_claims
from local.cognito.federation.pending import PENDING_SECONDS, PendingSignIn, PendingSignIns
from local.cognito.federation.provider_metadata import discover, get_object
from local.cognito.federation.token_exchange import exchange, refusal, user_info
from local.cognito.oauth.authorizations import Authorizations
from local.cognito.oauth.authorize_request import (
    AuthorizationRequest,
    RequestRefused,
    read_request,
)
from local.cognito.oauth.redirects import redirect_back
from local.cognito.oauth.sign_in_page import problem_page
from local.json_value import JsonObject
from local.template.pool_config import IdentityProviderConfig

RESPONSE_PATH = "/oauth2/idpresponse"
STATE_COOKIE = "csrf-state"
_RANDOM_BYTES = 32
_NOT_WAITING = (
    "This sign-in is not pending: it is over, older than 5 minutes, or began in another browser"
)


class FederatedSignIn:
    """Sends people to their provider and takes them back.

    Args:
        backend: The pools.
        authorizations: Issues a code for the person who has signed in.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        backend: StrictBackend,
        authorizations: Authorizations,
        clock: Callable[[], float],
    ) -> None:
        self._backend = backend
        self._authorizations = authorizations
        self._clock = clock
        self._pending = PendingSignIns(clock)

    def start(
        self, request: Request, asked: AuthorizationRequest, provider: IdentityProviderConfig
    ) -> Response:
        """Send the browser to a provider (OpenID Connect Core section 3.1.2.1).

        Raises:
            RequestRefused: The provider cannot be used.
        """
        try:
            metadata = discover(provider)
        except FederationFailed as failed:
            raise _refused(failed, asked) from failed
        # One cookie for all tabs of a browser.
        browser = request.cookies.get(STATE_COOKIE) or secrets.token_urlsafe(_RANDOM_BYTES)
        pending = PendingSignIn(
            provider=provider,
            metadata=metadata,
            redirect_uri=request.host_url.rstrip("/") + RESPONSE_PATH,
            query=request.args.to_dict(),
            nonce=secrets.token_urlsafe(_RANDOM_BYTES),
            browser=browser,
        )
        passed_on = {"prompt": " ".join(sorted(asked.prompts)), "login_hint": asked.login_hint}
        query = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": pending.redirect_uri,
            "scope": " ".join(provider.scopes),
            "state": self._pending.add(pending),
            "nonce": pending.nonce,
            **{name: value for name, value in passed_on.items() if value},
        }
        response = redirect_back(metadata.authorization_endpoint, query)
        response.set_cookie(
            STATE_COOKIE,
            browser,
            max_age=PENDING_SECONDS,
            path="/oauth2",
            httponly=True,
            # The provider's page sends the browser back from another site.
            samesite="Lax",
        )
        return response

    def respond(self, request: Request) -> Response:
        """GET /oauth2/idpresponse: the provider's answer, and on to the app client."""
        answer = request.args
        browser = request.cookies.get(STATE_COOKIE, "")
        pending = self._pending.take(answer.get("state", ""), browser)
        if pending is None:
            # Not told to a client: nobody knows whose this is.
            return problem_page("invalid_request", _NOT_WAITING)
        try:
            asked = read_request(self._backend, MultiDict(pending.query))
            try:
                user = self._person(asked, pending, answer)
            except FederationFailed as failed:
                raise _refused(failed, asked) from failed
            return self._authorizations.started(asked, user)
        except RequestRefused as refused:
            return refused.response()

    def _person(
        self, asked: AuthorizationRequest, pending: PendingSignIn, answer: "MultiDict[str, str]"
    ) -> CognitoIdpUser:
        provider = pending.provider
        if asked.provider != provider:
            raise provider_failed(provider.name, "it was changed in the meantime; try again")
        if answer.get("iss", provider.issuer) != provider.issuer:
            raise provider_failed(provider.name, "another issuer answers (RFC 9207)")
        if "error" in answer:
            raise refusal(provider, answer["error"], answer.get("error_description"))
        code = answer.get("code")
        if not code:
            raise provider_failed(provider.name, "it answers with neither code nor error")
        claims = self._claims(pending, code)
        attributes = mapped(provider.attributes, claims)
        return asked.pool.federated.signed_in(provider, str(claims["sub"]), attributes)

    def _claims(self, pending: PendingSignIn, code: str) -> JsonObject:
        provider, metadata = pending.provider, pending.metadata
        tokens = exchange(provider, metadata, code, pending.redirect_uri)
        keys = get_object(provider, metadata.jwks_uri, "the key set")
        claims = verified_claims(
            provider, tokens.unverified_id_token, keys, pending.nonce, self._clock()
        )
        if metadata.userinfo_endpoint and not set(provider.attributes.values()) <= set(claims):
            said = user_info(provider, metadata.userinfo_endpoint, tokens, str(claims["sub"]))
            return {**said, **claims}
        return claims


def _refused(failed: FederationFailed, asked: AuthorizationRequest) -> RequestRefused:
    return RequestRefused(failed.code, str(failed), asked.redirect_uri, asked.state)
