"""Every failure of the page's function.

PageError
├── SettingsInvalid        ours: at cold start, names the variable or the file and the fix
└── IssuerUnavailable      the issuer's: the page is served all the same, and says so

What a caller asks wrongly is not an error but an answer: 404 or 405.
"""


class PageError(Exception):
    """Root of all failures."""


class SettingsInvalid(PageError):
    """The function's configuration or bundle is wrong; the message says what to do."""


class IssuerUnavailable(PageError):
    """The issuer's discovery document cannot be had; the message may be shown to anybody."""
