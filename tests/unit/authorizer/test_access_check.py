"""A check of the user's own: how it is found, what it may be, and what its answers mean."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import access_checks
from authorizer.access_check import FORM, AccessCheckInvalid, load
from authorizer.policy import Decision, RoutePolicy
from authorizer.route import RouteKey
from jwt_verifier.errors import SettingsInvalid
from tests.policies import route_rule
from tests.unit.jwt_verifier.conftest import NOW, Verify

ROUTE = RouteKey("GET /orders/{id}/{file+}")
PATH = {"id": "order-1", "file": "a/b"}
HEAD = """
from collections.abc import Mapping
from typing import Literal
from jwt_verifier import VerifiedToken

"""
FUNCTION = "def check(token: VerifiedToken, path_parameters: Mapping[str, str]) -> bool | str:\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules are found among the access checks."""
    monkeypatch.setattr(access_checks, "__path__", [*access_checks.__path__, str(tmp_path)])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("access_checks.own")]:
        del sys.modules[name]


def policy(name: str, route: str = ROUTE) -> RoutePolicy:
    rule = {**route_rule({}), "any_of": [[{"check": name}]]}
    return RoutePolicy.from_json(json.dumps({"version": 2, "routes": {route: rule}}).encode())


def written(folder: Path, body: str) -> RoutePolicy:
    (folder / "own.py").write_text(HEAD + FUNCTION + f"    {body}\n")
    return policy("own:check")


@pytest.fixture
def token(issuer: Any, verify: Verify) -> Any:
    return verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, sub="user-1"))


@pytest.mark.parametrize(
    ("body", "decision"),
    [
        ("return True", Decision(allowed=True, reason="allowed")),
        ("return False", Decision(allowed=False, reason="check_denied:own:check")),
        ("return 'not_yours'", Decision(allowed=False, reason="check_denied:not_yours")),
        ("return token.subject == 'user-1'", Decision(allowed=True, reason="allowed")),
        ("return path_parameters['id'] == 'order-1'", Decision(allowed=True, reason="allowed")),
        ("return path_parameters['file'] == 'a/b'", Decision(allowed=True, reason="allowed")),
    ],
)
def test_a_check_allows_or_denies(own: Path, token: Any, body: str, decision: Decision) -> None:
    assert written(own, body).decide(token, ROUTE, PATH) == decision


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("None", "NoneType"),
        ("1", "int"),
        ("''", "str"),
        ("'Not yours!'", "str"),
        ("'a' * 65", "str"),
        ("[]", "list"),
        ("object()", "object"),
    ],
)
def test_any_other_answer_is_our_fault_and_never_an_allow(
    own: Path, token: Any, answer: str, kind: str
) -> None:
    told = rf"the check own:check must return True, False or a reason .* another {kind}$"
    with pytest.raises(TypeError, match=told):
        written(own, f"return {answer}").decide(token, ROUTE, PATH)


def test_an_exception_is_our_fault_and_never_an_allow(own: Path, token: Any) -> None:
    with pytest.raises(KeyError):
        written(own, "return path_parameters['absent'] == 'x'").decide(token, ROUTE, PATH)


def test_a_check_gets_no_raw_token(own: Path, token: Any) -> None:
    body = "return '.' not in repr([getattr(token, name) for name in token.__slots__ if name not in ('issuer', 'claims', 'expires_at')])"
    assert written(own, body).decide(token, ROUTE, PATH).allowed
    assert "eyJ" not in repr(dict(token.claims))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ({}, "id"),
        ({"file": "x"}, "id"),
        ({"id": "a", "files": "x"}, "file"),
        ({"id": "a/b", "file": "x"}, "id"),
        ({"id": "a;b", "file": "x"}, "id"),
        ({"id": "a%2Fb", "file": "x"}, "id"),
    ],
)
def test_a_check_is_not_asked_about_a_path_that_reads_in_two_ways(
    own: Path, token: Any, path: dict[str, str], name: str
) -> None:
    decision = written(own, "raise AssertionError").decide(token, ROUTE, path)
    assert decision == Decision(allowed=False, reason=f"path_parameter_unclear:{name}")


def test_a_check_of_this_project_denies_whoever_acts_for_another(
    issuer: Any, verify: Verify
) -> None:
    rules = policy("delegation:in_person", "GET /me")
    claims = {"aud": "api", "iat": NOW, "exp": NOW + 900}
    in_person = verify(issuer.mint(**claims))
    delegated = verify(issuer.mint(**claims, act={"sub": "agent-1"}))
    assert rules.decide(in_person, RouteKey("GET /me")).allowed
    assert rules.decide(delegated, RouteKey("GET /me")).reason == "check_denied:acts_for_another"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "cannot be imported (AttributeError: module 'access_checks.own' has no attribute 'check'); define check in lambda_src/access_checks/own.py"),
        ("1 / 0", "cannot be imported (ZeroDivisionError: division by zero)"),
        ("import nowhere", "cannot be imported (ModuleNotFoundError: No module named 'nowhere')"),
        ("check = 5", "is not a plain function"),
        ("class check: pass", "is not a plain function"),
        ("async " + FUNCTION + "    return True", "is not a plain function"),
        ("def check(token, path_parameters): return True", "does not take a token and the path's parameters"),
        ("def check() -> bool: return True", "does not take a token and the path's parameters"),
        ("def check(token: str, path_parameters: Mapping[str, str]) -> bool: return True", "does not take a token"),
        ("def check(token: VerifiedToken, path_parameters: dict[str, str]) -> bool: return True", "does not take a token"),
        ("def check(token: VerifiedToken, *path_parameters: Mapping[str, str]) -> bool: return True", "does not take a token"),
        ("def check(token: VerifiedToken, path_parameters: Mapping[str, str], more: int) -> bool: return True", "does not take"),
        ("def check(token: VerifiedToken, path_parameters: Mapping[str, str]): return True", "does not return bool | str"),
        ("def check(token: VerifiedToken, path_parameters: Mapping[str, str]) -> bool | None: return True", "does not return bool | str"),
        ("def check(token: VerifiedToken, path_parameters: Mapping[str, str]) -> int: return True", "does not return bool | str"),
        ("def check(token: Strange, path_parameters: Mapping[str, str]) -> bool: return True", "cannot be imported (NameError"),
        ("def check(token: 'Strange', path_parameters: Mapping[str, str]) -> bool: return True", "cannot be imported (NameError: name 'Strange' is not defined); " + FORM),
    ],
)  # fmt: skip
def test_a_check_of_another_form_stops_the_start_in_one_line(
    own: Path, source: str, problem: str
) -> None:
    (own / "own.py").write_text(HEAD + source + "\n")
    with pytest.raises(SettingsInvalid) as refused:
        policy("own:check")
    text = str(refused.value)
    assert f"any_of[0][0].check: own:check {problem}" in text
    assert "\n" not in text
    if "cannot be imported" not in problem:
        assert text.endswith(FORM)


@pytest.mark.parametrize(
    "answer", ["bool", "str", "bool | str", "Literal[True] | str", "Literal['no', True]"]
)
def test_a_check_may_narrow_its_answer(own: Path, token: Any, answer: str) -> None:
    function = FUNCTION.replace("bool | str", answer)
    (own / "own.py").write_text(HEAD + function + "    return True\n")
    assert policy("own:check").decide(token, ROUTE, PATH).allowed


@pytest.mark.parametrize(
    "name", ["own", "own:", ":check", "own.deep:check", "../own:check", "own:check:x", "Own:check", "os:system\n"]
)  # fmt: skip
def test_a_check_has_a_name_in_one_folder(name: str) -> None:
    with pytest.raises(SettingsInvalid, match="write it as module:function"):
        policy(name)


def test_what_is_wrong_with_a_check_is_the_message_of_its_exception() -> None:
    with pytest.raises(AccessCheckInvalid, match="^is not a check's name$") as refused:
        load("own")
    assert refused.value.problem == str(refused.value)
