from pathlib import Path

import pytest

from local.this_app.synthesis.sources import digest_of_sources, look_at_sources, source_files


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("app.py", "stacks/access.py", "lambda_src/me/handler.py", "idp/metadata.xml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_every_file_that_synth_may_read_is_a_source(project: Path) -> None:
    assert [str(path.relative_to(project)) for path in source_files(project)] == [
        "app.py",
        "idp/metadata.xml",
        "lambda_src/me/handler.py",
        "stacks/access.py",
    ]


@pytest.mark.parametrize(
    "name",
    [
        ".local/outputs.json",
        "cdk.out/manifest.json",
        "docs/local.md",
        "lambda_src/me/__pycache__/handler.cpython-311.pyc",
        "node_modules/aws-cdk/package.json",
        "stacks/.access.py.swp",
        "stacks/access.py~",
        "tests/test_x.py",
    ],
)
def test_what_the_app_is_not_made_of_changes_nothing(project: Path, name: str) -> None:
    before = look_at_sources(project), digest_of_sources("local", project)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("other")
    assert (look_at_sources(project), digest_of_sources("local", project)) == before


@pytest.mark.parametrize("name", ["app.py", "lambda_src/me/requirements.txt", "stacks/tests/x.py"])
def test_a_new_or_changed_source_is_seen(project: Path, name: str) -> None:
    seen, digest = look_at_sources(project), digest_of_sources("local", project)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert look_at_sources(project) != seen
    assert digest_of_sources("local", project) != digest


def test_a_removed_source_is_seen(project: Path) -> None:
    seen, digest = look_at_sources(project), digest_of_sources("local", project)
    (project / "app.py").unlink()
    assert look_at_sources(project) != seen
    assert digest_of_sources("local", project) != digest


def test_a_renamed_source_has_another_digest(project: Path) -> None:
    digest = digest_of_sources("local", project)
    (project / "app.py").rename(project / "other.py")
    assert digest_of_sources("local", project) != digest


def test_each_stage_has_its_own_digest(project: Path) -> None:
    assert digest_of_sources("local", project) != digest_of_sources("dev", project)
