"""A second synthesis into the same folder bundles what has changed, and nothing else."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.target import host_target
from tests.processes import SHARED_BYTECODE
from tests.sample.paths import BACKENDS

ROOT = Path(__file__).parents[2]
APP = """
import sys
from pathlib import Path
import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed
from aws_jwt_authorizer.bundling.function_code import function_code
from aws_jwt_authorizer.bundling.target import host_target

folder = Path(sys.argv[1])
app = cdk.App(analytics_reporting=False, outdir="cdk.out")
stack = cdk.Stack(app, "Backends")
for name in ("health", "me"):
    try:
        with function_code(Bundle(name, host_target(), {"x.json": "{}"}, folder)) as code:
            lambda_.Function(
                stack,
                name,
                runtime=lambda_.Runtime("python3.14", lambda_.RuntimeFamily.PYTHON),
                handler=f"{name}.handler.handler",
                code=code,
            )
    except BundleFailed as failure:
        sys.exit(str(failure))
app.synth()
"""


@dataclass(frozen=True)
class Backends:
    """Two functions, and the app that deploys them."""

    root: Path

    @property
    def sources(self) -> Path:
        return self.root / "lambda_src"

    @property
    def assembly(self) -> Path:
        return self.root / "cdk.out"

    def synthesise(self, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-c", APP, str(self.sources)],
            cwd=self.root,
            env={"PATH": "/usr/bin:/bin", **_environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stderr

    def assets(self) -> Mapping[str, Path]:
        """The folder of each function's code, by the function's name."""
        template = json.loads((self.assembly / "Backends.assets.json").read_text())
        folders = [self.assembly / item["source"]["path"] for item in template["files"].values()]
        return {
            name: folder
            for folder in folders
            for name in ("health", "me")
            if (folder / name).is_dir()
        }


def bundled(said: str) -> set[str]:
    """What CDK says that it has bundled."""
    return set(re.findall("Bundling asset Backends/(health|me)/", said))


def _environment() -> Mapping[str, str]:
    node = shutil.which("node")
    assert node
    return {
        "PATH": f"{Path(node).parent}:/usr/bin:/bin",
        **SHARED_BYTECODE,
        # CDK's own rules say nothing of bundles, and their engine takes seconds to start.
        "CDK_VALIDATION": "false",
        "PYTHONPATH": str(ROOT),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    }


@pytest.fixture
def backends(tmp_path: Path) -> Backends:
    made = Backends(tmp_path)
    for name in ("health", "me"):
        shutil.copytree(BACKENDS / name, made.sources / name)
    return made


def test_a_change_of_one_function_bundles_that_one_and_leaves_the_others_as_they_are(
    backends: Backends,
) -> None:
    assert bundled(backends.synthesise()) == {"health", "me"}
    first = backends.assets()
    made = {name: folder.stat().st_ino for name, folder in first.items()}
    with (backends.sources / "me" / "handler.py").open("a") as source:
        source.write("CHANGED = True\n")
    assert bundled(backends.synthesise()) == {"me"}
    second = backends.assets()
    assert second["health"] == first["health"]
    assert second["health"].stat().st_ino == made["health"]
    assert second["me"] != first["me"]
    assert "CHANGED" in (second["me"] / "me" / "handler.py").read_text()
    assert not list(backends.assembly.glob(".bundling-*"))


def test_a_bundle_that_fails_leaves_nothing_that_passes_for_one(backends: Backends) -> None:
    lock = backends.sources / "health" / "requirements.txt"
    before = lock.read_text()
    lock.write_text("no-such-package==1 --hash=sha256:00\n")
    assert "cannot bundle health" in backends.synthesise(status=1)
    lock.write_text(before)
    backends.synthesise()
    assert (backends.assets()["health"] / "aws_lambda_powertools").is_dir()


@pytest.mark.parametrize(
    ("change", "of"),
    [
        ("handler.py", "source"),
        ("requirements.txt", "lock"),
        ("new_module.py", "new module"),
    ],
)
def test_the_digest_changes_with_what_decides_the_bundle(
    backends: Backends, change: str, of: str
) -> None:
    bundle = Bundle("me", host_target(), {}, backends.sources)
    before = bundle.digest()
    assert bundle.digest() == before
    with (backends.sources / "me" / change).open("a") as file:
        file.write("# changed\n")
    assert bundle.digest() != before, of


def test_the_digest_changes_with_target_files_and_shared_modules(backends: Backends) -> None:
    folder = backends.sources
    digests = [
        Bundle("me", host_target(), {}, folder).digest(),
        Bundle("health", host_target(), {}, folder).digest(),
        Bundle("me", host_target(), {"policy.json": "{}"}, folder).digest(),
        Bundle("me", host_target(), {"policy.json": "[]"}, folder).digest(),
        Bundle("me", host_target(), {}, folder, ("jwt_verifier.urls",)).digest(),
    ]
    assert len(set(digests)) == len(digests)
