"""The same page as it is deployed: it keeps no tokens, and knows no issuer."""

from collections.abc import Iterator

import pytest

from tests.browser.served_app import App, serve_app
from tests.synth.synthesis import synthesise


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The page's tokens live for ten minutes."""
    folder = tmp_path_factory.mktemp("cookies-only")
    made = synthesise(folder, "local", bundled=True, browser_storage_mode=False)
    with serve_app(made.folder) as running:
        yield running
