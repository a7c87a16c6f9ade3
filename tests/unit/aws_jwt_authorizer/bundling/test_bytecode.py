"""Every machine gives the same bytecode: that of the runtime's own CPython, beside every module."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest
from uv import find_uv_bin

from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed
from aws_jwt_authorizer.bundling.bytecode import (
    BytecodeFailed,
    BytecodeFolder,
    BytecodeUnavailable,
    bytecode_of,
)
from aws_jwt_authorizer.bundling.host_python import HostPython
from aws_jwt_authorizer.bundling.target import DEPLOYED_PYTHON, deployed_target, host_target
from aws_jwt_authorizer.bundling.wasm_python import (
    LAMBDA_TASK_ROOT,
    PYODIDE,
    WasmPython,
    package_near,
    wasm_python,
)
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from tests.sample.paths import BACKENDS

ROOT = Path(__file__).parents[4]
NODE_MODULES = ROOT / "node_modules"
HEALTH = Bundle("health", deployed_target(), {"policy.json": "{}\n"}, BACKENDS)
MAGIC_OF_3_14 = (3627).to_bytes(2, "little") + b"\r\n"
"""Include/internal/pycore_magic_number.h of CPython 3.14."""

UNCHECKED_HASH = (0b01).to_bytes(4, "little")
WASM_BY_PYTHON = {"3.11": "pyodide-python-3.11", DEPLOYED_PYTHON: "pyodide"}


def tree(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def built(folder: Path, kept: Path, bundle: Bundle = HEALTH) -> Path:
    folder.mkdir()
    bundle.build(folder, bytecode=BytecodeFolder(kept))
    return folder


def compiled(folder: Path, kept: Path) -> None:
    BytecodeFolder(kept).compile(folder, DEPLOYED_PYTHON, wasm_python())


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle for Lambda that was made with nothing kept."""
    folder = tmp_path_factory.mktemp("bytecode")
    return built(folder / "bundle", folder / "kept")


def test_every_module_for_lambda_has_the_bytecode_of_the_runtime_that_needs_no_check(
    bundle: Path,
) -> None:
    modules = [path.relative_to(bundle).as_posix() for path in bundle.rglob("*.py")]
    assert "health/handler.py" in modules
    for module in modules:
        data = (bundle / bytecode_of(module, DEPLOYED_PYTHON)).read_bytes()
        assert data[:4] == MAGIC_OF_3_14, module
        assert data[4:8] == UNCHECKED_HASH, module
        assert f"{LAMBDA_TASK_ROOT}/{module}".encode() in data, module
    assert len(list(bundle.rglob("*.pyc"))) == len(modules)


@pytest.mark.parametrize("attempt", ["nothing kept", "all kept"])
def test_every_module_for_this_machine_has_the_bytecode_of_its_own_interpreter(
    attempt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "of-this-process"))
    for_this_machine = replace(HEALTH, target=host_target())
    if attempt == "all kept":
        built(tmp_path / "first", tmp_path / "kept", for_this_machine)
    folder = built(tmp_path / "out", tmp_path / "kept", for_this_machine)
    modules = sorted(folder.rglob("*.py"))
    assert folder / "health" / "handler.py" in modules
    for module in modules:
        [compiled] = (module.parent / "__pycache__").glob(f"{module.stem}.cpython-*.pyc")
        data = compiled.read_bytes()
        assert data[:8] == MAGIC_NUMBER + UNCHECKED_HASH, module


def test_a_module_that_this_machine_cannot_compile_is_left_to_whatever_imports_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "broken.py").write_text("def (:\n")
    (folder / "whole.py").write_text("VALUE = 1\n")
    BytecodeFolder(tmp_path / "kept").compile(folder, host_target().python, HostPython())
    assert [path.name.partition(".")[0] for path in folder.rglob("*.pyc")] == ["whole"]
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_bundles_with_kept_bytecode_and_without_are_the_same_bytes(
    bundle: Path, tmp_path: Path
) -> None:
    umask = os.umask(0o077)
    try:
        again = built(tmp_path / "elsewhere", bundle.parent / "kept")
    finally:
        os.umask(umask)
    assert tree(again) == tree(bundle)


def native(python: str) -> str | None:
    """An interpreter of this version, if one is at hand."""
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    command = [find_uv_bin(), "python", "find", python, "--no-python-downloads", "--no-project"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else None


AT_HAND = {python: path for python in WASM_BY_PYTHON if (path := native(python))}


@pytest.mark.parametrize("python", AT_HAND)
def test_the_same_version_gives_the_same_bytes_natively_and_in_webassembly(
    python: str, tmp_path: Path
) -> None:
    in_wasm, natively = tmp_path / "in_wasm", tmp_path / "natively"
    for folder in (in_wasm, natively):
        shutil.copytree(
            LAMBDA_SRC / "jwt_verifier", folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    modules = sorted(path.name for path in in_wasm.glob("*.py"))
    WasmPython(NODE_MODULES / WASM_BY_PYTHON[python]).compile(in_wasm, modules, python)
    command = [AT_HAND[python], "-S", "-m", "compileall", "-q", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(natively)]
    command += ["-p", LAMBDA_TASK_ROOT, str(natively)]
    subprocess.run(command, check=True, env={})
    assert tree(in_wasm) == tree(natively)
    assert len(list(in_wasm.rglob("*.pyc"))) == len(modules)


LOADED_IN_3_14 = """
import { loadPyodide } from "PYODIDE/pyodide.mjs";
const python = await loadPyodide();
python.FS.mkdirTree("/bundle");
python.FS.mount(python.FS.filesystems.NODEFS, { root: process.argv[2] }, "/bundle");
console.log(python.runPython(`
import json, marshal, pathlib
def differing():
    for source in pathlib.Path("/bundle").rglob("*.py"):
        name = source.relative_to("/bundle").as_posix()
        [cached] = (source.parent / "__pycache__").glob(f"{source.stem}.*.pyc")
        code = marshal.loads(cached.read_bytes()[16:])
        path = f"/var/task/{name}"
        if code != compile(source.read_bytes(), path, "exec") or code.co_filename != path:
            yield name
json.dumps([*differing()])
`));
"""


def test_what_bytecode_holds_is_what_cpython_makes_of_the_source(
    bundle: Path, tmp_path: Path
) -> None:
    script = tmp_path / "load.mjs"
    script.write_text(LOADED_IN_3_14.replace("PYODIDE", (NODE_MODULES / "pyodide").as_uri()))
    command = ["node", str(script), str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_a_module_is_compiled_once_and_anew_when_its_source_or_its_place_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "folder"
    (folder / "package").mkdir(parents=True)
    for name in ("one.py", "two.py", "package/one.py"):
        (folder / name).write_text("VALUE = 1\n")
    compiled(folder, kept)
    assert len(list(kept.iterdir())) == 3
    (folder / "one.py").write_text("VALUE = 2\n")
    shutil.rmtree(folder / "__pycache__")
    compiled(folder, kept)
    assert len(list(kept.iterdir())) == 4
    first = tree(folder)
    for cached in folder.rglob("__pycache__"):
        shutil.rmtree(cached)
    monkeypatch.setenv("PATH", str(tmp_path))
    not_started = WasmPython(NODE_MODULES / "pyodide")
    BytecodeFolder(kept).compile(folder, DEPLOYED_PYTHON, not_started)
    assert tree(folder) == first


def test_a_module_that_does_not_compile_is_named_and_nothing_is_kept_of_it(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def (:\n")
    with pytest.raises(
        BytecodeFailed, match=r"cannot compile it: module\.py: SyntaxError: .*line 1"
    ):
        compiled(tmp_path, tmp_path / "kept")
    (tmp_path / "module.py").write_text("def f(): ...\n")
    compiled(tmp_path, tmp_path / "kept")
    assert (tmp_path / bytecode_of("module.py", DEPLOYED_PYTHON)).is_file()


def test_without_node_a_bundle_for_lambda_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wasm_python().stop()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BundleFailed) as caught:
        built(tmp_path / "out", tmp_path / "kept")
    assert str(caught.value) == "cannot bundle health: node is not on PATH: install Node 20"


def test_without_pyodide_the_error_says_how_to_install_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(BytecodeUnavailable) as caught:
        package_near(tmp_path)
    assert str(caught.value) == (
        "node_modules has no pyodide: run `make setup`, or `npm install pyodide@314.0.7` in your app"
    )


def test_the_version_that_it_names_is_the_one_that_is_pinned() -> None:
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert f"pyodide@{pinned['pyodide']}" == PYODIDE


@pytest.mark.parametrize("compiler", [wasm_python(), HostPython()], ids=["wasm", "host"])
def test_an_interpreter_of_another_version_is_not_used(
    compiler: WasmPython | HostPython, tmp_path: Path
) -> None:
    (tmp_path / "module.py").write_text("")
    with pytest.raises(BytecodeUnavailable, match=r"is Python 3\.\d+ and the bundle is for 3\.99"):
        compiler.compile(tmp_path, ["module.py"], "3.99")


@pytest.mark.parametrize(
    ("script", "words"),
    [("exit 1", "it said nothing"), ("echo no memory >&2; exit 1", "no memory")],
    ids=["silent", "with words"],
)
def test_an_interpreter_that_does_not_start_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\n{script}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(BytecodeUnavailable, match=f"did not compile: {words}$"):
        WasmPython(NODE_MODULES / "pyodide").compile(tmp_path, [], DEPLOYED_PYTHON)
