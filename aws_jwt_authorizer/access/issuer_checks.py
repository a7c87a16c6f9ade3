"""The table's issuers -> what is wrong with them, each in words.

What a single field may hold is for the authorizer's own code to say, which synth asks
(`stacks.authorizer.start_check`); here stands what only the table knows.
"""

import re
from collections.abc import Iterator, Sequence

from aws_jwt_authorizer import field_checks as check
from aws_jwt_authorizer.access.issuers import Issuer

URL = check.server_url(loopback=False)
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
MANY_TENANTS = re.compile(
    r"https://(login\.microsoftonline\.com|sts\.windows\.net)/"
    r"(common|organizations|consumers)(/.*)?"
)
"""Where Entra ID signs people of any tenant in; their tokens name the tenant's own issuer."""

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""What the Lambda authorizer can verify."""

CLAIM_FIELDS = ("scopes_claim", "groups_claim", "roles_claim", "client_claim")
"""Fields that say where something is in a token."""

NOT_OF_THE_POOL = (
    *("jwks_uri", "jwks_file", "accept_any_audience", "accept_plain_http"),
    *CLAIM_FIELDS,
    *("object_claims", "other_urls"),
)
"""Fields that say how an issuer differs from a user pool."""

NEVER_SAID = (
    "its tokens never say what they are for; say token_type='at+jwt' if they are of that type"
)


def own_pool_problems(issuers: Sequence[Issuer]) -> Iterator[str]:
    """Say what is wrong with the issuers of an app that may have a user pool of its own."""
    if not issuers:
        yield "ISSUERS: name at least one issuer"
    if sum(issuer.is_pool for issuer in issuers) > 1:
        yield "ISSUERS: at most one issuer may have no url, this app's user pool"


def issuer_problems(issuers: Sequence[Issuer]) -> Iterator[str]:
    """List what is wrong with the issuers of a table."""
    names = [issuer.name for issuer in issuers]
    urls = [url for issuer in issuers for url in (issuer.url, *issuer.other_urls) if url]
    for issuer in issuers:
        where = f"issuer {issuer.name!r}"
        if not NAME.fullmatch(issuer.name) or names.count(issuer.name) > 1:
            yield f"{where}: give each issuer a name of its own, in lower-case letters and digits"
        if any(urls.count(url or "") > 1 for url in (issuer.url, *issuer.other_urls)):
            yield f"{where}: give each issuer a url of its own"
        yield from (f"{where}: {problem}" for problem in _pool_problems(issuer))
        yield from (f"{where}: {problem}" for problem in _address_problems(issuer))
        yield from (f"{where}: {problem}" for problem in _token_problems(issuer))


def _pool_problems(issuer: Issuer) -> Iterator[str]:
    for name in NOT_OF_THE_POOL if issuer.is_pool else ():
        if getattr(issuer, name):
            yield f"remove its {name}, for this app's user pool that is Cognito's own"


def _address_problems(issuer: Issuer) -> Iterator[str]:
    keys = (issuer.jwks_uri, issuer.jwks_file)
    if all(keys):
        yield "remove its jwks_uri or its jwks_file, its keys come from one place"
    if issuer.other_urls and any(keys):
        yield "remove its other_urls or what names its keys: each url is asked for its own"
    if issuer.from_stage or issuer.url is None:
        return  # the stage's reader has checked what the stage gave it
    if MANY_TENANTS.fullmatch(issuer.url):
        yield (
            f"url {issuer.url!r} stands for many tenants, and no token is issued by it: add an "
            "issuer for each tenant that you trust"
        )
    if not (issuer.audiences or issuer.client_ids or issuer.accept_any_audience):
        yield (
            "name the audiences or client_ids that its tokens are made for, "
            "or say accept_any_audience=True"
        )
    for url in issuer.other_urls:
        if not URL.accepts(url):
            yield f"other_urls has {url!r}: it must be {URL.allowed}"
    if not any(keys) and not issuer.accept_plain_http and not URL.accepts(issuer.url):
        yield (
            f"url {issuer.url!r} must be {URL.allowed}, or name its keys by jwks_uri or jwks_file"
        )


def _token_problems(issuer: Issuer) -> Iterator[str]:
    if not issuer.algorithms:
        yield f"name its algorithms, of {', '.join(ALGORITHMS)}"
    for algorithm in issuer.algorithms:
        if algorithm not in ALGORITHMS:
            yield f"algorithm {algorithm!r} must be one of {', '.join(ALGORITHMS)}"
    if issuer.token_use == "id" and issuer.token_type == "at+jwt":  # noqa: S105
        yield "token_type 'at+jwt' is that of access tokens, remove it or its token_use"
    if issuer.token_use == "access" and not _says_access(issuer):  # noqa: S105
        yield f"remove its token_use, {NEVER_SAID}"
    for name in CLAIM_FIELDS:
        path = getattr(issuer, name)
        if path and len(path) == 1 and path[0] in issuer.object_claims:
            yield f"{name} {path!r} is an object in its tokens: go on to the member that is meant"
    if issuer.is_pool and (issuer.algorithms, issuer.token_type) != (("RS256",), None):
        yield "remove its algorithms and token_type, a user pool signs RS256 and says no type"


def _says_access(issuer: Issuer) -> bool:
    return issuer.says_token_use or issuer.token_type == "at+jwt"  # noqa: S105
