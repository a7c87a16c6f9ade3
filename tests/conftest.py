import gc
import os
import signal
import socket
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from xdist.remote import Producer

import stacks  # noqa: F401 - before any test starts CDK: Node 20's end of life is no news
from local.surroundings import forget_other_settings
from tests.groups import ByGroup, group_of, rank_of
from tests.tracing import Tracing

forget_other_settings(os.environ)
for interrupting in (signal.SIGINT, signal.SIGHUP):
    # What ran the tests may ignore them, as a shell does for a job in the background; commands
    # that tests start and interrupt would ignore them too.
    if signal.getsignal(interrupting) is signal.SIG_IGN:
        signal.signal(interrupting, signal.SIG_DFL)
TRACING = pytest.StashKey[Tracing]()

collect_ignore_glob = ["rehearsal/*/*"]
"""Files of users, which run in the copies that they are put into."""


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to trace, where a process runs tests and coverage is measured."""
    plugins = session.config.pluginmanager
    plugin: Any = plugins.getplugin("_cov")
    hands_tests_out = plugins.hasplugin("dsession")
    is_measured = plugin is not None and not hands_tests_out
    tracing = Tracing(plugin.cov_controller if is_measured else None)
    tracing.import_what_is_measured()
    session.stash[TRACING] = tracing


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector leave alone what collecting tests makes: all of it stays.

    What tests make afterwards it looks through less often: they make much and keep little.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace a test, with its fixtures, or do not."""
    item.session.stash[TRACING].follow(item.path)
    return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    items.sort(key=lambda item: rank_of(group_of(item.path)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    """Keep tests that share something in one process."""
    return ByGroup(config, log)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test reaches another host."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test wanted to connect to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
