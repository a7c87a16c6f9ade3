from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from stacks.browser.web_page import page_files
from tests.synth.synthesis import Synthesis, synthesise


@pytest.fixture(scope="session", autouse=True)
def page_built_once() -> Iterator[None]:
    """A synth builds the page from its sources, which are the same for all syntheses here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stacks.browser.page_function.page_files", cache(page_files))
        yield


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(tmp_path_factory.mktemp("prod"), "prod")


@pytest.fixture(scope="session")
def with_issuer(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """prod with an issuer of its own and with revocation: all that operations can look at."""
    return synthesise(
        tmp_path_factory.mktemp("with-issuer"),
        "prod",
        kms_issuer=True,
        revocation="closed",
        authorizer_cache_ttl_seconds=5,
    )


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """The stage that is bundled for this machine, and here it really is."""
    return synthesise(tmp_path_factory.mktemp("local"), "local", bundled=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cdk.out"
