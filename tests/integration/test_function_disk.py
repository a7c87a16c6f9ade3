"""What a function sees of the disk: its code is read-only, /tmp is its own, the rest is not there."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.runtime.file_system import refusal
from local.runtime.functions import Functions
from local.runtime.outcome import Failed
from tests.integration.runtime_functions import Gate, call, function_config

ROOT = Path(__file__).parents[2]
HANDLER = """
    import ctypes, os, pathlib, shutil, socket, tempfile

    def handler(event, context):
        path = pathlib.Path(event.get("path", "."))
        match event["do"]:
            case "write":
                path.write_text("changed by a function")
            case "remove":
                path.unlink()
            case "permit":
                path.chmod(0o777)
            case "put back":
                before = path.stat()
                text = path.read_text()
                path.write_text("x" * len(text))
                path.write_text(text)
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            case "list":
                return sorted(os.listdir(path))
            case "read":
                return path.read_text()
            case "temporary":
                with tempfile.NamedTemporaryFile(delete=False) as file:
                    return file.name
            case "places":
                return [os.getcwd(), __file__, os.environ["LAMBDA_TASK_ROOT"],
                        os.environ["LAMBDA_RUNTIME_DIR"], os.environ.get("TMPDIR")]
            case "fill":
                with open("/tmp/large", "wb") as file:
                    for _ in range(event["mb"]):
                        file.write(bytes(1024 * 1024))
            case "undo":
                library = ctypes.CDLL(None)
                new_users_and_mounts, remount_bind = 0x10020000, 32 | 4096
                task = b"/var/task"
                for _ in range(2):
                    library.mount(None, task, None, ctypes.c_ulong(remount_bind), None)
                    library.umount2(task, 2)
                    library.unshare(new_users_and_mounts)
                path.write_text("changed by a function")
            case "parent":
                return os.listdir(f"/proc/{os.getppid()}/root/{path}")
            case "hold":
                pathlib.Path("/tmp/mine").touch()
                with socket.create_connection(("127.0.0.1", event["gate"])) as gate:
                    try:
                        gate.recv(1)
                    except ConnectionResetError:
                        pass
"""
OWN_DISKS = pytest.mark.skipif(
    refusal() is not None, reason=f"no process has mounts of its own here: {refusal()}"
)
Start = Callable[..., Functions]


@pytest.fixture
def lines() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def start(tmp_path: Path, lines: list[tuple[str, str]]) -> Iterator[Start]:
    running: list[Functions] = []

    def start_function(own: bool, source: str = HANDLER) -> Functions:
        functions = Functions(lambda name, line: lines.append((name, line)), own_file_systems=own)
        running.append(functions)
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / "table.txt").write_text("as deployed")
        functions.update([function_config(tmp_path, source)])
        return functions

    yield start_function
    for functions in running:
        functions.stop()


CHANGES = pytest.mark.parametrize(
    ("event", "changed"),
    [
        ({"do": "write", "path": "example/handler.py"}, "example/handler.py"),
        ({"do": "write", "path": "data/table.txt"}, "data/table.txt"),
        ({"do": "write", "path": "new.txt"}, "new.txt"),
        ({"do": "write", "path": "data/new.txt"}, "data/new.txt"),
        ({"do": "remove", "path": "data/table.txt"}, "data/table.txt"),
        ({"do": "permit", "path": "data/table.txt"}, "data/table.txt"),
        ({"do": "put back", "path": "data/table.txt"}, "data/table.txt"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)


@OWN_DISKS
@CHANGES
def test_the_code_folder_is_read_only(
    start: Start, tmp_path: Path, event: dict[str, Any], changed: str
) -> None:
    functions = start(own=True)
    outcome = call(functions, **event)
    assert outcome == Failed("OSError", f"[Errno 30] Read-only file system: '{changed}'")
    assert call(functions, do="list", path="data") == ["table.txt"]
    assert (tmp_path / "data" / "table.txt").read_text() == "as deployed"


@OWN_DISKS
@pytest.mark.parametrize("path", ["example/handler.py", "/var/task/new.txt"])
def test_no_privilege_is_left_with_which_a_function_could_undo_that(
    start: Start, tmp_path: Path, path: str
) -> None:
    outcome = call(start(own=True), do="undo", path=path)
    assert outcome == Failed("OSError", f"[Errno 30] Read-only file system: '{path}'")
    assert not (tmp_path / "new.txt").exists()


@OWN_DISKS
def test_code_client_and_temporary_files_are_where_lambda_has_them(start: Start) -> None:
    functions = start(own=True)
    assert call(functions, do="places") == [
        "/var/task",
        "/var/task/example/handler.py",
        "/var/task",
        "/var/runtime",
        None,
    ]
    assert str(call(functions, do="temporary")).startswith("/tmp/")


@OWN_DISKS
@pytest.mark.parametrize("folder", [ROOT, ROOT / ".wheels", Path.home() / ".cache"], ids=str)
def test_no_function_sees_the_checkout_its_wheels_or_any_cache(start: Start, folder: Path) -> None:
    functions = start(own=True)
    seen = call(functions, do="list", path=str(folder))
    assert seen == [] or (isinstance(seen, Failed) and seen.error_type == "FileNotFoundError")
    beside = call(functions, do="parent", path=str(folder))
    assert isinstance(beside, Failed)
    assert beside.error_type in {"PermissionError", "FileNotFoundError"}


@OWN_DISKS
@pytest.mark.parametrize(
    "folder", ["/etc", "/usr", "/var/tmp", "/var/runtime", "/dev/shm", str(ROOT)]
)
def test_nothing_but_tmp_can_be_written_to(start: Start, folder: str) -> None:
    outcome = call(start(own=True), do="write", path=f"{folder}/new.txt")
    assert isinstance(outcome, Failed)
    assert outcome.message.startswith(("[Errno 30]", "[Errno 2]"))


@OWN_DISKS
def test_tmp_holds_512_mb_and_no_more(start: Start) -> None:
    functions = start(own=True)
    assert call(functions, do="fill", mb=1) is None
    outcome = call(functions, do="fill", mb=513)
    assert outcome == Failed("OSError", "[Errno 28] No space left on device")


@OWN_DISKS
def test_each_environment_has_a_tmp_of_its_own(start: Start) -> None:
    functions, gate = start(own=True), Gate()
    with ThreadPoolExecutor() as callers:
        holding = callers.submit(call, functions, do="hold", gate=gate.port)
        gate.wait_for(1)
        # Nobody else waits, so this call goes to a second environment.
        assert call(functions, do="list", path="/tmp") == []
        gate.open()
        assert holding.result() is None
    assert not Path("/tmp/mine").exists()


@CHANGES
def test_where_it_is_not_read_only_a_change_ends_the_function_and_is_told(
    start: Start, lines: list[tuple[str, str]], event: dict[str, Any], changed: str
) -> None:
    functions = start(own=False)
    outcome = call(functions, **event)
    assert isinstance(outcome, Failed)
    assert outcome.error_type == "Sandbox.Failure"
    assert outcome.message.startswith(f"it has changed {changed} in its code folder, which is read")
    assert ("example", outcome.message) in lines
    assert call(functions, do="list") == outcome


def test_where_it_is_not_read_only_reading_changes_nothing(start: Start) -> None:
    functions = start(own=False)
    assert call(functions, do="read", path="data/table.txt") == "as deployed"
    assert call(functions, do="list", path="data") == ["table.txt"]


def test_a_change_while_it_is_imported_counts_too(start: Start) -> None:
    source = "open('new.txt', 'w').close()\ndef handler(event, context): return 1\n"
    functions = start(own=False, source=source)
    [(_, told)] = functions.not_started
    assert "it has changed new.txt in its code folder" in told
    assert isinstance(call(functions, do="list"), Failed)


def test_a_changed_function_runs_again_once_its_code_was_made_anew(
    start: Start, tmp_path: Path
) -> None:
    functions = start(own=False)
    call(functions, do="write", path="new.txt")
    (tmp_path / "new.txt").unlink()
    config = function_config(tmp_path, HANDLER)
    assert functions.update([config]) == (config,)
    assert call(functions, do="list", path="data") == ["table.txt"]
    assert functions.update([config]) == ()


def test_where_tmp_is_shared_tmpdir_is_a_folder_of_its_own_that_goes_with_it(start: Start) -> None:
    functions = start(own=False)
    file = Path(str(call(functions, do="temporary")))
    assert file.exists()
    assert file.parent != Path(tempfile.gettempdir())
    assert list(file.parent.iterdir()) == [file]
    functions.stop()
    assert not file.parent.exists()
