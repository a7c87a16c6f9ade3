"""Start here: one request, from the gateway's event to its answer.

event -> token -> verified claims -> not taken back -> decision -> response. Whose fault a refusal
is decides its status: the caller's 401 (raised, for the gateway knows no other way), a good token
without permission 403, ours or the issuer's 500.
"""

from typing import TYPE_CHECKING

from authorizer import events, response
from authorizer.audit import Audit
from authorizer.errors import RevocationsUnavailable, TokenRevoked
from authorizer.events import NO_COOKIES
from authorizer.policy import RoutePolicy
from authorizer.response import SimpleResponse, Unauthorized
from authorizer.route import RouteKey
from jwt_verifier.errors import TokenRejected, VerifiedFacts
from jwt_verifier.freshness import Clock
from jwt_verifier.jwt_verifier import JwtVerifier
from jwt_verifier.tokens import VerifiedToken

if TYPE_CHECKING:
    from authorizer.origin_header import OriginHeader

    # The bundle holds it only where a stage has revocation on.
    from function_kit.revocation.revocations import Revocations


class Authorizer:
    """Answers authorizer events; built once, it keeps the keys warm between invocations."""

    def __init__(
        self,
        verifier: JwtVerifier,
        policy: RoutePolicy,
        audit: Audit,
        cookie_origins: frozenset[str] = NO_COOKIES,
        *,
        wall_clock: Clock,
        revocations: "Revocations | None" = None,
        origin_header: "OriginHeader | None" = None,
    ) -> None:
        self._verifier = verifier
        self._policy = policy
        self._audit = audit
        self._cookie_origins = cookie_origins
        self._wall_clock = wall_clock
        self._revocations = revocations
        self._origin_header = origin_header

    @property
    def route_keys(self) -> frozenset[RouteKey]:
        """The routes that have a rule."""
        return self._policy.route_keys

    def warm_up(self) -> None:
        """Fetch keys and revocations now; what cannot be had is asked for again when needed."""
        self._verifier.warm_up()
        if self._revocations is not None:
            self._revocations.warm_up()

    def __call__(self, event: object) -> SimpleResponse:
        """Answer an event of payload format 2.0 with a simple response.

        Raises:
            Unauthorized: the token is missing or not acceptable; the gateway answers 401.
            KeysUnavailable: the issuer's keys cannot be had; the gateway answers 500.
            RevocationsUnavailable: nor what was taken back; likewise.
        """
        origin = events.origin(event)
        takes_cookie = self._policy.takes_cookie(origin.route_key)
        with self._audit.of(origin) as record:
            try:
                if self._origin_header:
                    self._origin_header.check(event)
                cookie_origins = self._cookie_origins if takes_cookie else NO_COOKIES
                request = events.parse(event, cookie_origins, origin)
                record.about(request.token)
                token = self._verifier.verify(request.token)
                if self._revocations is not None:
                    _refuse_revoked(token, self._revocations)
            except TokenRejected as rejection:
                record.rejected(rejection)
                raise Unauthorized from None
            decision = self._policy.decide(
                token, request.route_key, request.path_parameters, self._wall_clock()
            )
            record.decided(token, decision)
            answer = response.render(token, decision, self._policy.claims_for_backends)
            record.answered(response.not_handed_on(answer))
            return answer


def _refuse_revoked(token: VerifiedToken, revocations: "Revocations") -> None:
    standing = revocations.standing(token)
    if standing.revoked_by is not None:
        rejection = TokenRevoked(f"by {standing.revoked_by}")
        rejection.facts = VerifiedFacts(
            token.issuer, token.key_id, token.subject, token.client_id, None
        )
        raise rejection
    if standing.unknown_because is not None:
        raise RevocationsUnavailable(standing.unknown_because)
