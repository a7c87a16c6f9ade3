"""`python -m local explain`: the authorizer's own checks, and the built-in authorizer beside it."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from local.__main__ import main
from local.errors import LocalError
from local.template.assembly import read_assembly
from local.template.local_app import JwtAuthorizerConfig
from local.terminal.explain import Asked, app_asked_for, explain
from local.this_app.deployed_names import deployed_names
from local.this_app.outputs import outputs
from local.this_app.synthesis.synth import synthesise
from tests.e2e.conftest import Api
from tests.sample.paths import APP_MODULE

POOL = "eu-central-1_AbCdEf123"
Explain = Callable[..., str]


@pytest.fixture
def asked(api: Api, tmp_path: Path) -> Path:
    """Where the running stack says what it serves."""
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps(outputs(api.stack)))
    return path


@pytest.fixture
def explained(
    api: Api, asked: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Explain:
    def said(route: str, caller: str) -> str:
        token = api.callers[caller].token
        assert token is not None
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{token}\n"))
        arguments = ["explain", "--route", route, "--outputs", str(asked)]
        monkeypatch.setenv("COLUMNS", "80")
        assert main(arguments) == 0
        out, err = capfd.readouterr()
        assert err == ""
        assert token not in out
        assert max(map(len, out.splitlines())) <= 80
        return out

    return said


def test_a_route_that_a_call_selects_is_explained_with_its_parameters(
    api: Api, explained: Explain
) -> None:
    said = explained("GET /users/somebody-else/orders", "user")
    assert api.reason(api.call("GET", "/users/somebody-else/orders", "user")).startswith(
        "no_rule_met"
    )
    assert "GET /users/{user}/orders, token " in said
    assert "Verdict: 403 no_rule_met: missing_group:admins|claim_mismatch:sub" in said
    assert '{user} "somebody-else"' in " ".join(said.split())
    assert "built-in JWT authorizer would answer 200: let in" in said


def test_where_the_built_in_authorizer_lets_in_it_says_what_that_does_not_look_at(
    explained: Explain,
) -> None:
    said = explained("GET /orders", "admin's ID token")
    assert "Verdict: 403 token_use_not_allowed: id" in said
    assert "built-in JWT authorizer would answer 403: insufficient_scope" in said
    said = explained("DELETE /orders/{id}", "admin's ID token")
    assert "built-in JWT authorizer would answer 200: let in" in said
    assert "It looks neither at token_use, typ, cnf" in said


def test_a_refusal_of_both_says_the_reason_of_each(explained: Explain) -> None:
    said = " ".join(explained("GET /orders", "forged token").split())
    assert "Verdict: 401 signature_invalid" in said
    assert "built-in JWT authorizer would answer 401: invalid_token: signature is invalid" in said


def test_routes_that_are_not_our_authorizers_are_said_to_be(api: Api, explained: Explain) -> None:
    assert explained("GET /health", "user") == "GET /health is public: nobody asks for a token\n"
    said = explained("GET /me", "other app's token")
    assert "GET /me is decided by API Gateway alone" in said
    answer = api.call("GET", "/me", "other app's token")
    assert f"would answer {answer.status}" in said
    assert "the token does not have a valid audience" in " ".join(said.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--route", "GET /orders", "--token-given"], "does not belong on a command line"),
        (["--route", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"], "does not belong on a command line"),
        (["--route", "GET /orders"], "no token on standard input"),
    ],
)
def test_it_takes_a_token_from_standard_input_alone(
    asked: Path,
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["explain", *arguments, "--outputs", str(asked)]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert says in err
    assert "eyJ" not in err


def test_an_unknown_route_and_no_stack_are_one_line(
    asked: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for route in ("GET /nowhere", "nonsense"):
        assert main(["explain", "--route", route, "--outputs", str(asked)]) == 1
        err = capfd.readouterr().err
        assert err.startswith("local: ROUTE is none of the stage's routes: ")
        assert "GET /orders, POST /orders" in err
    assert main(["explain", "--route", "GET /x", "--outputs", str(tmp_path / "none.json")]) == 1
    assert "make local" in capfd.readouterr().err
    asked.write_text(json.dumps({"explained": {}}))
    assert main(["explain", "--route", "GET /x", "--outputs", str(asked)]) == 1
    assert "start it again" in capfd.readouterr().err


class Deployed:
    """Outputs as CDK would have written them, for a pool in another region."""

    def __init__(self, assembly: Path, folder: Path) -> None:
        self.folder = folder
        kept: dict[str, dict[str, str]] = {}
        for stack in read_assembly(assembly).stacks.values():
            kept[stack.name] = {name: self.value(name) for name in stack.outputs}
        (folder / "local.outputs.json").write_text(json.dumps(kept))

    @staticmethod
    def value(name: str) -> str:
        if name == "UserPoolId" or ("UserPool" in name and "Client" not in name):
            return POOL
        if name == "Issuer":
            return f"https://cognito-idp.eu-central-1.amazonaws.com/{POOL}"
        if "Url" in name:
            return f"https://{name.lower()[:10]}.execute-api.eu-central-1.amazonaws.com"
        return f"{name.lower()[-20:]}id"


@pytest.mark.usefixtures("api")
def test_a_deployed_stages_outputs_give_the_pool_and_its_clients_their_names(
    tmp_path: Path,
) -> None:
    assembly = synthesise("local", APP_MODULE)
    Deployed(assembly, tmp_path)
    console = Console(file=io.StringIO())
    of_stage = Asked("GET /orders", "local", APP_MODULE, tmp_path / "none.json", tmp_path)
    app = app_asked_for(of_stage, console)
    pool = next(each for each in app.issuers() if each["name"] == "cognito")
    assert pool["issuer"] == f"https://cognito-idp.eu-central-1.amazonaws.com/{POOL}"
    clients = pool["client_ids"]
    assert isinstance(clients, list)
    assert len(clients) == 5
    assert all(str(client).endswith("id") for client in clients)
    built_in = next(
        r.authorizer for r in app.routes if isinstance(r.authorizer, JwtAuthorizerConfig)
    )
    assert built_in.issuer == pool["issuer"]
    assert set(built_in.audiences) <= set(map(str, clients))
    assert app.scopes_of("GET /orders") == ("orders/read",)
    revoking = replace(app, environment={**app.environment, "REVOCATION_TABLE": "T"})
    assert revoking.without_revocation() == app
    said = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert "ids and addresses are those of its last deployment" in " ".join(said.split())


@pytest.mark.usefixtures("api")
def test_a_stage_that_was_not_deployed_from_here_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("no-token"))
    console = Console(width=80)
    of_stage = Asked("GET /orders", "local", APP_MODULE, tmp_path / "none.json", tmp_path)
    assert explain(of_stage, console) == 0
    said = " ".join(capfd.readouterr().out.split())
    assert "it was not deployed from here, so its pool has no id" in said
    assert "Verdict: 401 token_malformed: not three base64url segments" in said
    assert "would answer 401: invalid_token: token contains an invalid number of segments" in said


@pytest.mark.usefixtures("api")
def test_outputs_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "local.outputs.json").write_text("{")
    with pytest.raises(LocalError, match="make deploy writes it anew"):
        deployed_names("local", synthesise("local", APP_MODULE), tmp_path)


def test_make_gives_the_route_as_it_is_and_a_token_never() -> None:
    command = ["make", "--dry-run", "--silent", "explain", 'ROUTE=GET /"$(x)"', "STAGE=prod"]
    for given, refused in ((["TOKEN=eyJhbGciOi"], True), ([], False)):
        done = subprocess.run([*command, *given], capture_output=True, text=True, check=True)
        *_, line = done.stdout.splitlines()
        assert '-m local explain --route "$ROUTE" --stage prod' in line
        assert line.endswith("--token-given") is refused
        assert "eyJ" not in done.stdout
