"""ServedApp and its callers -> the issuers whose tokens this machine can make for a trial."""

from collections.abc import Iterable, Iterator

from local.cognito.pool import ACCESS, ID
from local.this_app.authorizer_settings import claim_path, listed_issuers
from local.this_app.demo.callers import Caller
from local.this_app.demo.rule_trials import Trusted
from local.this_app.running_app import ServedApp

_SCOPES, _GROUPS = ("scope",), ("groups",)
_POOL = "cognito"
"""What the access table calls the app's own pool where no function lists its issuers."""


def trusted_issuers(stack: ServedApp, callers: Iterable[Caller]) -> tuple[Trusted, ...]:
    """Return the user pool, and the partner that this machine plays.

    The issuer on KMS is not among them: nobody but its function can sign for it.
    """
    return tuple(_trusted(stack, [caller for caller in callers if caller.genuine]))


def _trusted(stack: ServedApp, callers: list[Caller]) -> Iterator[Trusted]:
    items = {
        str(item["issuer"]): item
        for function in stack.app.functions
        for item in listed_issuers(function)
    }
    if stack.own_pool:
        issuer = stack.pool.issuer
        people = [one for one in _of(issuer, callers) if "username" in one.claims or _is_id(one)]
        bearers = {ID if _is_id(one) else ACCESS: one for one in reversed(people)}
        pool = stack.cognito.pool(stack.pool.id)
        name = str(items.get(issuer, {}).get("name", _POOL))
        yield Trusted(name, _SCOPES, ("cognito:groups",), bearers, pool.sign)
    partner = stack.partner
    if partner:
        url = partner.issuer.url
        bearer = next(_of(url, callers), None)
        found = {ACCESS: bearer} if bearer else {}
        item = items.get(url, {})
        yield Trusted(
            str(item.get("name", url)),
            claim_path(item, "scopes_claim", _SCOPES),
            claim_path(item, "groups_claim", _GROUPS),
            found,
            lambda _, claims: partner.sign(claims),
        )


def _of(issuer: str, callers: Iterable[Caller]) -> Iterator[Caller]:
    return (one for one in callers if one.claims.get("iss") == issuer)


def _is_id(caller: Caller) -> bool:
    return caller.claims.get("token_use") == ID
