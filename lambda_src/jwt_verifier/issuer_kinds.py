"""What one kind of issuer needs to be told -> a TrustedIssuer, checked as `ISSUERS` is."""

from collections.abc import Collection

from jwt_verifier import user_pools
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.issuer_items import trusted_issuer


def cognito_issuer(
    user_pool_id: str,
    *,
    client_ids: Collection[str],
    token_use: str | None,
    **further: object,
) -> TrustedIssuer:
    """Return an Amazon Cognito user pool as a trusted issuer.

    Args:
        user_pool_id: `<region>_<id>`, as Cognito shows it.
        client_ids: the app clients whose tokens are meant for you, at least one.
        token_use: "access", "id", or None for either (Amazon Cognito, verifying JSON web tokens).
        further: any other field of `TrustedIssuer`; `name` is the pool's id by default.

    Raises:
        SettingsInvalid: naming the field, the value's problem and the fix.
    """
    return trusted_issuer(
        "issuer",
        {
            "name": user_pool_id,
            "issuer": _pool_url(user_pool_id),
            "client_ids": _array(client_ids),
            "token_use": token_use,
            **_arrays_of(further),
        },
    )


def oidc_issuer(
    issuer: str, *, audiences: Collection[str] = (), **further: object
) -> TrustedIssuer:
    """Return any OpenID Connect issuer as a trusted one.

    Args:
        issuer: the claim `iss`, to the letter: a final slash counts.
        audiences: the values of `aud` that stand for you. None at all must be stated, with
            `accept_any_audience=True`.
        further: any other field of `TrustedIssuer`; `name` is the issuer by default.

    Raises:
        SettingsInvalid: naming the field, the value's problem and the fix.
    """
    fields = {"name": issuer, "issuer": issuer, "audiences": _array(audiences)}
    return trusted_issuer("issuer", {**fields, **_arrays_of(further)})


def _pool_url(user_pool_id: object) -> str:
    issuer = user_pools.issuer_of(user_pool_id)
    if issuer is None:
        raise SettingsInvalid(
            f"user_pool_id: {user_pool_id!r:.80} is not the id of a user pool; "
            "give it as Cognito shows it, for example eu-west-1_AbCdEf123"
        )
    return issuer


def _array(value: object) -> object:
    """Turn a sequence into a list, as JSON has it; leave anything else for the check to refuse."""
    return list(value) if isinstance(value, tuple | set | frozenset) else value


def _arrays_of(fields: dict[str, object]) -> dict[str, object]:
    return {name: _array(value) for name, value in fields.items()}
