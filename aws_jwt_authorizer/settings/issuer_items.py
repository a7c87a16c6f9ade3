"""Issuers of a table -> the items of ISSUERS that the authorizer reads. Imports no CDK."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from aws_jwt_authorizer.access.issuers import Issuer

MOST_ISSUER_BYTES = 1_500
"""Of the table's issuers in the environment, of which Lambda takes 4,096 bytes in all; with more
than that they travel in the bundle, where there is room."""

DEFAULTS = {field: getattr(Issuer("", ""), field) for field in Issuer.__slots__}
RENAMED = {"token_type": "typ"}
"""The field of ISSUERS, where the table has another word."""

TOKEN_FIELDS = (
    *("algorithms", "token_type", "token_use", "accept_bound_tokens_as_bearer", "jwks_uri"),
    *("accept_any_audience", "max_lifetime_seconds", "accept_plain_http"),
    *("scopes_claim", "groups_claim", "roles_claim", "client_claim"),
)
"""Fields that are told only where they differ from their default, which is that of ISSUERS too."""

Item = dict[str, object]


class KeysUnreadable(Exception):
    """A `jwks_file` that cannot be read: the message is one line, meant for a person."""


def divided(
    issuers: Sequence[Issuer],
    is_deployed: Callable[[Issuer], bool],
    items_of: Callable[[Issuer], Iterable[Item]],
) -> tuple[list[Item], list[Item]]:
    """Return the items for the variable ISSUERS, and those for the file in the bundle.

    What only a deployment knows stands in the environment. The others stand there too while they
    are few and none brings its keys along.

    Args:
        issuers: In the order of the table.
        is_deployed: Whether something of an issuer is known only once it is deployed.
        items_of: What ISSUERS says of one.
    """
    deployed = [issuer for issuer in issuers if is_deployed(issuer)]
    known = [issuer for issuer in issuers if issuer not in deployed]
    of_bundle = [item for issuer in known for item in items_of(issuer)]
    fits = len(json.dumps(of_bundle)) <= MOST_ISSUER_BYTES
    if fits and not any(issuer.jwks_file for issuer in known):
        deployed, of_bundle = list(issuers), []
    return [item for issuer in deployed for item in items_of(issuer)], of_bundle


def items_of_issuer(issuer: Issuer, folder: Path, *, needs_subject: bool) -> list[Item]:
    """Return an issuer that has a url as ISSUERS lists it, once for each of its addresses.

    Args:
        issuer: Of the table.
        folder: What its `jwks_file` is relative to.
        needs_subject: Whether its tokens must have a subject.

    Raises:
        KeysUnreadable: Its `jwks_file` is not a file with JSON.
    """
    item: Item = {"name": issuer.name, "issuer": issuer.url}
    if issuer.audiences:
        item["audiences"] = list(issuer.audiences)
    if issuer.client_ids:
        item["client_ids"] = list(issuer.client_ids)
    required = dict.fromkeys([*issuer.required_claims, *(["sub"] if needs_subject else [])])
    if required:
        item["required_claims"] = list(required)
    if issuer.jwks_file is not None:
        item["jwks"] = _key_set(issuer.name, folder, issuer.jwks_file)
    item |= token_options(issuer)
    return [item | {"issuer": url} for url in (issuer.url, *issuer.other_urls)]


def token_options(issuer: Issuer) -> Item:
    """Return what the table says of the issuer's tokens beyond the defaults of ISSUERS."""
    return {
        RENAMED.get(name, name): list(value) if isinstance(value, tuple) else value
        for name in TOKEN_FIELDS
        if (value := getattr(issuer, name)) != DEFAULTS[name]
    }


def _key_set(name: str, folder: Path, path: str) -> object:
    try:
        return json.loads((folder / path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeysUnreadable(
            f"issuer {name!r}: jwks_file: {path!r} cannot be read ({type(error).__name__}): name a "
            "JWK set in JSON, by its path in this repository"
        ) from None
