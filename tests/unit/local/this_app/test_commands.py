"""What is printed to be pasted."""

import pytest

from local.this_app.commands import _curl

PROXY = "http://proxy.example:3128"
NAMES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({}, "curl"),
        ({"http_proxy": PROXY}, "curl --noproxy '*'"),
        ({"ALL_PROXY": PROXY}, "curl --noproxy '*'"),
        ({"http_proxy": PROXY, "no_proxy": "localhost,127.0.0.1"}, "curl"),
        ({"https_proxy": PROXY}, "curl"),
    ],
)
def test_a_printed_command_sends_nothing_to_a_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], command: str
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _curl() == command
