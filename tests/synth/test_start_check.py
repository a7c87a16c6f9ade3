"""What the authorizer would refuse at its start stops synth, in the words of the table or the stage."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from authorizer.settings import Settings
from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule, TokenUse
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.settings import start_check
from stacks.authorizer.authorizer_settings import issuer_items
from stacks.identity.pool_tokens import PoolTokens
from stacks.stage.config_fields import ConfigInvalid
from tests.sample.access import ACCESS
from tests.signing_key import SigningKey
from tests.synth.synthesis import synthesise

POOL_OF_TWO_REGIONS = "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_AbCdEfGhI"
PARTNER = Issuer("partner", "https://login.partner.example", ("orders-api",))


def table(*issuers: Issuer, rule: Rule | None = None) -> AccessTable:
    route = Route("GET /x", "whoami", "lambda", rule or Rule())
    return replace(ACCESS, issuers=(Issuer("cognito"), *issuers), routes=(route,))


def refusal(folder: Path, kind: type[Exception], access: AccessTable, **fields: Any) -> str:
    with pytest.raises(kind) as caught:
        synthesise(folder, access=access, **fields)
    text = str(caught.value)
    assert "\n" not in text
    assert "ISSUERS[" not in text
    return text


def test_an_issuer_of_the_table_is_told_by_its_name_and_field(folder: Path) -> None:
    issuer = replace(PARTNER, url=POOL_OF_TWO_REGIONS)
    text = refusal(folder, AccessInvalid, table(issuer))
    assert text.startswith(f"stacks/access.py: issuer 'partner': url: '{POOL_OF_TWO_REGIONS}'")


def test_an_issuer_of_the_stage_is_told_by_its_path_in_cdk_json(folder: Path) -> None:
    address = {"url": POOL_OF_TWO_REGIONS, "audiences": ["orders-api"]}
    access = table(Issuer("partner", from_stage=True))
    text = refusal(folder, ConfigInvalid, access, issuers={"partner": address})
    assert text.startswith(f"context.stages.dev.issuers.partner.url: '{POOL_OF_TWO_REGIONS}'")


def test_a_rule_that_the_function_cannot_read_is_told(folder: Path) -> None:
    rule = Rule(issuers=("partner",), claims={"level": 10**400})
    text = refusal(folder, AccessInvalid, table(PARTNER, rule=rule))
    assert text.startswith("stacks/access.py: the authorizer would not start: POLICY_FILE: ")


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ("nowhere:check", "cannot be imported (ModuleNotFoundError: No module named 'access_checks.nowhere')"),
        ("delegation:nothing", "cannot be imported (AttributeError: module 'access_checks.delegation' has no attribute 'nothing'); define nothing in lambda_src/access_checks/delegation.py"),
        ("delegation:Mapping", "check 'delegation:Mapping' must be 'module:function'"),
    ],
)  # fmt: skip
def test_a_check_that_is_not_there_is_told(folder: Path, check: str, told: str) -> None:
    text = refusal(folder, AccessInvalid, table(PARTNER, rule=Rule(check=check)))
    assert text.startswith("stacks/access.py: route 'GET /x': ")
    assert told in text


POOLS = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool{:05d}"
MANY = [
    Issuer(f"t{i}", POOLS.format(i), client_ids=(f"client{i:020d}",), token_use=TokenUse.ACCESS)
    for i in range(40)
]


def test_a_pool_for_each_of_forty_tenants_travels_in_the_bundle(folder: Path) -> None:
    made = synthesise(
        folder,
        "local",
        access=table(*MANY),
        bundled=True,
        kms_issuer=False,
        issuers={},
        http_backends={},
    )
    variables = made.function("authorizer")["Environment"]["Variables"]
    assert variables["ISSUERS_FILE"] == "issuers.json"
    assert "Pool00039" not in json.dumps(variables)
    asset = made.function("authorizer")["Code"]["S3Key"].removesuffix(".zip")
    bundle = made.folder / f"asset.{asset}"
    only_pool = [{"name": "cognito", "issuer": POOLS.format(99), "client_ids": ["c"]}]
    settings = Settings.from_env(
        {
            **{name: text for name, text in variables.items() if isinstance(text, str)},
            "ISSUERS": json.dumps(only_pool),
            "LAMBDA_TASK_ROOT": str(bundle),
            "COOKIE_ORIGINS": "[]",
        }
    )
    assert [issuer.name for issuer in settings.issuers] == [
        "cognito",
        *(f"t{i}" for i in range(40)),
    ]
    assert settings.issuers[40].client_ids == {f"client{39:020d}"}
    assert settings.issuers[40].is_cognito


def test_an_issuer_in_the_bundle_is_told_by_its_name_and_field(folder: Path) -> None:
    wrong = replace(MANY[7], url=POOL_OF_TWO_REGIONS)
    text = refusal(folder, AccessInvalid, table(*MANY[:7], wrong, *MANY[8:]))
    assert text.startswith(f"stacks/access.py: issuer 't7': url: '{POOL_OF_TWO_REGIONS}'")


def test_more_than_lambda_takes_variables_for_is_told(folder: Path) -> None:
    addresses = {
        f"t{i}": {"url": f"https://t{i}.example", "audiences": [f"{i:0200d}"]} for i in range(20)
    }
    access = table(*(Issuer(name, from_stage=True) for name in addresses))
    text = refusal(folder, AccessInvalid, access, issuers=addresses)
    assert text.startswith("stacks/access.py: ISSUERS: they make the authorizer's variables ")
    assert text.endswith("or give issuers their url in the table and not in the stage")


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("stacks.authorizer.authorizer_settings.ROOT", tmp_path)
    return tmp_path / "partner.json"


def test_keys_of_a_file_travel_in_the_bundle(folder: Path, key_file: Path) -> None:
    jwks = {"keys": [SigningKey.generate("RS256").jwk]}
    key_file.write_text(json.dumps(jwks))
    made = synthesise(folder, access=table(replace(PARTNER, jwks_file="partner.json")))
    assert made.function("authorizer")["Environment"]["Variables"]["ISSUERS_FILE"]
    settings = issuer_items(
        table(replace(PARTNER, jwks_file="partner.json")),
        PoolTokens("p", "https://x.example", ("https://x.example",), ("c",)),
    )
    assert [item.get("jwks") for item in settings[1]] == [jwks]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "jwks_file: 'partner.json' cannot be read (FileNotFoundError)"),
        ("{", "jwks_file: 'partner.json' cannot be read (JSONDecodeError)"),
        ('{"keys": []}', "jwks_file: no usable key, skipped: {}"),
    ],
)
def test_a_file_without_keys_is_told(
    folder: Path, key_file: Path, text: str | None, told: str
) -> None:
    if text is not None:
        key_file.write_text(text)
    access = table(replace(PARTNER, jwks_file="partner.json"))
    assert told in refusal(folder, AccessInvalid, access)


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        ("dev", {}),
        ("prod", {}),
        ("local", {}),
        ("dev", {"kms_issuer": True}),
        ("dev", {"cognito_issuer": "updated", "accept_both_cognito_issuers": True}),
    ],
)
def test_what_only_a_deployment_knows_stops_nothing(
    folder: Path, stage: str, fields: dict[str, Any]
) -> None:
    synthesise(folder, stage, **fields)


def test_a_synth_asks_the_function_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    run = subprocess.run

    def counted(command: Any, **options: Any) -> Any:
        asked.append(command)
        return run(command, **options)

    monkeypatch.setattr("subprocess.run", counted)
    start_check._refusal_of_function.cache_clear()
    synthesise(folder)
    assert sum("authorizer.check_settings" in command for command in asked) == 1
