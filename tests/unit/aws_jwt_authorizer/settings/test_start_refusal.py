"""What the authorizer is told, where each part of it travels, and what it would refuse."""

import json
from pathlib import Path

import pytest

from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import Rule, TokenUse
from aws_jwt_authorizer.access.rules_table import table_of_rules
from aws_jwt_authorizer.settings import start_check
from aws_jwt_authorizer.settings.authorizer_settings import AuthorizerSettings, told
from aws_jwt_authorizer.settings.issuer_items import (
    Item,
    KeysUnreadable,
    divided,
    items_of_issuer,
    token_options,
)
from aws_jwt_authorizer.settings.start_check import (
    CheckFailed,
    IssuerRefused,
    Refused,
    start_refusal,
)

LOGIN = Issuer("login", "https://login.example", ("pets",), client_ids=("app",))
LATE = Issuer("late", "https://late.example", ("pets",))
POLICY = policy_json(table_of_rules([LOGIN], {"GET /pets": Rule()}))


def items_of(issuer: Issuer) -> list[Item]:
    return items_of_issuer(issuer, Path(), needs_subject=False)


def settings(
    *items: Item, policy: str = POLICY, bundled: tuple[Item, ...] = ()
) -> AuthorizerSettings:
    return told(items, bundled, policy, {})


def test_few_issuers_travel_in_the_environment_in_their_order() -> None:
    of_environment, of_bundle = divided([LOGIN, LATE], lambda issuer: issuer is LATE, items_of)
    assert [item["name"] for item in of_environment] == ["login", "late"]
    assert of_bundle == []


def test_what_only_a_deployment_knows_stays_there_when_the_others_move_to_the_bundle() -> None:
    many = [Issuer(f"i{n}", f"https://i{n}.example", ("a" * 100,)) for n in range(20)]
    of_environment, of_bundle = divided([LATE, *many], lambda issuer: issuer is LATE, items_of)
    assert [item["name"] for item in of_environment] == ["late"]
    assert len(of_bundle) == 20
    made = told(of_environment, of_bundle, POLICY, {"STAGE": "s"})
    assert made.environment["ISSUERS_FILE"] == "issuers.json"
    assert made.environment["STAGE"] == "s"
    assert json.loads(made.files["issuers.json"]) == of_bundle


def test_an_item_says_what_differs_from_the_defaults_and_no_more() -> None:
    assert token_options(LOGIN) == {}
    issuer = Issuer("x", "https://x.example", token_type="at+jwt", token_use=TokenUse.ACCESS)
    assert token_options(issuer) == {"typ": "at+jwt", "token_use": "access"}
    [item] = items_of_issuer(LOGIN, Path(), needs_subject=True)
    assert item["required_claims"] == ["sub"]
    assert (item["audiences"], item["client_ids"]) == (["pets"], ["app"])


def test_keys_of_a_file_travel_with_their_issuer(tmp_path: Path) -> None:
    issuer = Issuer("x", "https://x.example", ("a",), jwks_file="keys.json")
    with pytest.raises(KeysUnreadable, match=r"^issuer 'x': jwks_file: 'keys.json' cannot be read"):
        items_of_issuer(issuer, tmp_path, needs_subject=False)
    (tmp_path / "keys.json").write_text('{"keys": []}')
    [made] = items_of_issuer(issuer, tmp_path, needs_subject=False)
    assert made["jwks"] == {"keys": []}
    _, of_bundle = divided([issuer], lambda _: False, lambda _: [made])
    assert of_bundle == [made]


def test_what_the_function_starts_with_is_refused_nothing() -> None:
    assert start_refusal(settings(*items_of(LOGIN))) is None


def test_a_refusal_is_told_in_the_words_of_a_table() -> None:
    wrong: Item = {"name": "x", "issuer": "ftp://x.example", "audiences": ["a"]}
    refusal = start_refusal(settings(*items_of(LOGIN), wrong))
    assert isinstance(refusal, IssuerRefused)
    assert str(refusal).startswith("issuer 'x': url: 'ftp://x.example'")
    bundled = start_refusal(settings(*items_of(LOGIN), bundled=(wrong,)))
    assert str(bundled) == str(refusal)
    policy = POLICY.replace('"cookie": false', '"cookie": 1')
    route = start_refusal(settings(*items_of(LOGIN), policy=policy))
    assert str(route).startswith("route 'GET /pets': rule.cookie")
    other = start_refusal(settings(*items_of(LOGIN), policy="{}"))
    assert str(other).startswith("the authorizer would not start: POLICY_FILE.version")


def test_more_variables_than_lambda_takes_are_told() -> None:
    refusal = start_refusal(settings({"name": "x" * 4_000}))
    assert isinstance(refusal, Refused)
    assert str(refusal).startswith("ISSUERS: they make the authorizer's variables ")


def test_a_function_that_cannot_be_asked_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(start_check, "LAMBDA_SRC", tmp_path)
    with pytest.raises(CheckFailed, match="cannot be checked: .*No module named"):
        start_refusal(settings({"name": "nowhere"}))
