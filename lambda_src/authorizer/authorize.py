"""Start here: one request, from the gateway's event to its answer.

event -> token -> verified claims -> decision -> response. Whose fault a refusal is decides its
status: the caller's 401 (raised, for the gateway knows no other way), a good token without
permission 403, ours or the issuer's 500.
"""

from authorizer import events, response
from authorizer.audit import Audit
from authorizer.events import NO_COOKIES
from authorizer.policy import RoutePolicy
from authorizer.response import SimpleResponse, Unauthorized
from jwt_verifier.errors import TokenRejected
from jwt_verifier.freshness import Clock
from jwt_verifier.jwt_verifier import JwtVerifier


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
    ) -> None:
        self._verifier = verifier
        self._policy = policy
        self._audit = audit
        self._cookie_origins = cookie_origins
        self._wall_clock = wall_clock

    def warm_up(self) -> None:
        """Fetch every issuer's keys now; one that cannot be had is asked again when needed."""
        self._verifier.warm_up()

    def __call__(self, event: object) -> SimpleResponse:
        """Answer an event of payload format 2.0 with a simple response.

        Raises:
            Unauthorized: the token is missing or not acceptable; the gateway answers 401.
            KeysUnavailable: the issuer's keys cannot be had; the gateway answers 500.
        """
        origin = events.origin(event)
        takes_cookie = self._policy.takes_cookie(origin.route_key)
        with self._audit.of(origin) as record:
            try:
                cookie_origins = self._cookie_origins if takes_cookie else NO_COOKIES
                request = events.parse(event, cookie_origins, origin)
                record.about(request.token)
                token = self._verifier.verify(request.token)
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
