"""Where coverage is traced: in the tests that are to reach every line and branch, and in no others.

Tracing makes Python more than twice as slow, and what the other tests reach need not be known.
"""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MEASURED = ("authorizer", "jwt_verifier")
TRACED = (
    "attacks",
    "integration/test_jwks_discovery.py",
    "integration/test_jwks_faults.py",
    "integration/test_jwks_requests.py",
    "integration/test_jwks_tls.py",
    "integration/test_last_resorts.py",
    "integration/test_trust.py",
    "unit/authorizer",
    "unit/jwt_verifier",
)
"""The folders and files whose tests reach all of `authorizer` and `jwt_verifier`."""


class Tracing:
    """Turns coverage's tracing on and off.

    Args:
        controller: pytest-cov's; None where nothing is measured.
    """

    def __init__(self, controller: Any) -> None:
        self._controller = controller

    def import_what_is_measured(self) -> None:
        """Import every measured module while it is traced, and trace nothing until a test asks."""
        if self._controller is None:
            return
        for name in MEASURED:
            for module in pkgutil.walk_packages(import_module(name).__path__, f"{name}."):
                import_module(module.name)
        self._controller.pause()

    def follow(self, test: Path) -> None:
        """Trace what comes next if it is a test that is to reach everything."""
        if self._controller is None:
            return
        wanted = test.relative_to(HERE).as_posix().startswith(TRACED)
        if wanted and not self._controller.started:
            self._controller.resume()
        elif not wanted and self._controller.started:
            self._controller.pause()
