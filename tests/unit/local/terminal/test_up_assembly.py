import pytest

from local.__main__ import main
from local.terminal.up_assembly import bundle_hints


def test_an_authorizer_that_does_not_start_is_told_how_to_be_bundled() -> None:
    [line] = bundle_hints([("pets", "x"), ("authorizer", "invalid ELF header")])
    assert "-c jwt_authorizer_bundle_for=host" in line
    assert bundle_hints([("pets", "x")]) == []


def test_the_sources_of_another_app_are_not_followed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--watch", "--assembly", "cdk.out"])
    assert "--assembly: not allowed with argument --watch" in capsys.readouterr().err
