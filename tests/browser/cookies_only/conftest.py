"""The same page as it is deployed: it keeps no tokens, and knows no issuer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.this_app.synthesis import synth
from tests.browser.served_app import App, serve_app
from tests.sample.paths import APP_MODULE
from tests.synth.synthesis import synthesise


@pytest.fixture(scope="package")
def two_modes() -> Path:
    """What is synthesised for the page that offers two ways."""
    return synth.synthesise("local", APP_MODULE)


@pytest.fixture(scope="package")
def one_mode(two_modes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is synthesised without the other way. CDK bundles no function anew that is there."""
    folder = tmp_path_factory.mktemp("cookies-only")
    for bundle in two_modes.glob("asset.*"):
        (folder / bundle.name).symlink_to(bundle)
    return synthesise(folder, "local", bundled=True, browser_storage_mode=False).folder


@pytest.fixture(scope="package")
def app(one_mode: Path) -> Iterator[App]:
    """The page's tokens live for a quarter of an hour."""
    with serve_app(one_mode) as running:
        yield running
