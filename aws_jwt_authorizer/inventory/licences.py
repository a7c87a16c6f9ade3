"""What a package says of its licence -> an SPDX expression, and whether we may hand it on.

Imports no CDK.
"""

from email.message import Message
from typing import Final

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

MAY_BE_HANDED_ON: Final = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"),
        "MPL-2.0",  # whoever changes its files publishes the change: we change none
    }
)
"""Licences, by SPDX identifier, under which a bundle may hold a package."""

SETTLED: Final = {
    "python-dateutil": "BSD-3-Clause",
    "s3transfer": "Apache-2.0",
}
"""What the licence file says of a package whose metadata has no SPDX identifier."""


class LicenceUnknown(Exception):
    """A package's licence cannot be told: the message is one line, meant for a person."""


def licence_of(metadata: Message) -> str:
    """Return the licence of a wheel, by its METADATA, as an SPDX expression (PEP 639).

    Raises:
        LicenceUnknown: It names none, or in words that are no expression, and is not settled here.
    """
    name = canonicalize_name(metadata["Name"])
    words = metadata["License-Expression"] or metadata["License"] or ""
    try:
        return canonicalize_license_expression(SETTLED.get(name, words))
    except InvalidLicenseExpression:
        raise LicenceUnknown(
            f"{name} {metadata['Version']}: its wheel says {words[:60]!r} of its licence, which is "
            "not an SPDX expression: read its LICENSE, and add it to SETTLED in "
            "aws_jwt_authorizer/inventory/licences.py"
        ) from None


def may_be_handed_on(licence: str) -> bool:
    """Return whether an SPDX expression leaves us a licence that we take.

    Of alternatives (OR) one is enough; of what holds together (AND) each is asked for. An
    exception (WITH) or brackets are refused: a person reads these.
    """
    return any(
        all(term.strip() in MAY_BE_HANDED_ON for term in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )
