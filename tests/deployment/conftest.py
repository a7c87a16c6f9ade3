from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from stacks.browser.web_page import page_files
from tests.deployment.account import EmulatedAccount
from tests.deployment.assemblies import synthesise
from tests.ministack import running_emulator


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedAccount]:
    """An account with nothing in it."""
    with running_emulator() as emulator:
        account = EmulatedAccount(emulator, tmp_path_factory.mktemp("account"))
        account.stages()
        yield account


@pytest.fixture(scope="session", autouse=True)
def page_built_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stacks.browser.page_function.page_files", cache(page_files))
        yield


@pytest.fixture(scope="session")
def dev(account: EmulatedAccount, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(tmp_path_factory.mktemp("dev") / "cdk.out", "dev", account.cdk_json)
