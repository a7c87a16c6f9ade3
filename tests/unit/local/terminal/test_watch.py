from itertools import count
from pathlib import Path

import pytest

from local.terminal import watch
from local.this_app.synthesis.sources import Seen


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0)


def test_sources_are_read_once_nothing_writes_them_any_longer() -> None:
    written = iter([seen(1), seen(2), seen(3), seen(3), seen(4)])
    assert watch.when_quiet(lambda: next(written)) == seen(3)


def test_sources_that_are_never_quiet_are_read_all_the_same() -> None:
    log = count()
    assert watch.when_quiet(lambda: seen(next(log))) == seen(watch.MOST_LOOKS)


def seen(number: int) -> Seen:
    return {Path("growing.log"): (number, number)}
