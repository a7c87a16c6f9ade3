import pytest

from page.download import download
from page.errors import IssuerUnavailable
from tests.unit.hostile_server import HOSTILE, hostile_server


@pytest.mark.parametrize("name", HOSTILE)
def test_an_issuer_that_never_ends_is_given_up_and_cut_off(name: str) -> None:
    with (
        hostile_server(name) as url,
        pytest.raises(IssuerUnavailable, match=r"it did not answer within 0\.3 s"),
    ):
        download(url, timeout_seconds=0.3, max_bytes=1_000)
