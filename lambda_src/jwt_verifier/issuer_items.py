"""ISSUERS -> trusted issuers, or an error that names the item, the field and the fix."""

import json
from dataclasses import fields as fields_of
from typing import Final
from urllib.parse import urlsplit

from jwt_verifier import strict_json, user_pools
from jwt_verifier.algorithms import SUPPORTED, with_other_names
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.fields import Fields
from jwt_verifier.issuer import DEFAULT_ALGORITHMS, TOKEN_TYPES, TOKEN_USES, TrustedIssuer
from jwt_verifier.static_keys import static_keys
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.urls import is_safe_url, is_visible_ascii

NO_ISSUERS: Final = "[]"

_POOL_FORM: Final = (
    "give a user pool's issuer, https://cognito-idp.<region>.amazonaws.com/<region>_<id> with one "
    "region in both places"
)
_REPLICA_FORM: Final = (
    "give the issuer of a user pool's replica, "
    "https://cognito-idp.<its region>.amazonaws.com/<another region>_<id>"
)
_CLAIM_PATHS: Final = ("scopes_claim", "groups_claim", "roles_claim", "client_claim")


def parse_issuers(text: str, bundled: str = NO_ISSUERS) -> tuple[TrustedIssuer, ...]:
    """Parse the variable `ISSUERS`, and the file that `ISSUERS_FILE` names.

    Args:
        text: a JSON array of objects with the fields of `TrustedIssuer`; `name` and `issuer` are
            required.
        bundled: the file's text: more of the same.

    Returns:
        The issuers, at least one, no two with one issuer string. Two may share a name: a user pool
        has two issuer strings while it switches from one to the other.

    Raises:
        SettingsInvalid: naming the field, the value's problem and the fix.
    """
    issuers = (*_items("ISSUERS", text), *_items("ISSUERS_FILE", bundled))
    if not issuers:
        raise SettingsInvalid("ISSUERS: not a JSON array of issuers; name at least one")
    if len({issuer.issuer for issuer in issuers}) != len(issuers):
        raise SettingsInvalid("ISSUERS: two items have the same issuer; give each issuer once")
    return issuers


def _items(name: str, text: str) -> tuple[TrustedIssuer, ...]:
    try:
        items = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except JsonInvalid as invalid:
        raise SettingsInvalid(f"{name}: {invalid}; give a JSON array of issuers") from None
    if not isinstance(items, list):
        raise SettingsInvalid(f"{name}: not a JSON array of issuers; name at least one")
    return tuple(trusted_issuer(f"{name}[{index}]", item) for index, item in enumerate(items))


def trusted_issuer(path: str, item: object) -> TrustedIssuer:
    """Return the issuer that an object describes, checked.

    Args:
        path: how errors name the object: `ISSUERS[0]`.
        item: a mapping with the fields of `TrustedIssuer`, as JSON has them; `jwks` is an object.

    Raises:
        SettingsInvalid: naming the field, the value's problem and the fix.
    """
    fields = Fields(path, item, {field.name for field in fields_of(TrustedIssuer)})
    scopes_claim, groups_claim, roles_claim, client_claim = map(fields.path_of, _CLAIM_PATHS)
    issuer = TrustedIssuer(
        name=fields.text("name"),
        issuer=fields.text("issuer"),
        audiences=frozenset(fields.texts("audiences")),
        client_ids=frozenset(fields.texts("client_ids")),
        token_use=fields.one_of("token_use", TOKEN_USES),
        algorithms=_algorithms(fields),
        jwks_uri=fields.optional_text("jwks_uri"),
        typ=fields.one_of("typ", TOKEN_TYPES),
        max_lifetime_seconds=fields.positive_integer("max_lifetime_seconds"),
        required_claims=fields.texts("required_claims"),
        accept_any_audience=fields.flag("accept_any_audience"),
        accept_bound_tokens_as_bearer=fields.flag("accept_bound_tokens_as_bearer"),
        scopes_claim=scopes_claim,
        groups_claim=groups_claim,
        roles_claim=roles_claim,
        client_claim=client_claim,
        jwks=json.dumps(fields.objects("jwks")) if "jwks" in fields.names else None,
        accept_plain_http=fields.flag("accept_plain_http"),
        is_replica=fields.flag("is_replica"),
    )
    _check_algorithms(fields, issuer)
    _check_addresses(fields, issuer)
    _check_pool(fields, issuer)
    _check_keys(fields, issuer)
    _check_audience_is_decided(fields, issuer)
    return issuer


def _algorithms(fields: Fields) -> frozenset[str]:
    if "algorithms" not in fields.names:
        return DEFAULT_ALGORITHMS
    algorithms = frozenset(fields.texts("algorithms"))
    if not algorithms:
        fix = f"name at least one of {', '.join(SUPPORTED)}, or leave the field out for RS256"
        raise fields.invalid("algorithms", "[]", fix)
    return with_other_names(algorithms)


def _check_addresses(fields: Fields, issuer: TrustedIssuer) -> None:
    http = issuer.accept_plain_http
    fix = "give an http or https URL" if http else "give an https URL, or http to a loopback host"
    if issuer.jwks_uri is not None and not is_safe_url(issuer.jwks_uri, plain_http=http):
        raise fields.invalid("jwks_uri", f"{issuer.jwks_uri!r:.80}", fix)
    if issuer.jwks_uri is not None or issuer.jwks is not None:
        if not is_visible_ascii(issuer.issuer):
            raise fields.invalid(
                "issuer", f"{issuer.issuer!r:.80}", "give visible ASCII characters and no space"
            )
        return  # only ever compared
    if "?" in issuer.issuer or "#" in issuer.issuer:
        raise fields.invalid(
            "issuer", f"{issuer.issuer!r:.80}", "give a URL without query and fragment"
        )
    if not is_safe_url(issuer.issuer, plain_http=http):
        more = "" if http else ", or name its keys by jwks_uri or jwks"
        raise fields.invalid("issuer", f"{issuer.issuer!r:.80}", fix + more)


def _check_pool(fields: Fields, issuer: TrustedIssuer) -> None:
    """Check an issuer of Cognito: it must be a pool, whose claims are where Cognito has them."""
    if issuer.is_replica:
        if not user_pools.is_replica(issuer.issuer):
            raise fields.invalid("issuer", f"{issuer.issuer!r:.80}", _REPLICA_FORM)
    elif _is_of_cognito(issuer.issuer) and not issuer.is_cognito:
        raise fields.invalid("issuer", f"{issuer.issuer!r:.80}", _POOL_FORM)
    for name in _CLAIM_PATHS if issuer.is_cognito else ():
        if getattr(issuer, name) is not None:
            raise fields.invalid(
                name,
                "a user pool's scopes, groups and client are where Cognito writes them",
                "remove it",
            )


def _is_of_cognito(issuer: str) -> bool:
    try:
        return user_pools.is_cognito_host(urlsplit(issuer).hostname or "")
    except ValueError:
        return False


def _check_keys(fields: Fields, issuer: TrustedIssuer) -> None:
    if issuer.jwks is None:
        return
    if issuer.jwks_uri is not None:
        raise fields.invalid("jwks", "contradicts jwks_uri", "give one or the other")
    static_keys(f"{fields.path}.jwks", issuer.jwks, issuer.algorithms)


def _check_algorithms(fields: Fields, issuer: TrustedIssuer) -> None:
    for name in sorted(issuer.algorithms):
        if name not in SUPPORTED:
            raise fields.invalid(
                "algorithms", f"{name!r:.80}", f"allowed are {', '.join(SUPPORTED)}"
            )


def _check_audience_is_decided(fields: Fields, issuer: TrustedIssuer) -> None:
    checks_something = bool(issuer.audiences or issuer.client_ids)
    if not checks_something and not issuer.accept_any_audience:
        raise fields.invalid(
            "audiences",
            "neither audiences nor client_ids is given",
            'give one of them, or say "accept_any_audience": true',
        )
    if issuer.audiences and issuer.accept_any_audience:
        raise fields.invalid(
            "accept_any_audience", "contradicts audiences", "give one or the other"
        )
