"""PlayedIssuer -> a real OIDC provider: `oidc-provider-mock`, with Authlib inside.

Its issuer is the deployed one, to the letter; its endpoints are here. It signs anybody in
by any name. Access tokens are RFC 9068 JWTs of its own key, which is new at every start.
"""

import json
import secrets
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import flask
import jwt
from authlib.deprecate import AuthlibDeprecationWarning
from werkzeug.wrappers import Request, Response

from local.json_value import JsonObject
from local.stack.localised import with_local_endpoints
from local.this_app.played.names import PlayedIssuer

with warnings.catch_warnings():
    # It imports parts of Authlib that Authlib has given notice of; both are pinned.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    import oidc_provider_mock
    from oidc_provider_mock._storage import Client, ClientAllowAny, Storage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DISCOVERY_PATH = "/.well-known/openid-configuration"
JWKS_PATH = "/.well-known/jwks.json"
TOKEN_PATH = "/local-only/token"  # noqa: S105  # a path
"""`POST` with a JSON object of claims: an access token with them. No real provider has it."""

TOKEN_SECONDS = 900


@dataclass(frozen=True, slots=True)
class ProviderClient:
    """An application that the provider knows; it may be sent back to one address."""

    client_id: str
    client_secret: str
    redirect_uri: str


PARTNER_REDIRECT_URI = "http://127.0.0.1/callback"
"""Nobody listens there: a partner's sign-in reads the code off the redirect."""


class OidcProvider:
    """Answers for an issuer; an application of WSGI.

    Attributes:
        partner: The application of a partner, which may ask for the API's scopes.

    Args:
        issuer: Whom to play.
        url: Where it is served.
        people: Names to offer on its page, each with the claims of an ID token.
    """

    def __init__(
        self, issuer: PlayedIssuer, url: str, people: dict[str, dict[str, object]]
    ) -> None:
        self.issuer = issuer
        self.url = url
        self.partner = ProviderClient("partner-app", secrets.token_urlsafe(), PARTNER_REDIRECT_URI)
        self._app = flask.Flask("oidc_provider_mock")
        self._app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = self._access_token
        users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people.items()]
        oidc_provider_mock.init_app(
            self._app,
            require_client_registration=True,
            access_token_max_age=timedelta(seconds=TOKEN_SECONDS),
            user_claims=users,
        )
        # It turns on a debugger that shows its memory to anybody who causes an error.
        self._app.debug = False
        self._wsgi = self._app.wsgi_app.app  # type: ignore[attr-defined]  # the debugger's inner app
        self._app.secret_key = secrets.token_bytes()
        self._documents = {DISCOVERY_PATH: self._discovery(), JWKS_PATH: self._own("/jwks")}
        self.trust(issuer)

    def trust(self, issuer: PlayedIssuer) -> None:
        """Give tokens this audience, and partners these scopes: the API may come to ask for others.

        Args:
            issuer: The one that is played, its URL unchanged.
        """
        self.issuer = issuer
        self.register(self.partner, issuer.scopes)

    def register(self, client: ProviderClient, scopes: Iterable[str] = ()) -> None:
        """Let an application use it, for OpenID Connect's scopes and these; again if it changed."""
        self._storage().store_client(
            Client(
                id=client.client_id,
                secret=client.client_secret,
                redirect_uris=[client.redirect_uri],
                allowed_scopes=[*Client.SCOPES_SUPPORTED, *scopes],
                token_endpoint_auth_method=ClientAllowAny(),
            )
        )

    def sign(self, claims: JsonObject) -> str:
        """Return an access token with these claims, and the usual ones beside them (RFC 9068)."""
        return self._signed(claims, self._storage())

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"] == TOKEN_PATH:
            return self._token_of_claims(Request(environ))(environ, start)
        document = self._documents.get(environ["PATH_INFO"])
        if document is not None:
            body = json.dumps(document)
            return Response(body, mimetype="application/json")(environ, start)
        # Its issuer is the origin that it is asked under.
        environ["HTTP_HOST"] = urlsplit(self.issuer.url).netloc
        environ["wsgi.url_scheme"] = "https"
        answer: Iterable[bytes] = self._wsgi(environ, start)
        return answer

    def _discovery(self) -> dict[str, Any]:
        """Return its own document with local addresses."""
        document = with_local_endpoints(self._own(DISCOVERY_PATH), self.issuer.url, self.url)
        return {**document, "jwks_uri": f"{self.url}{JWKS_PATH}"}

    def _own(self, path: str) -> dict[str, Any]:
        with self._app.test_client() as client:
            document: dict[str, Any] = client.get(path, base_url=self.issuer.url).get_json()
        return document

    def _storage(self) -> Storage:
        with self._app.test_request_context(base_url=self.issuer.url):
            self._app.preprocess_request()
            storage: Storage = flask.g.oidc_provider_mock_storage
        return storage

    def _access_token(
        self, client: Client, grant_type: str, user: oidc_provider_mock.User, scope: str
    ) -> str:
        """Make an RFC 9068 access token; Authlib calls this to answer the token endpoint."""
        del grant_type  # Authlib's signature
        claims = {"sub": user.sub, "client_id": client.id, "scope": scope or ""}
        return self._signed(claims, flask.g.oidc_provider_mock_storage)

    def _token_of_claims(self, request: Request) -> Response:
        """Make an access token with the claims that were sent, whatever they are."""
        claims = request.get_json(force=True, silent=True)
        if request.method != "POST" or not isinstance(claims, dict):
            return Response("POST a JSON object of claims", 400)
        token = self.sign({"sub": "pat", **claims})
        return Response(json.dumps({"access_token": token}), mimetype="application/json")

    def _signed(self, claims: dict[str, Any], storage: Storage) -> str:
        jwk = storage.jwk.as_dict(is_private=True)
        now = int(time.time())
        usual = {
            "iss": self.issuer.url,
            "aud": self.issuer.audience or claims.get("client_id", self.partner.client_id),
            "client_id": self.partner.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(),
        }
        header = {"typ": "at+jwt", "kid": jwk["kid"]}
        return jwt.encode({**usual, **claims}, jwt.PyJWK(jwk, algorithm="RS256"), headers=header)
