"""The examples for apps that are not ours: synthesised from the wheel, and served here."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.loopback.listener import listen_on_loopback
from local.template.refusals import read_foreign_app
from local.this_app.foreign_app import ForeignApp

from .conftest import ROOT, Run

EXAMPLES = ("own_cdk_app", "existing_api")
SYNTHESISE_ALL = """
import os, runpy, shutil, sys
for name in sys.argv[1:]:
    os.chdir(name)
    sys.path.insert(0, os.getcwd())
    made = runpy.run_path("app.py")["app"].synth().directory
    shutil.copytree(made, "cdk.out")  # CDK removes its own at the end of the process
    del sys.path[0]
    os.chdir("..")
"""
START_SECONDS = 1800
"""Only a test that fails waits so long, however busy the machine is."""


@pytest.fixture(scope="module")
def assemblies(run_with_cdk: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each example, copied out of this checkout and bundled for this machine."""
    folder = tmp_path_factory.mktemp("examples")
    for name in EXAMPLES:
        shutil.copytree(ROOT / "examples" / name, folder / name)
    cache = folder / "cache" / "aws-jwt-authorizer"
    cache.mkdir(parents=True)
    (cache / "wheels").symlink_to(ROOT / ".wheels")
    variables = {
        "CDK_CONTEXT_JSON": json.dumps({"jwt_authorizer_bundle_for": "host"}),
        # CDK's own rules say nothing of bundles, and their engine takes seconds to start.
        "CDK_VALIDATION": "false",
        "PIP_NO_INDEX": "1",
        "XDG_CACHE_HOME": str(cache.parent),
    }
    run_with_cdk("-c", SYNTHESISE_ALL, *EXAMPLES, cwd=folder, variables=variables)
    return {name: folder / name / "cdk.out" for name in EXAMPLES}


@pytest.fixture
def existing_api(assemblies: dict[str, Path]) -> Iterator[ForeignApp]:
    app = read_foreign_app(assemblies["existing_api"])
    running = ForeignApp(app, listen_on_loopback(), lambda _: None, lambda *_: None, lambda _: None)
    yield running
    running.stop()


def token(url: str, **claims: object) -> str:
    request = urllib.request.Request(url, json.dumps(claims).encode())
    with urllib.request.urlopen(request, timeout=START_SECONDS) as response:
        return str(json.load(response)["access_token"])


def call(url: str, bearer: str | None = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, timeout=START_SECONDS) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_an_app_with_its_own_stacks_is_served_by_one_command(
    assemblies: dict[str, Path], tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs.json"
    command = [sys.executable, "-m", "local", "up", "--port", "0", "--outputs", str(outputs)]
    command += ["--assembly", str(assemblies["own_cdk_app"])]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "160"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        while not outputs.exists():
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        told = json.loads(outputs.read_text())
        [(issuer, tokens)] = told["played_tokens"].items()
        assert issuer == "https://login.example"
        reader = token(tokens, sub="pat", scope="pets/read")
        pets, of_pat, of_sam = (
            f"{told['api_url']}{path}" for path in ("/pets", "/owners/pat/pets", "/owners/sam/pets")
        )
        assert call(pets) == (401, {"message": "Unauthorized"})
        assert call(pets, reader) == (200, {"caller": "pat", "pets": ["Rex"]})
        assert call(pets, token(tokens, sub="pat"))[0] == 403
        assert call(pets, token(tokens, sub="pat", aud="other", scope="pets/read"))[0] == 401
        assert call(of_pat, reader)[0] == 200
        assert call(of_sam, reader)[0] == 403
    finally:
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=START_SECONDS)[0]
    assert "a token of login with the scope pets/read" in said
    assert process.returncode == 0, said


def test_an_api_that_is_imported_is_served_with_the_routes_that_the_app_adds(
    existing_api: ForeignApp,
) -> None:
    [tokens] = existing_api.tokens
    url = f"{existing_api.api_url}/reports/7"
    assert call(url)[0] == 401
    assert call(url, token(tokens.url, sub="pat", scope="other"))[0] == 403
    answer = {"method": "GET", "path": "/7", "caller": {"x-user-sub": "pat"}}
    assert call(url, token(tokens.url, sub="pat", scope="reports/all")) == (200, answer)


def test_the_stacks_of_the_example_are_forty_lines() -> None:
    folder = ROOT / "examples" / "own_cdk_app"
    lines = [
        line
        for path in (folder / "app.py", folder / "stacks" / "pets_stack.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.strip().startswith('"""')
    ]
    assert len(lines) <= 45
