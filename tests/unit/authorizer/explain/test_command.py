"""`python -m authorizer.explain`: what it takes, what it shows, and what becomes of the token."""

import io
import json
import os
import pty
import runpy
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from authorizer.explain import __main__ as command
from authorizer.explain.__main__ import NOTHING_GIVEN, ON_THE_COMMAND_LINE, main, token_in
from authorizer.explain.shown import at_time, duration, listed, shown
from authorizer.explain.table import COLUMNS, Ink, table, verdict
from authorizer.explain.told import Row
from authorizer.explain.walk import Explained
from jwt_verifier.tokens import UnverifiedToken, fingerprint
from tests.issuer import Issuer, serve_issuer
from tests.policies import policy_document

POLICY = policy_document(
    {
        "GET /orders": {"scopes_all": ["orders/read"]},
        "GET /users/{user}": {"claims": {"sub": {"path_parameter": "user"}}},
    }
)
PLAIN = ["--route", "GET /orders"]


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


@pytest.fixture
def environment(served: Issuer, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "policy.json").write_bytes(POLICY)
    issuers = [{"name": "partner", "issuer": served.url, "audiences": ["api"]}]
    return {
        "ISSUERS": json.dumps(issuers),
        "POLICY_FILE": "policy.json",
        "LAMBDA_TASK_ROOT": str(tmp_path),
    }


def told(environment: dict[str, str], token: str, *arguments: str) -> str:
    out = io.StringIO()
    assert main(arguments or PLAIN, environment, io.StringIO(token), out) == 0
    return out.getvalue()


def test_it_tells_each_check_the_verdict_its_meaning_and_the_fix(
    served: Issuer, environment: dict[str, str]
) -> None:
    said = told(environment, served.mint(aud="api", scope="orders/write"))
    assert "ok  issuer            iss:" in said
    assert "NO  rule              scopes all: orders/read      orders/write" in said
    assert "Verdict: 403 missing_scope: orders/read\n" in said
    assert "    The token lacks a scope that the rule asks for.\n" in said
    assert (
        "    Fix: The client must ask for the scope; its app client must be allowed to.\n" in said
    )


def test_a_token_of_a_stage_behind_cloudfront_is_told_as_cloudfront_would_bring_it(
    served: Issuer, environment: dict[str, str]
) -> None:
    told_of = {**environment, "ORIGIN_HEADER_SHA256": json.dumps(["0" * 64])}
    assert "Verdict: 200 allowed" in told(told_of, served.mint(aud="api", scope="orders/read"))


def test_each_line_fits_a_terminal_of_80_columns_and_holds_no_control_character(
    served: Issuer, environment: dict[str, str]
) -> None:
    nasty = "\x1b]0;owned\x07\u202e\r" + "x" * 300
    said = told(environment, served.mint(aud=["other", nasty], sub=nasty, scope=nasty))
    lines = said.splitlines()
    assert max(map(len, lines)) <= COLUMNS
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert "\\u001b]0;owned" in said


def test_the_token_is_shown_by_its_fingerprint_alone_and_is_sent_nowhere(
    served: Issuer, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = served.mint(aud="api", scope="orders/read")
    heard: list[str] = []
    monkeypatch.setattr(
        BaseHTTPRequestHandler,
        "parse_request",
        hearing(BaseHTTPRequestHandler.parse_request, heard),
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    said = told(environment, f"  Bearer {token}\n")
    assert f"GET /orders, token {fingerprint(UnverifiedToken(token))}\n" in said
    requests = [request for request in heard if request]
    assert requests, "the issuer's keys were fetched"
    for segment in token.split("."):
        assert segment not in said
        assert all(segment not in request for request in requests)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def hearing(parse: object, heard: list[str]) -> object:
    """Remember the request line and the headers of each request that an issuer gets."""

    def parse_request(self: BaseHTTPRequestHandler) -> bool:
        answer: bool = parse(self)  # type: ignore[operator]  # the server's own
        heard.append(f"{self.requestline}\n{self.headers}")
        return answer

    return parse_request


@pytest.mark.parametrize(
    "arguments",
    [
        ["--route", "GET /orders", "TOKEN"],
        ["--route", "TOKEN"],
        ["--token=TOKEN"],
        ["--route", "GET /orders", "--token-given"],
    ],
)
def test_a_token_on_the_command_line_is_refused_with_the_reason_and_not_repeated(
    served: Issuer,
    environment: dict[str, str],
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = served.mint(aud="api")
    given = [argument.replace("TOKEN", token) for argument in arguments]
    assert main(given, environment, io.StringIO(token)) == command.USAGE_ERROR
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"explain: {ON_THE_COMMAND_LINE}\n")


def test_without_a_token_it_says_how_to_give_one(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(PLAIN, environment, io.StringIO(" \n")) == command.USAGE_ERROR
    leader, follower = pty.openpty()
    with os.fdopen(follower) as terminal, os.fdopen(leader):
        assert main(PLAIN, environment, terminal) == command.USAGE_ERROR
    assert capsys.readouterr().err == f"explain: {NOTHING_GIVEN}\n" * 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ISSUERS": "[]"}, "ISSUERS"),
        ({"POLICY_FILE": "gone.json"}, "gone.json"),
        ({"POLICY_FILE": "bad.json"}, "POLICY_FILE"),
    ],
)
def test_wrong_settings_are_one_line(
    environment: dict[str, str],
    tmp_path: Path,
    change: dict[str, str],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "bad.json").write_text("{}")
    assert main(PLAIN, {**environment, **change}, io.StringIO("a.b.c")) == command.USAGE_ERROR
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_the_called_paths_parameters_are_given_by_name(
    served: Issuer, environment: dict[str, str]
) -> None:
    token = served.mint(aud="api", sub="ann")
    route = ("--route", "GET /users/{user}")
    assert "Verdict: 200 allowed" in told(environment, token, *route, "--parameter", "user=ann")
    assert "claim_mismatch: sub" in told(environment, token, *route, "--parameter", "user=bob")
    assert "path_parameter_unclear: user" in told(environment, token, *route)
    with pytest.raises(SystemExit):
        main([*route, "--parameter", "user"], environment, io.StringIO(token))


def test_colour_is_for_a_terminal_that_wants_it(
    served: Issuer, environment: dict[str, str]
) -> None:
    token = served.mint(aud="api")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    main(PLAIN, environment, io.StringIO(token), screen)
    assert "\x1b[31mNO\x1b[0m" in screen.getvalue()
    assert "\x1b[32mok\x1b[0m" in screen.getvalue()
    plain = Terminal()
    main(PLAIN, {**environment, "NO_COLOR": "1"}, io.StringIO(token), plain)
    assert "\x1b" not in plain.getvalue()


def test_it_is_a_module_to_run_and_says_all_whatever_the_functions_log_level_is(
    served: Issuer, environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "authorizer.explain", *PLAIN],
        input=served.mint(aud="other"),
        env={**environment, "PYTHONPATH": "lambda_src", "POWERTOOLS_LOG_LEVEL": "ERROR"},
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        "Verdict: 401 audience_mismatch: aud does not contain an accepted audience" in done.stdout
    )
    assert done.stderr == ""


def test_run_as_a_module_it_takes_the_environment_and_the_arguments(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**environment, "POWERTOOLS_LOG_LEVEL": "INFO"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["explain", *PLAIN, "--token-given"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(command.__file__, run_name="__main__")
    assert ended.value.code == command.USAGE_ERROR


@pytest.mark.parametrize(
    "text", ["a.b.c", " a.b.c\n", "Bearer a.b.c", "authorization: bearer  a.b.c"]
)
def test_a_token_may_come_with_its_scheme_and_white_space(text: str) -> None:
    assert token_in(text) == "a.b.c"


def test_an_unknown_code_is_not_passed_over() -> None:
    assert list(verdict("brand_new", "", Ink(is_on=False))) == [
        "Verdict: brand_new",
        "    docs/troubleshooting.md does not know this code",
    ]


def test_a_long_value_is_cut_and_a_time_that_is_none_is_shown_as_it_is() -> None:
    assert shown("x" * 500).endswith("... (502 characters)")
    assert listed([]) == "none"
    assert listed(["", "a b"]) == '"", a b'
    assert at_time(1e300, 0.0) == "1e+300"
    assert at_time("soon", 0.0) == '"soon"'
    assert at_time(0, 7_200.0) == "1970-01-01 00:00:00Z, 2 h ago"
    assert at_time(300_000, 0.0) == "1970-01-04 11:20:00Z, in 3 d"
    assert duration(119) == "119 s"


def test_a_row_without_a_detail_says_its_code_alone() -> None:
    row = Row("signature", "a", "b", "signature_invalid")
    lines = table(Explained({"reason": "signature_invalid"}, (row,), ()), Ink(is_on=False))
    assert "    signature_invalid" in list(lines)
