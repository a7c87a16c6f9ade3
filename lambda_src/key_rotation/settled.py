"""A call that AWS may refuse for a while because what it depends on is new -> its answer.

IAM spreads a new role and its policies within seconds, and KMS a new key; "AccessDenied" until then
means "not yet" (IAM, "Changes that I make are not always immediately visible").
"""

import time
from collections.abc import Callable, Collection
from typing import Final, TypeVar

from botocore.exceptions import ClientError

from function_kit.aws import error_code

Answer = TypeVar("Answer")
Sleep = Callable[[float], None]

A_MINUTE: Final = (1, 2, 4, 8, 16, 16, 16)
"""Pauses in seconds: for roles, policies and tables."""

FIVE_MINUTES: Final = (1, 2, 4, 8, 16, *(30,) * 9)
"""For a new key: its policy and its tags may take so long (KMS, "ABAC for AWS KMS")."""

ROLE_IS_NEW: Final = frozenset({"AccessDeniedException", "MalformedPolicyDocumentException"})
"""KMS calls a key policy malformed that names a role which IAM does not show it yet."""

KEY_IS_NEW: Final = frozenset({"AccessDeniedException", "NotFoundException"})


def settled(
    call: Callable[[], Answer],
    not_yet: Collection[str],
    pauses: tuple[int, ...],
    sleep: Sleep = time.sleep,
) -> Answer:
    """Call until it succeeds.

    Args:
        call: What to do.
        not_yet: The error codes that mean "try again".
        pauses: How long to wait before each further try, in seconds.
        sleep: Waits.

    Raises:
        ClientError: Another code, or still one of these after the last pause.
    """
    for pause in pauses:
        try:
            return call()
        except ClientError as error:
            if error_code(error) not in not_yet:
                raise
        sleep(pause)
    return call()
