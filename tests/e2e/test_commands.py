"""`python -m local`, as a person runs it."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from local.template.assembly_record import AssemblyRecord
from local.this_app.sources import digest_of_sources
from local.this_app.synth import LOCAL_FOLDER
from tests.processes import wait_until_gone
from tests.sample.paths import APP_MODULE

ROOT = Path(__file__).parents[2]
START_SECONDS = 1800
"""Only a test that fails waits so long, however busy the machine is."""


def local(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "local", *arguments, *_of_the_sample(arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "COLUMNS": "160",
            "PYTHONWARNINGS": "error::ResourceWarning",
            **environment,
        },
    )


def _of_the_sample(arguments: tuple[str, ...]) -> list[str]:
    return [] if arguments[0] == "token" else ["--app", APP_MODULE]


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=START_SECONDS)
    return process.returncode, out, err


def children_of(pid: int) -> list[int]:
    """The processes of the functions of a stack.

    Most functions have one. On a busy machine a function may have none yet, for its init took too
    long and runs again in its first call, or two, for a second call came before the first was over.
    """
    columns = ["-o", "pid=", "-o", "ppid=", "-o", "args="]
    listing = subprocess.run(
        ["ps", "-eww", *columns],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and "child.py" in row[2]]


def until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    outputs = tmp_path / "outputs.json"
    process = local("up", "--port", "0", "--outputs", str(outputs))
    try:
        until(lambda: outputs.exists() or process.poll() is not None)
        yield process, outputs
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_tells_scripts_where_everything_is_and_stops_cleanly(
    served: tuple[subprocess.Popen[str], Path], number: signal.Signals
) -> None:
    process, path = served
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    outputs = json.loads(path.read_text())
    assert set(outputs["client_ids"]) == {"page", "page_backend", "web", "cli", "machine"}
    assert outputs["issuer"].endswith(outputs["user_pool_id"])
    assert [user["groups"] for user in outputs["demo_users"]] == [
        ["admins"],
        ["support"],
        ["buyers"],
        [],
    ]
    for url in (f"{outputs['api_url']}/health", outputs["jwks_uri"]):
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=START_SECONDS) as response:
            assert response.status == 200
    children = children_of(process.pid)
    assert children
    process.send_signal(number)
    status, out, err = finish(process)
    assert (status, err) == (0, "")
    assert not path.exists()
    assert AssemblyRecord(LOCAL_FOLDER / "cdk.out-tests_sample_app").is_of(
        digest_of_sources("local", app_module=APP_MODULE)
    )
    wait_until_gone(children)
    for user in outputs["demo_users"]:
        assert user["username"] in out
        assert user["password"] in out
    assert re.search(r"200 +GET /health +public", out)
    assert outputs["page_url"] == f"{outputs['api_url']}/app"
    assert f"page:  {outputs['page_url']}" in out


def test_a_closed_terminal_leaves_no_secret_no_process_and_no_folder(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    outputs = tmp_path / "outputs.json"
    process = local("up", "--port", "0", "--outputs", str(outputs), TMPDIR=str(temporary))
    try:
        until(lambda: outputs.exists() or process.poll() is not None)
        children = children_of(process.pid)
        assert children
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stderr.close()
        process.send_signal(signal.SIGHUP)
        process.wait(START_SECONDS)
        assert not outputs.exists()
        assert list(temporary.iterdir()) == []
        wait_until_gone(children)
    finally:
        process.kill()
        process.wait()


def test_a_second_stack_in_the_same_checkout_has_a_file_of_its_own(
    served: tuple[subprocess.Popen[str], Path],
) -> None:
    _, path = served
    first = path.read_text()
    second = local("up", "--port", "0", "--outputs", str(path))
    try:
        until(lambda: len(list(path.parent.glob("outputs-*.json"))) or second.poll() is not None)
        [own] = path.parent.glob("outputs-*.json")
        assert own.name.endswith(
            json.loads(own.read_text())["api_url"].rpartition(":")[2] + ".json"
        )
        assert second.stdout is not None
        shown = ""
        while "ready:" not in shown and (line := second.stdout.readline()):
            shown += line
        second.send_signal(signal.SIGTERM)
        status, rest, err = finish(second)
        out = shown + rest
    finally:
        second.kill()
        second.communicate()
    assert (status, err) == (0, "")
    assert f"outputs: {own}, for another stack serves with outputs.json" in out
    assert f"--outputs {own})" in out
    assert not own.exists()
    assert path.read_text() == first


def test_the_printed_commands_do_what_the_table_says_at_our_own_authorizer(
    served: tuple[subprocess.Popen[str], Path],
) -> None:
    process, _ = served
    assert process.stdout
    printed = []
    for line in process.stdout:
        printed.append(line.rstrip("\n"))
        if line.startswith("page:"):
            break
    commands = printed[printed.index("Paste these:") + 1 : -1]
    pasted = subprocess.run(
        ["bash"],
        cwd=ROOT,
        input="\n".join([*commands, 'echo "user: $TOKEN"']),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=True,
    )
    statuses = re.findall(r"^HTTP/1.1 (\d+)", pasted.stdout, re.MULTILINE)
    # public; without a token; the user and the machine read; the user places no order
    assert statuses == ["200", "401", "200", "200", "403"]
    token = pasted.stdout.rpartition("user: ")[2].strip()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert {"orders/read", "orders/write"} <= set(claims["scope"].split())


def test_a_token_is_printed_for_each_demo_user(
    served: tuple[subprocess.Popen[str], Path],
) -> None:
    _, path = served
    for name, scopes, groups in (
        ("buyer", "openid email profile orders/read orders/write", ["buyers"]),
        ("user@example.com", "openid email profile orders/read orders/write", None),
    ):
        status, token, err = finish(local("token", name, "--outputs", str(path)))
        assert (status, err) == (0, "")
        claims = jwt.decode(token.strip(), options={"verify_signature": False})
        assert (claims["scope"], claims.get("cognito:groups")) == (scopes, groups)
    status, out, err = finish(local("token", "eve", "--outputs", str(path)))
    assert (status, out) == (1, "")
    assert err == ("local: unknown demo user 'eve'; use one of admin, support, buyer, user\n")


def test_without_a_stack_a_token_is_refused_in_one_line(tmp_path: Path) -> None:
    status, out, err = finish(local("token", "user", "--outputs", str(tmp_path / "none.json")))
    assert (status, out) == (1, "")
    assert err == (f"local: no stack serves with {tmp_path}/none.json; start one with make local\n")


def test_no_child_outlives_a_stack_that_is_killed(
    served: tuple[subprocess.Popen[str], Path],
) -> None:
    process, _ = served
    children = children_of(process.pid)
    assert children
    process.kill()
    wait_until_gone(children)


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outputs = tmp_path / "outputs.json"
        status, _, err = finish(local("up", "--port", str(port), "--outputs", str(outputs)))
    assert status == 1
    assert re.fullmatch(rf"local: port {port} on 127\.0\.0\.1 .*--port.*\n", err)
    assert not outputs.exists()


def test_a_port_that_is_none_is_refused() -> None:
    status, _, err = finish(local("up", "--port", "70000"))
    assert status == 2
    assert "'70000' is not a port; give 0 to 65535" in err


def test_an_unknown_stage_is_one_clear_line() -> None:
    status, _, err = finish(local("up", "--port", "0", "--stage", "nowhere"))
    assert status == 1
    assert re.fullmatch(r"local: synth failed: .*nowhere.*\n", err)


def test_the_demo_shows_who_may_call_what_and_finds_all_as_declared() -> None:
    status, out, err = finish(local("demo"))
    assert (status, err) == (0, "")
    assert re.search(r"All \d{3} answers are as declared\.", out)
    assert re.search(r"support +200 +200 +200 +403 +403 +403", out)
    assert re.search(r"user +200 +200 +200 +403 +403 +403", out)
    assert re.search(r"buyer +200 +200 +200 +201 +403 +403", out)
    assert re.search(r"403 +user +missing_group:admins\|buyers +POST /orders", out)
    assert re.search(r"403 +user by password +missing_scope:orders/write +POST /orders", out)
    assert out.rstrip().splitlines()[-3].strip().startswith("make local")
