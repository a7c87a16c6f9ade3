"""`python -m ….synthesis.waiting_app MODULE`: imports CDK, then runs the app when it is told to.

What it imports beforehand is what the app's sources name of CDK. The sources themselves are read
when the app runs, so a change that comes before that is in it.
"""

import re
import runpy
import sys
from importlib import import_module
from importlib.util import find_spec

from local.this_app.synthesis.sources import source_files

_OF_CDK = re.compile(r"\b(?:aws_[a-z0-9_]+|custom_resources)\b")


def main(app_module: str) -> None:
    """Wait for a line on standard input, then run the app; at its end, end too."""
    _import_cdk(app_module)
    if not sys.stdin.readline():
        return
    sys.argv[1:] = []
    runpy.run_module(app_module, run_name="__main__", alter_sys=True)


def _import_cdk(app_module: str) -> None:
    if find_spec("aws_cdk") is None:
        return
    import_module("aws_cdk")
    files = source_files(app_module=app_module)
    texts = (path.read_text("utf-8", "replace") for path in files if path.suffix == ".py")
    for name in {name for text in texts for name in _OF_CDK.findall(text)}:
        if find_spec(f"aws_cdk.{name}") is not None:
            import_module(f"aws_cdk.{name}")


if __name__ == "__main__":
    main(sys.argv[1])
