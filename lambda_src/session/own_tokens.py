"""A session that ends -> its tokens, which the API is to refuse before they expire.

Only in a stage with revocation: an access token is good by itself until then, wherever a copy is.
"""

from function_kit.aws import AWS_ERRORS
from function_kit.revocation.entry import Revocation
from function_kit.revocation.token_names import named_by
from function_kit.revocation.writing import RevocationList
from jwt_verifier.freshness import Clock
from session.browser_session import BrowserSession
from session.errors import IssuerInvalid
from session.grants import unverified_claims
from session.settings import Revoking


class OwnTokens:
    """Puts what names a session's tokens into the list.

    Args:
        revoking: What is known of the list.
        revocations: The list.
        clock: Seconds since the epoch.
    """

    def __init__(self, revoking: Revoking, revocations: RevocationList, clock: Clock) -> None:
        self._revoking = revoking
        self._revocations = revocations
        self._clock = clock

    def refuse(self, session: BrowserSession, access_token: str, *, renewable: bool) -> bool:
        """Refuse the tokens that are out.

        Args:
            session: What has ended.
            access_token: Its access token; empty if the browser has thrown it away.
            renewable: Whether its refresh token may bring others yet, which are refused too.

        Returns:
            Whether the list has them; true of tokens that nothing names, which no list can have.
        """
        revocation = self._named(session, access_token)
        if revocation is None:
            return True
        lifetimes = self._revoking.lifetimes
        try:
            self._revocations.add(
                revocation,
                now=self._clock(),
                lifetime_seconds=lifetimes.of_renewals if renewable else lifetimes.of_tokens,
                by=f"{self._revoking.issuer_name}:{session.id_claims['sub']}",
            )
        except AWS_ERRORS:
            return False
        return True

    def _named(self, session: BrowserSession, access_token: str) -> Revocation | None:
        """Return what names the session's tokens, or the one that is left."""
        try:
            claims = unverified_claims(access_token) if access_token else {}
        except IssuerInvalid:
            claims = {}
        # An ID token's own id names no access token; that of the sign-in names both.
        names = {"origin_jti": session.id_claims.get("origin_jti"), **claims}
        return named_by(names, self._revoking.issuer_name)
