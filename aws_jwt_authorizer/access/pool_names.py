"""What a user pool's scopes and groups may be called, and how a scope's name is put together.

The patterns are those of the Amazon Cognito user pools API reference: CreateResourceServer,
ResourceServerScopeType and CreateGroup. Imports no CDK.
"""

import re
import unicodedata

SCOPE = re.compile(r"(?P<server>[!#-\[\]-~]{1,256})/(?P<name>[!#-.0-\[\]-~]{1,256})")
SCOPE_TOKEN = re.compile(r"[!#-\[\]-~]+")
STANDARD_SCOPES = ("openid", "email", "profile")
"""What the clients of people may ask for besides the table's scopes."""

LONGEST_GROUP_CHARACTERS = 128
GROUP_CATEGORIES = frozenset("LMSNP")
"""Letters, marks, symbols, numbers and punctuation, by the first letter of Unicode's category."""


def is_pool_scope(text: str) -> bool:
    """Return whether a scope stands under a resource server: "<server>/<scope>"."""
    return SCOPE.fullmatch(text) is not None


def is_scope(text: str) -> bool:
    """Return whether it is one scope (RFC 6749 section 3.3)."""
    return SCOPE_TOKEN.fullmatch(text) is not None


def server_and_name(scope: str) -> tuple[str, str]:
    """Take a scope apart: a resource server may be called by its URL, a scope has no slash.

    Args:
        scope: One that `is_pool_scope` accepts.
    """
    server, _, name = scope.rpartition("/")
    return server, name


def is_group_name(text: str) -> bool:
    """Return whether Cognito takes it for a group; a space it does not."""
    return 0 < len(text) <= LONGEST_GROUP_CHARACTERS and all(
        unicodedata.category(character)[0] in GROUP_CATEGORIES for character in text
    )


def display_name(server: str) -> str:
    """Return a resource server's friendly name, which allows fewer characters than its id."""
    return re.sub(r"[^A-Za-z0-9_+=,.@-]+", "-", server)
