"""The page's TypeScript: its types, and its pure parts under node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / "node_modules" / ".bin"
TESTS = sorted(Path(__file__).parent.glob("*.test.ts"))


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_page_type_checks_strictly() -> None:
    done = run(str(BIN / "tsc"), "--noEmit", "-p", "web")
    assert done.returncode == 0, done.stdout


def test_a_wrong_type_would_be_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "web", tmp_path / "web")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    main = tmp_path / "web" / "src" / "main.ts"
    main.write_text(main.read_text() + "\nconst wrong: number = [1][0];\nvoid wrong;\n")
    done = run(str(BIN / "tsc"), "--noEmit", "-p", str(tmp_path / "web"))
    assert "TS2322" in done.stdout


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.ts"))
def test_the_pure_parts_do_what_their_tests_say(file: Path, tmp_path: Path) -> None:
    bundle = tmp_path / file.with_suffix(".mjs").name
    built = run(
        str(BIN / "esbuild"),
        str(file),
        "--bundle",
        "--platform=node",
        "--format=esm",
        f"--outfile={bundle}",
        "--log-level=warning",
    )
    assert built.returncode == 0, built.stderr
    done = run("node", "--test", "--test-reporter=spec", str(bundle))
    assert done.returncode == 0, done.stdout
    assert "tests 0" not in done.stdout, "the file must hold a test"
