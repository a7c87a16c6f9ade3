"""Who signs people in to the page -> what its two functions are told of it. Imports no CDK."""

from dataclasses import dataclass

from stacks.issuer_address import discovery_uri


@dataclass(frozen=True, slots=True)
class BrowserSignIn:
    """An issuer, and the page as its client.

    Attributes:
        issuer_name: What the access table calls the issuer.
        issuer: The `iss` of its tokens.
        client_id: Of the page: a public client that may use the code grant.
        scopes: What the page asks for, separated by spaces.
        public_url: The API's origin, without closing slash.
    """

    issuer_name: str
    issuer: str
    client_id: str
    scopes: str
    public_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a function that signs people in."""
        return {
            "ISSUER": self.issuer,
            "DISCOVERY_URI": discovery_uri(self.issuer),
            "CLIENT_ID": self.client_id,
            "SCOPES": self.scopes,
            "PUBLIC_URL": self.public_url,
        }
