"""StageConfig -> by which addresses the issuer is known. Imports no CDK.

An issuer that moves from one to the other is known by both for a while: docs/domains.md has the
steps, and why none of them refuses a valid token.
"""

from dataclasses import dataclass

from stacks.stage.parts.domain import ACCEPT_BOTH, IssuerDomain


@dataclass(frozen=True, slots=True)
class IssuerUrls:
    """The addresses of the issuer, without closing slash.

    Attributes:
        signed: The `iss` of new tokens.
        also_accepted: What the stage's API trusts besides, during a move.
        also_answering: Where documents say that they are those of this address; None without a
            name.
    """

    signed: str
    also_accepted: tuple[str, ...] = ()
    also_answering: str | None = None


def issuer_urls(endpoint: str, domain: IssuerDomain | None) -> IssuerUrls:
    """Return by which addresses the issuer is known.

    Args:
        endpoint: Its address at `execute-api`; a CDK token will do.
        domain: Its name of its own, and how far a move has come; None without one.
    """
    if domain is None:
        return IssuerUrls(endpoint)
    named = domain.domain.origin
    signed, other = (endpoint, named) if domain.switch == ACCEPT_BOTH else (named, endpoint)
    return IssuerUrls(signed, (other,) if domain.switch else (), other)
