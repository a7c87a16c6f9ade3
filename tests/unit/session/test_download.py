"""What one request of ours may take, in time and in bytes, from a server that means no good."""

import pytest

from session.download import Web
from session.errors import Unavailable
from tests.unit.hostile_server import HOSTILE, hostile_server


@pytest.mark.parametrize("name", HOSTILE)
def test_a_server_that_never_ends_is_given_up_and_cut_off(name: str) -> None:
    with hostile_server(name) as url, pytest.raises(Unavailable) as given_up:
        Web(timeout_seconds=0.3).ask(url)
    assert given_up.value.reason == "issuer_timeout"


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(Unavailable) as nobody:
        Web(timeout_seconds=1).ask("http://127.0.0.1:9/")
    assert nobody.value.reason == "issuer_no_answer"
