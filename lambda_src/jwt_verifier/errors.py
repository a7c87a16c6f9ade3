"""Every failure of a verification, grouped by whose fault it is and so by HTTP status.

VerifierError
├── TokenRejected            401  the caller's
│   ├── TokenOversized            longer than API Gateway's limit on a request's headers
│   ├── TokenMalformed            not one compact JWS of strict JSON in canonical base64url
│   ├── HeaderNotAllowed          crit, b64, zip or enc in the JOSE header
│   ├── TypeNotAllowed            typ of another kind of token
│   ├── AlgorithmNotAllowed       alg is not allowed for the issuer
│   ├── KeyIdInvalid              kid is missing, empty, too long or not a string
│   ├── KeyUnknown                kid is not among the issuer's published keys
│   ├── KeyMismatch               the key is not one for this alg
│   ├── SignatureInvalid          the signature is not that key's
│   ├── IssuerUnknown             iss is not a configured issuer
│   ├── AudienceMismatch          aud is not accepted
│   ├── ClientMismatch            client_id is not accepted
│   ├── TokenUseMismatch          an ID token for an access token, or the other way round
│   ├── BindingNotVerified        cnf binds the token to a key, and we check no proof of it
│   ├── TokenExpired              exp has passed
│   ├── TokenNotYetValid          nbf or iat is in the future
│   ├── LifetimeExceeded          exp - iat is longer than the issuer may grant
│   ├── ClaimRejected             a claim is missing or of the wrong type
│   └── CheckFailed               a check of the user's own refuses it
├── KeysUnavailable          500  the issuer's: no answer that a gateway may cache as a denial
└── SettingsInvalid          500  ours: at cold start, names the field and the fix

Messages are for our own logs. They never hold a part of a token; what a token says stands in
`VerifiedFacts`, once its signature has shown who says it.
"""

from dataclasses import dataclass
from typing import ClassVar


class VerifierError(Exception):
    """Root of all failures; `code` is stable, for logs and metrics."""

    code: ClassVar[str]


@dataclass(frozen=True, slots=True)
class VerifiedFacts:
    """What an issuer vouches for in a token that is refused all the same; its signature is good.

    Attributes:
        issuer: the claim `iss`.
        key_id: the key that made the signature.
        subject: the claim `sub`, None if it is not a string.
        client_id: the client, None if it is not a string.
        offending: what the token was refused for, as it holds it; None if it lacks something.
    """

    issuer: str
    key_id: str
    subject: str | None
    client_id: str | None
    offending: object


class TokenRejected(VerifierError):
    """The caller's token is not acceptable: 401 and nothing more (RFC 6750 section 3.1).

    Attributes:
        value: what the token holds in the place that it is refused for. Anybody may have written
            it: `facts` says so where the issuer has.
        facts: what is known of the token, if its signature is good; None if not.
    """

    def __init__(self, *words: str, value: object = None) -> None:
        super().__init__(*words)
        self.value = value
        self.facts: VerifiedFacts | None = None


class TokenOversized(TokenRejected):
    """The credential is longer than API Gateway's limit on a request's headers."""

    code = "token_oversized"


class TokenMalformed(TokenRejected):
    """The credential is not `Bearer` and one compact JWS (RFC 6750 2.1, RFC 7515 7.1)."""

    code = "token_malformed"


class HeaderNotAllowed(TokenRejected):
    """The JOSE header asks for something that no JWT of ours needs (RFC 7515 section 4.1.11)."""

    code = "header_not_allowed"


class TypeNotAllowed(TokenRejected):
    """The header's `typ` names another kind of token (RFC 8725 section 3.11)."""

    code = "type_not_allowed"


class AlgorithmNotAllowed(TokenRejected):
    """The header's `alg` is not in the issuer's list (RFC 8725 section 3.1)."""

    code = "algorithm_not_allowed"


class KeyIdInvalid(TokenRejected):
    """The header's `kid` is missing, empty, too long or no string (RFC 7515 section 4.1.4)."""

    code = "kid_invalid"


class KeyUnknown(TokenRejected):
    """The issuer, asked recently and with success, publishes no key of this `kid`."""

    code = "key_unknown"


class KeyMismatch(TokenRejected):
    """The issuer's key of this `kid` is not one for the token's `alg` (RFC 7517 section 4.4)."""

    code = "key_mismatch"


class SignatureInvalid(TokenRejected):
    """The signature was not made with the issuer's key (RFC 7515 section 5.2)."""

    code = "signature_invalid"


class IssuerUnknown(TokenRejected):
    """The claim `iss` is not, to the letter, a configured issuer (RFC 8725 section 3.8)."""

    code = "issuer_unknown"


class AudienceMismatch(TokenRejected):
    """The claim `aud` holds no audience of ours (RFC 7519 section 4.1.3)."""

    code = "audience_mismatch"


class ClientMismatch(TokenRejected):
    """The claim `client_id` is not accepted (Amazon Cognito, verifying a JSON web token)."""

    code = "client_mismatch"


class TokenUseMismatch(TokenRejected):
    """The token is for another use than the issuer's configuration asks for."""

    code = "token_use_mismatch"


class BindingNotVerified(TokenRejected):
    """The token is bound to its holder's key (RFC 8705 section 3.1, RFC 9449 section 6.1)."""

    code = "binding_not_verified"


class TokenExpired(TokenRejected):
    """The claim `exp` lies in the past, leeway included (RFC 7519 section 4.1.4)."""

    code = "token_expired"


class TokenNotYetValid(TokenRejected):
    """The claim `nbf` or `iat` is in the future, leeway included (RFC 7519 section 4.1.5)."""

    code = "token_not_yet_valid"


class LifetimeExceeded(TokenRejected):
    """The token lives longer than its issuer's configuration allows."""

    code = "lifetime_exceeded"


class ClaimRejected(TokenRejected):
    """A claim is missing or not of the type that its definition demands."""

    code = "claim_rejected"


class CheckFailed(TokenRejected):
    """A check that the verifier's user has added refuses the token; the message is its reason."""

    code = "check_failed"


class KeysUnavailable(VerifierError):
    """The issuer's keys could not be had, so nothing can be said about the token: 500.

    `nothing_there` is whether the server's own word was that there are no keys at that address, and
    the issuer never had any that we saw: no outage, then.
    """

    code = "keys_unavailable"

    def __init__(self, message: str, *, nothing_there: bool = False) -> None:
        super().__init__(message)
        self.nothing_there = nothing_there


class SettingsInvalid(VerifierError):
    """Our own configuration is wrong; the message names the field and the fix."""

    code = "settings_invalid"
