import json
from pathlib import Path

import pytest

from stacks.deployment.__main__ import main
from stacks.deployment.errors import CommandRefused
from stacks.deployment.kept_outputs import KeptOutputs

IDENTITY, API = {"UserPoolId": "eu-west-1_AbC"}, {"ApiUrl": "https://abc.example/"}
WHOLE = {"jwt-authorizer-dev-identity": IDENTITY, "jwt-authorizer-dev-api": API}


def deployed(folder: Path, outputs: object) -> KeptOutputs:
    """What one deployment leaves when CDK has written these outputs."""
    kept = KeptOutputs(folder, "dev")
    with kept.alone():
        kept.written_by_cdk.write_text(json.dumps(outputs))
        kept.keep()
    return kept


def test_outputs_are_kept_as_cdk_writes_them(tmp_path: Path) -> None:
    assert deployed(tmp_path / "deep", WHOLE).read() == WHOLE


def test_a_deployment_forgets_stacks_that_are_no_longer_part_of_it(tmp_path: Path) -> None:
    deployed(tmp_path, {**WHOLE, "jwt-authorizer-dev-issuer": {"IssuerUrl": "https://x.example"}})
    assert deployed(tmp_path, WHOLE).read() == WHOLE


def test_a_deployment_that_gives_nothing_leaves_outputs_as_they_were(tmp_path: Path) -> None:
    kept = deployed(tmp_path, WHOLE)
    with kept.alone():
        kept.keep()
    assert kept.read() == WHOLE


def test_what_an_interrupted_run_has_written_is_not_taken_for_the_next_ones(tmp_path: Path) -> None:
    kept = deployed(tmp_path, WHOLE)
    kept.written_by_cdk.write_text("{ half of")
    with kept.alone():
        kept.keep()
    assert kept.read() == WHOLE


def test_of_two_deployments_of_a_stage_at_once_the_second_is_refused(tmp_path: Path) -> None:
    kept = deployed(tmp_path, WHOLE)
    with kept.alone():
        with pytest.raises(
            CommandRefused, match=r"another command changes the stage dev \(process \d+\)"
        ):
            deployed(tmp_path, {"other": {}})
        assert kept.read() == WHOLE
    assert deployed(tmp_path, WHOLE).read() == WHOLE


def test_two_stages_are_deployed_at_once(tmp_path: Path) -> None:
    with KeptOutputs(tmp_path, "prod").alone():
        deployed(tmp_path, WHOLE)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandRefused, match="must be a folder that this user may write"):
        deployed(tmp_path / "file", WHOLE)


def show(folder: Path, *more: str) -> int:
    return main(["outputs", "--app", "tests.sample.app", "--folder", str(folder), *more])


def test_outputs_are_printed_whole_or_one_at_a_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    deployed(tmp_path, WHOLE)
    assert show(tmp_path) == 0
    assert json.loads(capsys.readouterr().out) == WHOLE
    assert show(tmp_path, "ApiUrl") == 0
    assert capsys.readouterr().out == "https://abc.example/\n"


def test_before_a_deployment_one_line_says_what_to_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert show(tmp_path) == 1
    assert "is not there: make deploy STAGE=dev writes it" in capsys.readouterr().err


def test_a_file_that_is_not_json_is_named_with_what_mends_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "dev.outputs.json").write_text("{")
    assert show(tmp_path) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "dev.outputs.json cannot be read" in line
    assert "make deploy STAGE=dev writes it" in line


def test_an_unknown_output_is_answered_with_the_names_that_there_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    deployed(tmp_path, WHOLE)
    assert show(tmp_path, "Url") == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("has no one output 'Url': the names are ApiUrl, UserPoolId")
