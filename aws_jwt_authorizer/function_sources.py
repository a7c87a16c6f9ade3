"""Where the functions' sources are: a folder of `lambda_src` with a `handler.py` is a function."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAMBDA_SRC = ROOT / "lambda_src"
AUTHORIZER = "authorizer"
TOKEN_ISSUER = "token_issuer"  # noqa: S105  # a folder's name
KEY_ROTATION = "key_rotation"
PAGE = "page"
SECRET_ROTATION = "secret_rotation"  # noqa: S105  # a folder's name
SESSION = "session"
FUNCTIONS = frozenset(path.parent.name for path in LAMBDA_SRC.glob("*/handler.py"))
TOKEN_CLAIMS = "token_claims"  # noqa: S105  # a folder's name
BACKENDS = FUNCTIONS - {AUTHORIZER, TOKEN_CLAIMS, TOKEN_ISSUER, KEY_ROTATION, SECRET_ROTATION}
