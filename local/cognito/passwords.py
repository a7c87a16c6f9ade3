"""App client, user name and password -> a person, or the refusal that Cognito gives.

Nothing is said of an account before its password is right. Lockout after wrong
passwords is not modelled.
"""

import hmac

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from local.cognito.errors import WRONG_CREDENTIALS, Refused, invalid_parameter, not_authorized
from local.cognito.pool import SignedPool
from local.template.pool_config import ClientConfig

LOCAL_ONLY_PATH = "/local-only/sign-in-without-mfa"
"""Where this machine, and no AWS, gives tokens of a pool that asks for a second factor."""


def authenticate(
    pool: SignedPool, client: ClientConfig, username: str, password: str
) -> CognitoIdpUser:
    """Return the person, whose password may still be a temporary one.

    Raises:
        Refused: As `check_password`, or the pool asks for a second factor.
    """
    user = check_password(pool, client, username, password)
    if pool.requires_mfa:
        raise invalid_parameter(
            "MfaConfiguration is ON and a second factor is not modelled by the local stack, so "
            f"that no password signs anybody in; POST {LOCAL_ONLY_PATH} gives tokens here"
        )
    return user


def check_password(
    pool: SignedPool, client: ClientConfig, username: str, password: str
) -> CognitoIdpUser:
    """Return the person with this password, which may still be a temporary one.

    Raises:
        Refused: The password is wrong or the person unknown (alike, unless the client tells
            them apart), disabled, not confirmed, or must have a new password set.
    """
    user = pool.user(username)
    if user is None and not client.hides_unknown_users:
        raise Refused("UserNotFoundException", "User does not exist.")
    if user is None or not _is_password(user, password):
        raise not_authorized(WRONG_CREDENTIALS)
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if user.status is UserStatus.UNCONFIRMED:
        raise Refused("UserNotConfirmedException", "User is not confirmed.")
    if user.status is UserStatus.RESET_REQUIRED:
        raise Refused("PasswordResetRequiredException", "Password reset required for the user")
    return user


def must_change_password(user: CognitoIdpUser) -> bool:
    """Return whether the password is the temporary one of an administrator."""
    return user.status is UserStatus.FORCE_CHANGE_PASSWORD


def _is_password(user: CognitoIdpUser, password: str) -> bool:
    return bool(user.password) and hmac.compare_digest(
        str(user.password).encode(), password.encode("utf-8", "surrogatepass")
    )
