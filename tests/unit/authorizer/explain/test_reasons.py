"""Each reason code's example is made, and refused for that reason; its text fits a terminal."""

import json
import runpy
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import access_checks
from authorizer.explain import troubleshooting
from authorizer.explain.example import (
    BY_COOKIE,
    CLAIMS,
    HEADER,
    PAGE_ORIGIN,
    TRUSTED,
    Input,
    filled,
    in_words,
    input_of,
    policy,
)
from authorizer.explain.reasons import plain, reason_of, reasons
from authorizer.explain.walk import Explained, Explainer, event_of
from authorizer.settings import Settings
from function_kit.csrf_token import csrf_token
from function_kit.revocation.entry import Revocation, new_item
from jwt_verifier import JwtVerifier
from jwt_verifier.errors import CheckFailed, SettingsInvalid
from tests.attacks.forge import b64, join, signer, to_json
from tests.integration.faulty_issuer import serve_faults
from tests.signing_key import SigningKey

KEY = SigningKey.generate("RS256")
JWK = {**KEY.jwk, "kid": HEADER["kid"], "alg": HEADER["alg"]}


STATUSES = {"allowed": 200, "denied": 403, "rejected": 401, "failed": 500}


class Request:
    """The example's request, changed by an input, and where the authorizer stands."""

    def __init__(self, of: Input) -> None:
        self.input = of
        self.now = int(time.time())
        self.policy = policy()
        self.issuer: dict[str, Any] = {**TRUSTED, "jwks": {"keys": [JWK]}}
        header = {**HEADER, **of.header}
        self.token = signed(header, filled({**CLAIMS, **of.claims}, self.now))

    def settings(self) -> Settings:
        environment = {
            "ISSUERS": json.dumps([self.issuer]),
            "POLICY_FILE": "unread",
            "COOKIE_ORIGINS": json.dumps([PAGE_ORIGIN]),
            **self.input.settings,
        }
        return Settings.from_env(environment)

    def event(self) -> dict[str, Any]:
        of = self.input
        event = event_of(self.token, of.route, of.parameters)
        headers = {"authorization": of.authorization.replace("{token}", self.token)}
        if of.cookie:
            event["cookies"] = [f"__Host-Http-access={self.token}"]
            headers = {"origin": PAGE_ORIGIN, "x-csrf-token": csrf_token(self.token)}
        return {**event, "headers": {**headers, **of.headers}}

    def reason(self) -> str:
        try:
            settings = self.settings()
        except SettingsInvalid as invalid:
            return invalid.code
        return reason_of_answer(
            Explainer(settings, self.policy, lambda: self.now).explain(self.event())
        )


def reason_of_answer(explained: Explained) -> str:
    """The reason, whose status is held to the outcome's."""
    assert reasons()[explained.reason].status == STATUSES[explained.outcome]
    return explained.reason


def signed(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """Sign with the one key, whatever the header says."""
    return join(b64(to_json(dict(header))), b64(to_json(dict(claims))), signer(KEY))


def oversized(request: Request, _folder: Path) -> str:
    request.token = "a" * (10_241 - len("Bearer "))
    return request.reason()


def changed(request: Request, _folder: Path) -> str:
    head, claims, signature = request.token.split(".")
    other = filled({**CLAIMS, "sub": "bob"}, request.now)
    request.token = f"{head}.{b64(to_json(other))}.{signature}"
    assert claims not in request.token
    return request.reason()


def own_check(request: Request, _folder: Path) -> str:
    [issuer] = request.settings().issuers
    verifier = JwtVerifier([issuer], check=lambda _token: "not today")
    with pytest.raises(CheckFailed) as caught:
        verifier.verify(request.token)
    return caught.value.code


def silent_issuer(request: Request, _folder: Path) -> str:
    del request.issuer["jwks"]
    request.issuer["jwks_uri"] = "http://127.0.0.1:1/jwks.json"
    return request.reason()


def broken_check(request: Request, folder: Path) -> str:
    (folder / "broken_example.py").write_text(BROKEN)
    rules = json.loads(request.policy)
    rules["routes"]["GET /orders"]["any_of"] = [[{"check": "broken_example:check"}]]
    request.policy = json.dumps(rules)
    return request.reason()


def on_the_list(request: Request, _folder: Path) -> str:
    person = Revocation("sub", TRUSTED["name"], CLAIMS["sub"], request.now + 1)
    item = new_item(person, now=request.now, lifetime_seconds=900)
    page = json.dumps({"Items": [item]}).encode()
    with serve_faults({}, lambda talk: talk.answer("200 OK", page)) as table:
        return reason_with_revocation(request, table.url)


def unread_list(request: Request, _folder: Path) -> str:
    return reason_with_revocation(request, "http://127.0.0.1:1")


def reason_with_revocation(request: Request, table_url: str) -> str:
    explained = with_revocation(request, table_url)
    last = explained.checks[-1]
    assert (last.check, last.reason) == ("revocation", explained.reason)
    assert last.found in ("it was taken back", "the list cannot be read")
    return reason_of_answer(explained)


def with_revocation(request: Request, table_url: str) -> Explained:
    environment = {
        "REVOCATION_TABLE": "T",
        "REVOCATION_UNREADABLE": "closed",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": table_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    explainer = Explainer(request.settings(), request.policy, environment=environment)
    return explainer.explain(request.event())


def test_a_token_that_was_not_taken_back_is_said_not_to_be() -> None:
    empty = json.dumps({"Items": []}).encode()
    with serve_faults({}, lambda talk: talk.answer("200 OK", empty)) as table:
        explained = with_revocation(Request(Input()), table.url)
    last = explained.checks[-1]
    assert (last.check, last.found, last.reason) == ("revocation", "it was not", "")
    assert explained.reason == "allowed"


BROKEN = """
from collections.abc import Mapping
from jwt_verifier import VerifiedToken


def check(token: VerifiedToken, path_parameters: Mapping[str, str]) -> bool:
    raise LookupError
"""

SITUATIONS: Mapping[str, Callable[[Request, Path], str]] = {
    "The credential has 10,241 characters.": oversized,
    "The claims are another's, under the same signature.": changed,
    "A verifier of yours has a `check=` that returns a reason.": own_check,
    "The issuer does not answer, and no keys of it are at hand.": silent_issuer,
    "A check of yours raises an exception.": broken_check,
    "The stage has `revocation` on, and its list has the token's `sub`.": on_the_list,
    "The stage has `revocation` on, and its table does not answer.": unread_list,
}


@pytest.fixture
def own_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(access_checks, "__path__", [*access_checks.__path__, str(tmp_path)])
    yield tmp_path
    sys.modules.pop("access_checks.broken_example", None)


@pytest.mark.parametrize("code", reasons())
def test_the_example_of_a_reason_code_is_answered_with_it(code: str, own_checks: Path) -> None:
    of = input_of(reasons()[code])
    request = Request(of)
    assert not of.situation or of.situation in SITUATIONS, "say in SITUATIONS how it comes about"
    found = SITUATIONS[of.situation](request, own_checks) if of.situation else request.reason()
    assert found == code


def test_each_example_differs_from_every_other_and_says_so() -> None:
    reasons.cache_clear()  # what was read while tests were collected
    told = [in_words(input_of(reason)) for reason in reasons().values()]
    assert len(set(told)) == len(told)
    assert told[0] == "The request as it is."


def test_an_example_says_what_it_changes() -> None:
    told = {code: in_words(input_of(reason)) for code, reason in reasons().items()}
    assert told["token_missing"] == "There is no `Authorization` header."
    assert told["token_malformed"] == "The `Authorization` header is `<token>`."
    assert told["token_expired"] == 'In its claims `"exp": now - 3600`.'
    assert told["issuer_unknown"] == 'In its claims `"iss": "https://issuer.example/"`.'
    assert told["kid_invalid"] == 'In the token\'s header `"kid": ""`.'
    assert told["settings_invalid"] == "The variable `LEEWAY_SECONDS` is `3600`."
    assert told["origin_not_allowed"] == (
        f"The route is `{BY_COOKIE}`. The token comes in the page's cookie. "
        "A header is `origin: https://other.example`."
    )
    assert told["route_not_in_policy"] == (
        "The route is `GET /added-in-the-console`, which the policy lacks."
    )
    assert told["no_rule_met"].startswith(
        'The route is `GET /users/{user}/orders`, which asks `{"groups_any": ["admins"]}` or `{'
    )


@pytest.mark.parametrize("code", reasons())
def test_a_reason_says_what_it_means_and_what_to_do_in_plain_text(code: str) -> None:
    reason = reasons()[code]
    assert reason.status in (200, 401, 403, 500)
    for text in map(plain, (reason.means, reason.look, reason.do)):
        assert text.endswith(".")
        assert not {"`", "]("} & set(text)
    assert reason_of(f"{code}:detail") is reason


def test_a_link_is_told_with_its_page() -> None:
    assert plain("`a` see [the *b*](b.md#c).") == "a see the *b* (docs/b.md#c)."
    assert reason_of("no_such_code") is None


def test_the_page_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(troubleshooting.__file__, run_name="__main__")
    out = capsys.readouterr().out
    assert out == troubleshooting.page()
    assert "{{" not in out
    assert '"exp": now + 900}' in out
