from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.attacks.bench import Bench
from tests.attacks.target import Target, serve_jwks

# The gate judges the same examples every time; `make fuzz` looks for new ones.
settings.register_profile(
    "gate",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with serve_jwks() as server:
        yield Bench(server)


@pytest.fixture(scope="session")
def target(bench: Bench) -> Target:
    warm = bench.target()
    assert warm.judge_token(bench.mint.token()).status == 200
    return warm
