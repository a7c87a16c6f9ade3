"""A pytest plugin that makes the run of one mutant cheap; mutmut runs each in a fork.

RSA keys that a first run needed are kept for the forks, and the tests of the changed module come
first, for they are the likeliest to notice.
"""

from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from mutmut.mutation.trampoline import get_mutant_under_test

from tests import signing_key
from tests.mutation.run import MUTATED, tests_of

_generate = signing_key.generate_private_key
_kept: list[rsa.RSAPrivateKey] = []
_used = count()


def _next_key(algorithm: str) -> signing_key.PrivateKey:
    """Return the key of this place in the run: no two places of a run share one."""
    if algorithm[:2] not in ("RS", "PS"):
        return _generate(algorithm)
    place = next(_used)
    if place == len(_kept):
        key = _generate(algorithm)
        assert isinstance(key, rsa.RSAPrivateKey)
        _kept.append(key)
    return _kept[place]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that hold the mutant's module first (`jwt_verifier.claims.x_groups__mutmut_1`)."""
    module = "/".join(get_mutant_under_test().split(".")[:2])
    if module in MUTATED:
        first = [Path(path).name for path in tests_of(module)]
        items.sort(key=lambda item: item.path.name not in first)


def pytest_collection_finish() -> None:
    """Begin with the first key again; what test modules made as they were imported stays theirs."""
    global _used  # noqa: PLW0603  # a fork's own
    _used = count()
    signing_key.generate_private_key = _next_key
