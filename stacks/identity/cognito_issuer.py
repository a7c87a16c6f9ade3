"""A user pool -> its issuer string, in either of Cognito's two forms. The one place that knows."""

from typing import Literal

IssuerForm = Literal["original", "updated"]

HOSTS: dict[IssuerForm, str] = {"original": "cognito-idp", "updated": "issuer-cognito-idp"}


def cognito_issuer(region: str, pool_id: str, form: IssuerForm) -> str:
    """Return the `iss` of the pool's tokens.

    Args:
        region: The pool's region; a CDK token is fine.
        pool_id: The pool's id; a CDK token is fine.
        form: What the pool's IssuerConfiguration says (IssuerConfigurationType, Cognito API).
    """
    return f"https://{HOSTS[form]}.{region}.amazonaws.com/{pool_id}"


def other_form(form: IssuerForm) -> IssuerForm:
    """Return the form that a pool would switch to."""
    return "updated" if form == "original" else "original"
