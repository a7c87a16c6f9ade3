"""Where the functions' sources are: a folder of `lambda_src` with a `handler.py` is a function.

The wheel holds the authorizer's part of `lambda_src` inside this package (`pyproject.toml`); a
checkout has all of it beside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
IS_INSTALLED = (_PACKAGE / "lambda_src").is_dir()
LAMBDA_SRC = (_PACKAGE if IS_INSTALLED else _PACKAGE.parent) / "lambda_src"
NEEDS_FILE = "needs.py"
"""Says what a function needs beside its code; it is in no bundle."""

ACCESS_CHECKS = "access_checks"
AUTHORIZER = "authorizer"
TOKEN_ISSUER = "token_issuer"  # noqa: S105  # a folder's name
KEY_ROTATION = "key_rotation"
PAGE = "page"
REVOCATIONS = "revocations"
SECRET_ROTATION = "secret_rotation"  # noqa: S105  # a folder's name
SESSION = "session"
TOKEN_CLAIMS = "token_claims"  # noqa: S105  # a folder's name
OWN_BACKENDS = frozenset({PAGE, REVOCATIONS, SESSION})
"""The backends that are not the user's: every table may name them."""

OWN_FUNCTIONS = OWN_BACKENDS | {
    AUTHORIZER,
    TOKEN_CLAIMS,
    TOKEN_ISSUER,
    KEY_ROTATION,
    SECRET_ROTATION,
}


def functions_in(folder: Path) -> frozenset[str]:
    """Return the names of the functions whose sources stand in a folder."""
    return frozenset(path.parent.name for path in folder.glob("*/handler.py"))


def backends_in(folder: Path) -> frozenset[str]:
    """Return what a table may name whose own backends stand in a folder."""
    return functions_in(folder) - OWN_FUNCTIONS | OWN_BACKENDS
