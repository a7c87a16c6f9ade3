"""A person's attributes and the scopes that were asked for -> what to add and to leave out. Pure.

By itself Cognito writes every attribute that the client may read into the ID token, whatever scope
was asked for.
"""

from collections.abc import Collection, Mapping

TENANT_ATTRIBUTE = "custom:tenant"
TENANT_CLAIM = "tenant"
OWN_ACCOUNT = "aws.cognito.signin.user.admin"
"""The scope of a sign-in without OAuth: such a client reads the whole account anyway."""

# OpenID Connect Core 1.0 section 5.4.
CLAIMS_BY_SCOPE: Mapping[str, Collection[str]] = {
    "address": ("address",),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "profile": (
        *("birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name"),
        *("nickname", "picture", "preferred_username", "profile", "updated_at", "website"),
        "zoneinfo",
    ),
}


def tenant_claims(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the claims to add to both tokens; none for a person without a tenant."""
    tenant = attributes.get(TENANT_ATTRIBUTE)
    return {TENANT_CLAIM: tenant} if tenant else {}


def claims_outside_scopes(attributes: Mapping[str, str], scopes: Collection[str]) -> list[str]:
    """List the claims of an ID token outside the granted scopes, custom attributes among them.

    Args:
        attributes: The person's, by Cognito's names.
        scopes: Those of the sign-in.
    """
    custom = [name for name in attributes if name.startswith("custom:")]
    if OWN_ACCOUNT in scopes:
        return custom
    unasked = [
        claim
        for scope, claims in CLAIMS_BY_SCOPE.items()
        if scope not in scopes
        for claim in claims
        if claim in attributes
    ]
    return [*unasked, *custom]
