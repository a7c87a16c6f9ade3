from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from session.aws import CALLS
from tests.browser.chromium import ARGUMENTS, WHERE_FROM, find_chromium
from tests.browser.served_app import App, Secrets, serve_app

PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip(WHERE_FROM)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],  # as people have it
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used."""
    fresh = browser.new_context()
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def secrets() -> Iterator[Secrets]:
    """moto's Secrets Manager on loopback, with the secret that seals cookies."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "secretsmanager",
        endpoint_url=f"http://{host}:{port}",
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=CALLS,
    )
    made = client.create_secret(Name="cookies", SecretString="s" * 64)
    yield Secrets(client, made["ARN"])
    client.close()
    server.stop()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, secrets: Secrets) -> Iterator[App]:
    """Tokens live for ten minutes."""
    with serve_app(tmp_path_factory.mktemp("bundle"), 600, secrets) as running:
        yield running


@pytest.fixture(scope="session")
def short_lived(tmp_path_factory: pytest.TempPathFactory, secrets: Secrets) -> Iterator[App]:
    """Tokens live for eight seconds."""
    with serve_app(tmp_path_factory.mktemp("bundle"), 8, secrets) as running:
        yield running
