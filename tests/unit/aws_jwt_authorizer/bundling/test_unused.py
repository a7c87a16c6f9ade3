"""What of the wheels is left out, and that nothing that is left misses it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.target import host_target
from aws_jwt_authorizer.bundling.unpacked import unpack
from aws_jwt_authorizer.bundling.unused import may_run, remove_unused
from aws_jwt_authorizer.bundling.wheels import WheelFolder
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from tests.sample.paths import BACKENDS

OF_EACH_LOCK = {
    "authorizer": LAMBDA_SRC,
    "session": LAMBDA_SRC,
    "token_issuer": LAMBDA_SRC,
    "health": BACKENDS,
}
IMPORT_ALL = """
import importlib, json, pathlib, sys, warnings
warnings.simplefilter("ignore")
folder, names = pathlib.Path(sys.argv[1]), json.loads(sys.stdin.read())
sys.path[:] = [str(folder), *(path for path in sys.path if "site-packages" not in path)]
def failures():
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            yield name, str(error).replace(str(folder), "")
        except Exception as error:
            yield name, type(error).__name__
print(json.dumps(dict(failures())))
"""


def failures(folder: Path, modules: list[str]) -> dict[str, str]:
    """Why each of these modules cannot be imported where there is nothing but a folder."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", IMPORT_ALL, str(folder)],
        input=json.dumps(modules),
        env={"AWS_DEFAULT_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def modules(folder: Path) -> list[str]:
    """Every module of the wheels in a folder, by its name."""
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py"))
    names = (".".join(path.parts).removesuffix(".__init__") for path in paths)
    return sorted(name for name in names if not name.endswith("__main__"))


@pytest.mark.parametrize("function", OF_EACH_LOCK)
def test_every_module_that_stays_imports_as_it_does_beside_all_of_its_wheels(
    function: str, tmp_path: Path
) -> None:
    bundle, whole = tmp_path / "bundle", tmp_path / "whole"
    for folder in (bundle, whole):
        folder.mkdir()
        Bundle(function, host_target(), {}, OF_EACH_LOCK[function]).build(folder)
    lock = OF_EACH_LOCK[function] / function / "requirements.txt"
    unpack(WheelFolder().wheels(lock, host_target()), whole, lambda _path: True)
    stay = modules(bundle)
    assert f"{function}.handler" in stay
    assert failures(bundle, stay) == failures(whole, stay)


@pytest.mark.parametrize(
    ("function", "there", "not_there"),
    [
        (
            "authorizer",
            ["_cffi_backend.*.so", "cffi-*.dist-info", "cryptography/x509/base.py"],
            ["cffi", "pycparser", "jwt", "boto3", "aws_lambda_powertools/event_handler"],
        ),
        (
            "health",
            ["aws_lambda_powertools/utilities/data_classes", "jmespath"],
            ["aws_lambda_powertools/utilities/parser", "aws_lambda_powertools/event_handler"],
        ),
        (
            "session",
            ["boto3/session.py", "botocore/data/dynamodb", "botocore/data/endpoints.json"],
            ["boto3/examples", "boto3/data/s3", "botocore/data/s3", "cffi"],
        ),
    ],
)
def test_what_a_function_does_not_reach_is_left_out(
    function: str, there: list[str], not_there: list[str], tmp_path: Path
) -> None:
    Bundle(function, host_target(), {}, OF_EACH_LOCK[function]).build(tmp_path)
    assert [name for name in there if not list(tmp_path.glob(name))] == []
    assert [name for name in not_there if list(tmp_path.glob(name))] == []


@pytest.mark.parametrize(
    "path",
    ["a/tests/b.py", "a/b.pyi", "a/py.typed", "a/__pycache__/b.cpython-314.pyc", "tests/b.py"],
)
def test_files_that_no_function_runs_are_not_unpacked(path: str) -> None:
    assert not may_run(PurePosixPath(path))


@pytest.mark.parametrize(
    "path", ["a/b.py", "a/b.so", "a/testing.py", "a-1.dist-info/licenses/tests/LICENSE"]
)
def test_files_that_may_be_used_are_unpacked(path: str) -> None:
    assert may_run(PurePosixPath(path))


POWERTOOLS = {
    "aws_lambda_powertools/__init__.py": "from .logging import Logger",
    "aws_lambda_powertools/logging/__init__.py": "Logger = 1",
    "aws_lambda_powertools/shared/__init__.py": "",
    "aws_lambda_powertools/shared/functions.py": (
        "def f():\n    from aws_lambda_powertools.event_handler.openapi.compat import g"
    ),
    "aws_lambda_powertools/event_handler/__init__.py": "",
    "aws_lambda_powertools/event_handler/openapi/compat.py": "",
    "aws_lambda_powertools/utilities/__init__.py": "",
    "aws_lambda_powertools/utilities/batch/__init__.py": "",
    "aws_lambda_powertools/utilities/batch/base.py": (
        "from aws_lambda_powertools.utilities import typing"
    ),
    "aws_lambda_powertools/utilities/typing/__init__.py": "",
    "aws_lambda_powertools/utilities/parser/__init__.py": "",
    "cffi/__init__.py": "import pycparser",
    "pycparser/__init__.py": "",
    "typing_extensions.py": "",
}
Parts = Callable[..., set[str]]


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """What stays beside a function's source, by the parts' names."""

    def staying(source: str, **more: str) -> set[str]:
        for name, text in {**POWERTOOLS, "own/handler.py": source, **more}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        remove_unused(tmp_path, "3.14")
        left = {path.relative_to(tmp_path).parent for path in tmp_path.rglob("*.py")}
        singles = {path.stem for path in tmp_path.glob("*.py")}
        return {path.name for path in left} - {"own", ""} | singles

    return staying


LOGGING = {"aws_lambda_powertools", "logging"}


def test_a_part_that_is_imported_stays_with_what_it_imports(parts: Parts) -> None:
    source = "from aws_lambda_powertools.utilities import batch"
    assert parts(source) == LOGGING | {"utilities", "batch", "typing"}


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import aws_lambda_powertools.utilities.typing",
        "try:\n    from aws_lambda_powertools.utilities.typing import X\nexcept ImportError: ...",
        "import sys\nif sys.version_info >= (3, 14):\n    import aws_lambda_powertools.utilities.typing",
        "if TYPE_CHECKING: ...\nelse:\n    import aws_lambda_powertools.utilities.typing",
        "if x: ...\nelif y:\n    import aws_lambda_powertools.utilities.typing",
    ],
    ids=["in a function", "tried", "of this version", "at run time", "elif"],
)
def test_every_import_that_may_run_counts(parts: Parts, source: str) -> None:
    assert parts(source) == LOGGING | {"utilities", "typing"}


@pytest.mark.parametrize(
    "source",
    [
        "from aws_lambda_powertools import Logger\nif TYPE_CHECKING:\n    import aws_lambda_powertools.utilities.typing",
        "from aws_lambda_powertools import Logger\nif typing.TYPE_CHECKING:\n    import aws_lambda_powertools.utilities.typing",
        "from aws_lambda_powertools import Logger\nif sys.version_info < (3, 11):\n    import typing_extensions",
        "import aws_lambda_powertools  # not typing_extensions, cffi or pycparser",
    ],
    ids=["type checker", "typing's", "another version", "a comment"],
)
def test_an_import_that_never_runs_does_not_count(parts: Parts, source: str) -> None:
    assert parts(source) == LOGGING


def test_what_serves_models_of_pydantic_stays_where_pydantic_is(parts: Parts) -> None:
    source = "import aws_lambda_powertools.shared.functions"
    assert parts(source) == LOGGING | {"shared"}
    with_models = parts(source, **{"pydantic/__init__.py": ""})
    assert with_models == LOGGING | {"shared", "pydantic", "event_handler", "openapi"}


@pytest.mark.parametrize(
    ("source", "staying"),
    [
        ("import cffi", {"cffi", "pycparser"}),
        ("import pycparser", {"pycparser"}),
        ("from typing_extensions import NotRequired", {"typing_extensions"}),
    ],
)
def test_a_package_stays_where_it_is_imported(parts: Parts, source: str, staying: set[str]) -> None:
    assert parts(source) == staying
