"""The local stack's assembly: made from the sources as they are, and never used once it was changed.

The app here is a small one that writes a table and a code folder, as CDK does: a code folder that
is there already is taken as it is.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = """
import json, os, pathlib
here = pathlib.Path(".")
runs = len((here / ".runs").read_text()) + 1
(here / ".runs").write_text("x" * runs)
table = (here / "table.txt").read_text()
out = pathlib.Path(os.environ["CDK_OUTDIR"])
asset = out / f"asset.{table}"
for folder, content in ((asset, table), (out / "asset.fixed", "fixed")):
    if not folder.exists():
        (folder / "data").mkdir(parents=True)
        (folder / "handler.py").write_text(content)
(out / "manifest.json").write_text(json.dumps([table, asset.name, "asset.fixed"]))
if runs <= int((here / ".changes").read_text()):
    (here / "table.txt").write_text(f"saved-in-run-{runs}")
"""


@dataclass
class Project:
    folder: Path

    @property
    def assembly(self) -> Path:
        return self.folder / ".local" / "cdk.out"

    @property
    def runs(self) -> int:
        return len((self.folder / ".runs").read_text())

    def save(self, table: str) -> None:
        (self.folder / "table.txt").write_text(table)

    def save_in_each_of_the_next(self, runs: int) -> None:
        (self.folder / ".changes").write_text(str(self.runs + runs))

    def synthesise(self) -> str:
        """The error; empty if there is none."""
        code = (
            "from local.errors import LocalError\nfrom local.this_app.synthesis.synth import synthesise\n"
            "try:\n    synthesise('local', 'app')\nexcept LocalError as error:\n    print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        return done.stdout.strip()

    @property
    def is_as_saved(self) -> bool:
        """Whether what would be served is what the sources say."""
        table = (self.folder / "table.txt").read_text()
        manifest = (self.assembly / "manifest.json").read_text()
        fixed = sorted((self.assembly / "asset.fixed").rglob("*"))
        return (
            manifest == f'["{table}", "asset.{table}", "asset.fixed"]'
            and (self.assembly / f"asset.{table}" / "handler.py").read_text() == table
            and [path.name for path in fixed] == ["data", "handler.py"]
            and fixed[1].read_text() == "fixed"
            and not fixed[1].is_symlink()
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(ROOT / "local", tmp_path / "local")
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / ".runs").write_text("")
    (tmp_path / ".changes").write_text("0")
    made = Project(tmp_path)
    made.save("first")
    return made


def test_an_assembly_is_used_again_while_nothing_has_changed(project: Project) -> None:
    assert [project.synthesise(), project.synthesise()] == ["", ""]
    assert project.is_as_saved
    assert project.runs == 1


def test_a_source_that_is_saved_while_the_app_runs_is_served(project: Project) -> None:
    project.save_in_each_of_the_next(1)
    assert project.synthesise() == ""
    assert project.is_as_saved
    assert project.runs == 2
    assert project.synthesise() == ""
    assert project.runs == 2


def test_sources_that_never_settle_are_one_clear_line(project: Project) -> None:
    project.save_in_each_of_the_next(100)
    error = project.synthesise()
    assert error.startswith("the sources changed during each of 3 syntheses: wait until")
    assert "\n" not in error
    assert project.runs == 3
    project.save_in_each_of_the_next(0)
    assert project.synthesise() == ""
    assert project.is_as_saved


def written(assembly: Path) -> None:
    (assembly / "asset.fixed" / "handler.py").write_text("evil")


def written_with_size_and_time_put_back(assembly: Path) -> None:
    file = assembly / "asset.fixed" / "handler.py"
    before = file.stat()
    file.write_text("evil!")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def added(assembly: Path) -> None:
    (assembly / "asset.fixed" / "new.py").write_text("evil")


def added_in_a_folder(assembly: Path) -> None:
    (assembly / "asset.fixed" / "data" / "new.py").write_text("evil")


def removed(assembly: Path) -> None:
    (assembly / "asset.fixed" / "handler.py").unlink()


def renamed(assembly: Path) -> None:
    (assembly / "asset.fixed" / "handler.py").rename(assembly / "asset.fixed" / "other.py")


def linked(assembly: Path) -> None:
    file = assembly / "asset.fixed" / "handler.py"
    file.rename(assembly.parent / "elsewhere.py")
    file.symlink_to(assembly.parent / "elsewhere.py")


def made_a_file_of_a_folder(assembly: Path) -> None:
    shutil.rmtree(assembly / "asset.fixed")
    (assembly / "asset.fixed").write_text("evil")


def the_whole_folder_removed(assembly: Path) -> None:
    shutil.rmtree(assembly / "asset.fixed")


def the_template_changed(assembly: Path) -> None:
    (assembly / "manifest.json").write_text('["evil", "asset.first", "asset.fixed"]')


def the_template_cut_short(assembly: Path) -> None:
    (assembly / "manifest.json").write_text("{")


def the_record_cut_short(assembly: Path) -> None:
    (assembly.parent / "cdk.out.json").write_text("{")
    written(assembly)


def the_record_of_another_form(assembly: Path) -> None:
    (assembly.parent / "cdk.out.json").write_text("[1]")
    written(assembly)


@pytest.mark.parametrize(
    "change",
    [
        written,
        written_with_size_and_time_put_back,
        added,
        added_in_a_folder,
        removed,
        renamed,
        linked,
        made_a_file_of_a_folder,
        the_whole_folder_removed,
        the_template_changed,
        the_template_cut_short,
        the_record_cut_short,
        the_record_of_another_form,
    ],
)
def test_an_assembly_that_was_changed_is_never_used_again(
    project: Project, change: Callable[[Path], None]
) -> None:
    project.synthesise()
    change(project.assembly)
    assert not project.is_as_saved or "record" in change.__name__
    assert project.synthesise() == ""
    assert project.is_as_saved
    assert project.runs == 2


def test_what_was_changed_is_not_served_when_the_sources_come_back_to_it(project: Project) -> None:
    project.synthesise()
    project.save("second")
    project.synthesise()
    (project.assembly / "asset.first" / "handler.py").write_text("evil")
    project.save("first")
    assert project.synthesise() == ""
    assert project.is_as_saved


def test_code_that_a_running_function_may_need_stays_while_another_is_made_anew(
    project: Project,
) -> None:
    project.synthesise()
    running = (project.assembly / "asset.first").stat().st_ino
    written(project.assembly)
    project.save("second")
    project.synthesise()
    assert project.is_as_saved
    assert (project.assembly / "asset.first").stat().st_ino == running


PREPARED = """
from local.this_app.synthesis.synth import prepare, synthesise
prepared = prepare("local", "app")
{before}
try:
    synthesise("local", "app", prepared)
finally:
    prepared.stop()
"""
APP_OF_CDK = """
import os, pathlib, sys
# It would use aws_logs.
loaded = {"aws_cdk", "aws_cdk.aws_logs"} <= sys.modules.keys()
pathlib.Path(os.environ["CDK_OUTDIR"]).mkdir()
pathlib.Path(os.environ["CDK_OUTDIR"], "manifest.json").write_text(f"{loaded} {sys.argv[1:]}")
"""


def prepared(project: Project, before: str = "") -> subprocess.CompletedProcess[str]:
    code = PREPARED.format(before=before)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)


def test_a_prepared_process_has_imported_cdk_and_runs_the_app_as_it_is_by_then(
    project: Project,
) -> None:
    (project.folder / "app.py").write_text(f"{APP_OF_CDK}\nsys.exit('not this one')\n")
    change = f"import pathlib; pathlib.Path('app.py').write_text({APP_OF_CDK!r})"
    # It has read the sources for what they name of CDK before they change.
    assert prepared(project, change).stderr == ""
    assert (project.assembly / "manifest.json").read_text() == "True []"


def test_an_app_that_fails_in_a_prepared_process_is_one_line(project: Project) -> None:
    (project.folder / "app.py").write_text("import nothing_such\n")
    assert prepared(project).stderr.splitlines()[-1] == (
        "local.errors.SynthFailed: synth failed: ModuleNotFoundError: No module named "
        "'nothing_such' (app.py, line 1)"
    )
