"""The first thing that a function's process runs: import paths as on Lambda, then awslambdaric.

Standard library only; the process sees the function's bundle, the runtime client and
AWS's SDK and nothing else, and it never outlives the process that started it.

Usage: `python -P -s -S -B child.py CODE_FOLDER CLIENT_FOLDER SDK_FOLDER HANDLER`, standard input
held open.
"""

import os
import runpy
import sys
import threading


def _exit_with_parent() -> None:
    # The parent never writes: a read ends only when the parent has gone, however it died.
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    """Run the runtime client's loop for one handler."""
    code_folder, client_folder, sdk_folder, handler = sys.argv[1:]
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    sys.path.insert(0, code_folder)
    sys.path += [client_folder, sdk_folder]
    sys.argv = ["awslambdaric", handler]
    runpy.run_module("awslambdaric", run_name="__main__")


if __name__ == "__main__":
    main()
