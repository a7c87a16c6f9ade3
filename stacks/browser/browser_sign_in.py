"""Who signs people in to the page -> what its two functions are told of it. Imports no CDK."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class BackendClient:
    """The backend as a confidential client of an issuer.

    Attributes:
        client_id: Of the backend.
        authentication: How it authenticates.
        secret_id: Name or ARN of the secret that holds what it proves that with.
        json_key: The key of that secret's JSON object.
    """

    client_id: str
    authentication: Literal["client_secret", "private_key"]
    secret_id: str
    json_key: str


@dataclass(frozen=True, slots=True)
class BrowserSignIn:
    """An issuer, and what of ours are its clients.

    Attributes:
        issuer_name: What the access table calls the issuer.
        issuer: The `iss` of its tokens.
        backend: The backend that keeps browsers' tokens.
        page_client_id: Of the page itself, a public client; None unless it keeps tokens too.
        scopes: What is asked for, separated by spaces.
        public_url: The API's origin, without closing slash.
    """

    issuer_name: str
    issuer: str
    backend: BackendClient
    page_client_id: str | None
    scopes: str
    public_url: str

    @property
    def backend_environment(self) -> dict[str, str]:
        """The variables of the backend."""
        return {
            **self._issuer_environment,
            "CLIENT_ID": self.backend.client_id,
            "CLIENT_AUTHENTICATION": self.backend.authentication,
            "CLIENT_SECRET_ID": self.backend.secret_id,
            "CLIENT_SECRET_KEY": self.backend.json_key,
            "PUBLIC_URL": self.public_url,
        }

    @property
    def page_environment(self) -> dict[str, str]:
        """The variables of the page; without a client of its own it knows of no issuer."""
        if self.page_client_id is None:
            return {"PUBLIC_URL": self.public_url}
        return {
            **self._issuer_environment,
            "CLIENT_ID": self.page_client_id,
            "PUBLIC_URL": self.public_url,
        }

    @property
    def _issuer_environment(self) -> dict[str, str]:
        return {
            "ISSUER": self.issuer,
            "DISCOVERY_URI": _discovery_uri(self.issuer),
            "SCOPES": self.scopes,
        }


def _discovery_uri(issuer: str) -> str:
    """Return where an issuer's discovery document is (OpenID Connect Discovery 1.0 section 4)."""
    return f"{issuer.removesuffix('/')}/.well-known/openid-configuration"
