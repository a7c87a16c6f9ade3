"""`python -m local up` and `token`, as a person runs them."""

import json
import re
import signal
import socket
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from local.template.assembly_record import AssemblyRecord
from local.this_app.synthesis.sources import digest_of_sources
from local.this_app.synthesis.synth import LOCAL_FOLDER
from tests.processes import wait_until_gone
from tests.sample.paths import APP_MODULE

from .commands import (
    ROOT,
    START_SECONDS,
    Served,
    Stacks,
    children_of,
    finish,
    local,
    serving,
    until,
)


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    made = Stacks(tmp_path_factory.mktemp("stacks"))
    yield made
    made.close()


@pytest.fixture
def left_serving(stacks: Stacks) -> Served:
    return stacks.to_look_at()


@pytest.fixture
def ended(stacks: Stacks) -> Served:
    return stacks.to_end()


def test_up_tells_scripts_where_everything_is(left_serving: Served) -> None:
    path = left_serving.outputs
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
    assert outputs["page_url"] == f"{outputs['api_url']}/app"


def test_up_tells_people_who_may_sign_in_and_what_is_asked_for(left_serving: Served) -> None:
    outputs = json.loads(left_serving.outputs.read_text())
    shown = left_serving.shown("^ready: ")
    for user in outputs["demo_users"]:
        assert user["username"] in shown
        assert user["password"] in shown
        assert re.search(
            rf"{user['username']} .*{', '.join(user['groups'])}.*{user['tenant'] or ''} ", shown
        )
    assert f"page:  {outputs['page_url']}" in shown
    with urllib.request.urlopen(f"{outputs['api_url']}/health", timeout=START_SECONDS):
        pass
    assert re.search(r"200 +GET /health +public", left_serving.shown("GET /health +public"))


def test_a_second_stack_in_the_same_checkout_has_a_file_of_its_own_and_stops_alone(
    left_serving: Served, tmp_path: Path
) -> None:
    first = left_serving.outputs.read_text()
    with serving(tmp_path / "second", left_serving.outputs, "outputs-*.json") as second:
        own = second.outputs
        assert own.name.endswith(
            json.loads(own.read_text())["api_url"].rpartition(":")[2] + ".json"
        )
        out = second.shown("^ready: ")
        assert f"outputs: {own}, for another stack serves with outputs.json" in out
        for kept in ("demo_users", "machines"):
            assert json.loads(own.read_text())[kept] == json.loads(first)[kept]
        assert f"--outputs {own})" in out
        second.stop_cleanly(signal.SIGTERM)
    assert left_serving.outputs.read_text() == first


def test_the_printed_commands_do_what_the_table_says_at_our_own_authorizer(
    left_serving: Served,
) -> None:
    printed = left_serving.shown("^ready: ").splitlines()
    page = next(i for i, line in enumerate(printed) if line.startswith("page:"))
    commands = printed[printed.index("Paste these:") + 1 : page]
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


def test_a_token_is_printed_for_each_demo_user(left_serving: Served) -> None:
    path = str(left_serving.outputs)
    for name, scopes, groups in (
        ("buyer", "openid email profile orders/read orders/write", ["buyers"]),
        ("user@example.com", "openid email profile orders/read orders/write", None),
    ):
        status, token, err = finish(local("token", name, "--outputs", path))
        assert (status, err) == (0, "")
        claims = jwt.decode(token.strip(), options={"verify_signature": False})
        assert (claims["scope"], claims.get("cognito:groups")) == (scopes, groups)
    status, out, err = finish(local("token", "eve", "--outputs", path))
    assert (status, out) == (1, "")
    assert err == (
        "local: unknown demo user 'eve'; use one of admin, support, buyer, user, machine\n"
    )


def test_a_request_of_the_stack_is_explained_by_its_id_also_out_of_the_gateways_cache(
    left_serving: Served,
) -> None:
    outputs = json.loads(left_serving.outputs.read_text())
    path = str(left_serving.outputs)
    _, token, _ = finish(local("token", "support", "--outputs", path))
    ids = []
    for _ in range(2):
        call = urllib.request.Request(f"{outputs['api_url']}/whoami")
        call.add_header("authorization", f"Bearer {token.strip()}")
        with urllib.request.urlopen(call, timeout=START_SECONDS) as answer:
            ids.append(answer.headers["apigw-requestid"])
    first, cached = ids
    status, out, err = finish(local("explain", f"--request-id={first}", "--outputs", path))
    assert (status, err) == (0, "")
    assert "GET /whoami was answered 200." in out
    assert f"Request {first}, " in out
    assert "Verdict: 200 allowed" in out
    status, out, err = finish(local("explain", f"--request-id={cached}", "--outputs", path))
    assert (status, err) == (0, "")
    assert f"repeats that of the request {first}" in " ".join(out.split())
    assert "Verdict: 200 allowed" in out
    status, _, err = finish(local("explain", "--request-id=unknown", "--outputs", path))
    assert status == 1
    assert err.startswith("local: REQUEST_ID: the running stack has not answered it")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])  # SIGTERM ends the second stack
def test_up_stops_cleanly_and_keeps_the_assembly_for_the_next_start(
    ended: Served, number: signal.Signals
) -> None:
    ended.stop_cleanly(number)
    assert AssemblyRecord(LOCAL_FOLDER / "cdk.out-tests_sample_app").is_of(
        digest_of_sources("local", app_module=APP_MODULE)
    )


def test_no_child_outlives_a_stack_that_is_killed(ended: Served) -> None:
    children = ended.children()
    ended.process.kill()
    wait_until_gone(children)


def test_a_closed_terminal_leaves_no_secret_no_process_and_no_folder(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    outputs = tmp_path / "outputs.json"
    process = local(
        *("up", "--port", "0", "--outputs", str(outputs)), environment={"TMPDIR": str(temporary)}
    )
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


def test_without_a_stack_a_token_is_refused_in_one_line(tmp_path: Path) -> None:
    status, out, err = finish(local("token", "user", "--outputs", str(tmp_path / "none.json")))
    assert (status, out) == (1, "")
    assert err == (f"local: no stack serves with {tmp_path}/none.json; start one with make local\n")


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outputs = tmp_path / "outputs.json"
        status, _, err = finish(local("up", "--port", str(port), "--outputs", str(outputs)))
    assert status == 1
    assert re.fullmatch(
        rf"local: port {port} on 127\.0\.0\.1 cannot be used \(another program has it\): "
        rf"choose another, as in make local PORT=\d+, or PORT=0 for any that is free\n",
        err,
    )
    assert not outputs.exists()


def test_a_port_that_is_none_is_refused() -> None:
    status, _, err = finish(local("up", "--port", "70000"))
    assert status == 2
    assert "'70000' is not a port; give 0 to 65535" in err


def test_an_unknown_stage_is_one_clear_line() -> None:
    status, _, err = finish(local("up", "--port", "0", "--stage", "nowhere"))
    assert status == 1
    assert re.fullmatch(r"local: synth failed: .*nowhere.*\n", err)
