from collections.abc import Iterator

import pytest

from tests.attacks.bench import Bench
from tests.attacks.forge import Mint
from tests.attacks.target import serve_jwks


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with serve_jwks() as server:
        yield Bench(server)


@pytest.fixture(scope="session")
def mint(bench: Bench) -> Mint:
    return bench.mint
