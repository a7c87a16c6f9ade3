"""Where the functions' sources are: a folder of `lambda_src` with a `handler.py` is a function."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAMBDA_SRC = ROOT / "lambda_src"
AUTHORIZER = "authorizer"
FUNCTIONS = frozenset(path.parent.name for path in LAMBDA_SRC.glob("*/handler.py"))
BACKENDS = FUNCTIONS - {AUTHORIZER}
