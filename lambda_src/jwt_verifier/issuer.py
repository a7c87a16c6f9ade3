"""ISSUERS -> the issuers that we trust, and what we ask of each one's tokens."""

from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Final
from urllib.parse import urlsplit

from jwt_verifier import strict_json, user_pools
from jwt_verifier.algorithms import SUPPORTED, with_other_names
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.fields import Fields
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.urls import is_safe_url

TOKEN_USES: Final = ("access", "id")
TOKEN_TYPES: Final = ("JWT", "at+jwt")
DEFAULT_ALGORITHMS: Final = frozenset({"RS256"})

_POOL_FORM: Final = (
    "give a user pool's issuer, https://cognito-idp.<region>.amazonaws.com/<region>_<id> with one "
    "region in both places"
)


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """One item of `ISSUERS`.

    `audiences` matches the claim `aud`. `client_ids` matches a Cognito access token's `client_id`
    and an ID token's `aud`. Neither is ever looked at for the other; a configuration with none
    must say `accept_any_audience` in words. `token_use` None takes either use; "id" takes a
    token that does not say its use for an ID token, for those of OpenID Connect do not. `typ` None
    takes a header without `typ`, or of `JWT` or `at+jwt`; "at+jwt" is what RFC 9068 section 4
    demands. `max_lifetime_seconds` bounds `exp - iat`. `jwks_uri` None means Cognito's own address,
    or OIDC discovery for any other issuer. `accept_bound_tokens_as_bearer` lets a token pass that
    is bound to a key (`cnf`), though no proof of the key is checked.
    """

    name: str
    issuer: str
    audiences: frozenset[str] = frozenset()
    client_ids: frozenset[str] = frozenset()
    token_use: str | None = None
    algorithms: frozenset[str] = DEFAULT_ALGORITHMS
    jwks_uri: str | None = None
    typ: str | None = None
    max_lifetime_seconds: int | None = None
    required_claims: tuple[str, ...] = ()
    accept_any_audience: bool = False
    accept_bound_tokens_as_bearer: bool = False

    @property
    def is_cognito(self) -> bool:
        """Whether this is a Cognito user pool, in either form of its issuer string."""
        return user_pools.is_user_pool(self.issuer)

    @property
    def other_form(self) -> str | None:
        """The same user pool's other issuer string, None for another issuer."""
        return user_pools.other_form(self.issuer)

    @property
    def known_jwks_uri(self) -> str | None:
        """Where the keys are, or None if only discovery can tell."""
        if self.jwks_uri is None and self.is_cognito:
            return f"{self.issuer}/.well-known/jwks.json"
        return self.jwks_uri


def parse_issuers(text: str) -> tuple[TrustedIssuer, ...]:
    """Parse the variable `ISSUERS`.

    Args:
        text: a JSON array of objects with the fields of `TrustedIssuer`; `name` and `issuer` are
            required.

    Returns:
        The issuers, at least one, no two with one issuer string. Two may share a name: a user pool
        has two issuer strings while it switches from one to the other.

    Raises:
        SettingsInvalid: naming the field, the value's problem and the fix.
    """
    try:
        items = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except JsonInvalid as invalid:
        raise SettingsInvalid(f"ISSUERS: {invalid}; give a JSON array of issuers") from None
    if not isinstance(items, list) or not items:
        raise SettingsInvalid("ISSUERS: no JSON array of issuers; name at least one")
    issuers = tuple(trusted_issuer(f"ISSUERS[{index}]", item) for index, item in enumerate(items))
    if len({issuer.issuer for issuer in issuers}) != len(issuers):
        raise SettingsInvalid("ISSUERS: two items have one issuer; give each issuer once")
    return issuers


def trusted_issuer(path: str, item: object) -> TrustedIssuer:
    """Return the issuer that an object describes, checked.

    Args:
        path: how errors name the object: `ISSUERS[0]`.
        item: a mapping with the fields of `TrustedIssuer`, as JSON has them.

    Raises:
        SettingsInvalid: naming the field, the value's problem and the fix.
    """
    fields = Fields(path, item, {field.name for field in fields_of(TrustedIssuer)})
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
    )
    _check_urls(fields, issuer)
    _check_algorithms(fields, issuer)
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


def _check_urls(fields: Fields, issuer: TrustedIssuer) -> None:
    if "?" in issuer.issuer or "#" in issuer.issuer:
        raise fields.invalid(
            "issuer", f"{issuer.issuer!r:.80}", "give a URL without query and fragment"
        )
    for name, url in (("issuer", issuer.issuer), ("jwks_uri", issuer.known_jwks_uri)):
        if url is not None and not is_safe_url(url):
            raise fields.invalid(
                name, f"{url!r:.80}", "give an https URL, or http to a loopback host"
            )
    host = urlsplit(issuer.issuer).hostname or ""
    if user_pools.is_cognito_host(host) and not issuer.is_cognito:
        raise fields.invalid("issuer", f"{issuer.issuer!r:.80}", _POOL_FORM)


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
    if checks_something and issuer.accept_any_audience:
        raise fields.invalid(
            "accept_any_audience", "contradicts audiences and client_ids", "give one or the other"
        )
