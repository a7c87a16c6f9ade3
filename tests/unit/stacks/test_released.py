"""`python -m stacks.released`: what a release holds besides the wheel."""

import zipfile
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.zip_file import write_zip
from aws_jwt_authorizer.function_sources import OWN_FUNCTIONS
from stacks import released

SETTLED = "aws_jwt_authorizer.inventory.licences.SETTLED"
ALLOWED = "aws_jwt_authorizer.inventory.licences.MAY_BE_HANDED_ON"


def test_each_package_is_listed_with_its_licence_and_the_functions_that_hold_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert released.print_licences(OWN_FUNCTIONS)
    lines = capsys.readouterr().out.splitlines()
    [cryptography] = [line for line in lines if line.startswith("cryptography ")]
    assert "Apache-2.0 OR BSD-3-Clause" in cryptography
    assert cryptography.endswith("authorizer, key_rotation, session")


def test_a_licence_that_is_not_listed_is_refused_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ALLOWED, frozenset({"MIT", "Apache-2.0"}))
    assert not released.print_licences(["page"])
    assert "certifi" in capsys.readouterr().err


def test_a_licence_that_cannot_be_told_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SETTLED, {})
    with pytest.raises(SystemExit, match=r"^python-dateutil .* read its LICENSE"):
        released.main(["licences"])


def test_a_zip_of_a_folder_is_the_same_bytes_wherever_and_whenever_it_is_made(
    tmp_path: Path,
) -> None:
    for name, mode in (("first", 0o600), ("second", 0o644)):
        folder = tmp_path / name / "authorizer"
        folder.mkdir(parents=True)
        (folder / "handler.py").write_text("x = 1\n")
        (folder / "handler.py").chmod(mode)
        write_zip(folder.parent, tmp_path / f"{name}.zip")
    first, second = ((tmp_path / f"{name}.zip").read_bytes() for name in ("first", "second"))
    assert first == second
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        [member] = archive.infolist()
    assert (member.filename, member.external_attr >> 16 & 0o777) == ("authorizer/handler.py", 0o644)


def test_the_authorizer_s_zip_holds_its_code_and_packages_and_no_policy(tmp_path: Path) -> None:
    file = released.write_authorizer_zip(tmp_path)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    assert {"authorizer/handler.py", "jwt_verifier/verifier.py"} <= set(names)
    assert "policy.json" not in names
    held = {name.partition("-")[0] for name in names if name.endswith(".dist-info/METADATA")}
    listed = {package.name.replace("-", "_") for package in released.packages_of("authorizer")}
    assert held == listed


def test_another_command_is_told_the_right_ones() -> None:
    with pytest.raises(SystemExit, match="usage: .* sbom FOLDER | licences | zip FOLDER"):
        released.main(["sbmo"])
