"""What a stage with revocation has that another has not, and what it stops at."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from authorizer.handler import REVOCATIONS as MODULE
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.function_sources import AUTHORIZER, LAMBDA_SRC, SESSION
from aws_jwt_authorizer.function_sources import REVOCATIONS as REVOKING
from function_kit.revocation.settings import Settings
from function_kit.revocation.table_keys import REVOCATIONS
from jwt_verifier.issuer_items import parse_issuers
from revocations.settings import Settings as RevokingSettings
from session.settings import Settings as SessionSettings
from stacks.authorizer.token_authorizer import REVOCATIONS as NAMED
from stacks.revocation.entry_lifetime import LONGEST_TOKEN_SECONDS, entry_lifetime_seconds
from stacks.revocation.jwt_routes import check_jwt_routes
from stacks.stage.config import StageConfig, stage_config
from tests.sample.access import ACCESS
from tests.sample.paths import STAGES
from tests.synth.synthesis import Synthesis
from tests.synth.test_browser_backend import revocation_tables, statements_of
from tests.synth.test_issuer_permissions import SIMULATE

ON = {"revocation": "closed", "authorizer_cache_ttl_seconds": 5}
PART = Path("function_kit/revocation")


def config(**fields: object) -> StageConfig:
    return stage_config("dev", STAGES, fields)


def told(made: Synthesis) -> dict[str, object]:
    variables: dict[str, object] = made.function(AUTHORIZER)["Environment"]["Variables"]
    return variables


def test_the_authorizer_is_told_what_it_reads(with_issuer: Synthesis) -> None:
    variables = told(with_issuer)
    [(table, _)] = revocation_tables(with_issuer)
    assert variables["REVOCATION_TABLE"] == {"Ref": table}
    plain = {name: value for name, value in variables.items() if isinstance(value, str)}
    settings = Settings.from_env({**plain, "REVOCATION_TABLE": table, "AWS_REGION": "eu-west-1"})
    assert (settings.age_seconds, settings.unreadable) == (5.0, "closed")


TABLE_ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/T"
QUESTIONS = {
    ("Query", REVOCATIONS): True,
    ("Query", "session#h"): False,
    ("GetItem", REVOCATIONS): False,
    ("GetItem", "session#h"): False,
    ("PutItem", REVOCATIONS): False,
    ("DeleteItem", REVOCATIONS): False,
    ("Scan", None): False,
}
"""What the authorizer may do, by the list that a call is about."""


def test_it_may_read_the_list_and_nothing_else_of_the_table(with_issuer: Synthesis) -> None:
    statements = statements_of(with_issuer, AUTHORIZER)
    [(table, _)] = revocation_tables(with_issuer)
    arn = json.dumps({"Fn::GetAtt": [table, "Arn"]})
    policy = {
        "Version": "2012-10-17",
        "Statement": json.loads(json.dumps(statements).replace(arn, f'"{TABLE_ARN}"')),
    }
    questions = [
        {
            "request": {
                "principal": "arn:aws:iam::123456789012:role/authorizer",
                "action": f"dynamodb:{action}",
                "resource": {"resource": TABLE_ARN, "accountId": "123456789012"},
                "contextVariables": {"dynamodb:LeadingKeys": [about]} if about else {},
            },
            "identityPolicies": [{"name": "p", "policy": policy}],
        }
        for action, about in QUESTIONS
    ]
    done = subprocess.run(
        ["node", str(SIMULATE)],
        input=json.dumps(questions).encode(),
        capture_output=True,
        check=True,
    )
    answers = [answer == "Allowed" for answer in json.loads(done.stdout)]
    assert dict(zip(QUESTIONS, answers, strict=True)) == QUESTIONS


def test_no_token_outlives_what_takes_it_back(with_issuer: Synthesis) -> None:
    text = json.dumps(told(with_issuer)["ISSUERS"])
    assert text.count("max_lifetime_seconds") == text.count("client_ids") + text.count("audiences")
    stage = config(leeway_seconds=60)
    assert entry_lifetime_seconds(stage, ACCESS) == LONGEST_TOKEN_SECONDS + 120
    # A sign-out of the page is an entry, and there may be many: it lasts no longer than it must.
    assert entry_lifetime_seconds(stage, ACCESS, "cognito") == 15 * 60 + 120
    others_use_it = tuple(replace(each, client_ids=("theirs",)) for each in ACCESS.issuers)
    table = replace(ACCESS, issuers=others_use_it)
    assert entry_lifetime_seconds(stage, table, "cognito") == LONGEST_TOKEN_SECONDS + 120
    of_session = with_issuer.function(SESSION)["Environment"]["Variables"]
    assert of_session["REVOCATION_ENTRY_SECONDS"] == str(15 * 60 + 2 * 60)
    assert '\\"max_lifetime_seconds\\":900' in text
    [item] = parse_issuers(
        json.dumps(
            [
                {
                    "name": "p",
                    "issuer": "https://p.example",
                    "audiences": ["a"],
                    "max_lifetime_seconds": LONGEST_TOKEN_SECONDS,
                }
            ]
        )
    )
    assert item.max_lifetime_seconds == LONGEST_TOKEN_SECONDS


def texts(made: Synthesis, function: str) -> dict[str, str]:
    """A function's variables, with a word for what only a deployment knows."""
    variables = made.function(function)["Environment"]["Variables"]
    return {
        name: value if isinstance(value, str) else "https://known-when.deployed"
        for name, value in variables.items()
    }


def test_the_functions_that_write_are_told_how_long_an_entry_lasts(with_issuer: Synthesis) -> None:
    revoking = RevokingSettings.from_env(texts(with_issuer, REVOKING))
    assert revoking.bound_seconds == 10
    assert (revoking.issuers.names, revoking.issuers.default) == (
        {"cognito", "machines"},
        "cognito",
    )
    session = SessionSettings.from_env(texts(with_issuer, SESSION)).revoking
    assert session
    assert session.issuer_name == "cognito"
    assert session.lifetimes.of_renewals == session.lifetimes.of_tokens + 86_400


def test_the_function_that_revokes_adds_to_the_table_and_ends_refresh_tokens_alone(
    with_issuer: Synthesis,
) -> None:
    rights = [
        action
        for statement in statements_of(with_issuer, REVOKING)
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    ]
    assert sorted(rights) == [
        "cognito-idp:AdminUserGlobalSignOut",
        "cognito-idp:ListUsers",
        "dynamodb:PutItem",
    ]
    assert not any(
        statement["Resource"] == "*" for statement in statements_of(with_issuer, REVOKING)
    )


def test_what_the_command_needs_is_an_output(with_issuer: Synthesis, dev: Synthesis) -> None:
    names = {"RevocationTable", "ApiId"}
    assert names <= with_issuer.api["Outputs"].keys()
    assert not names & dev.api["Outputs"].keys()


def test_a_stage_without_it_has_no_variable_no_right_and_no_line_in_the_bundle(
    dev: Synthesis,
) -> None:
    assert "REVOCATION" not in json.dumps(told(dev))
    assert "max_lifetime_seconds" not in json.dumps(told(dev))
    assert statements_of(dev, AUTHORIZER) == []
    folder = LAMBDA_SRC / AUTHORIZER
    assert not any(path.is_relative_to(PART) for path in shared_modules(folder))
    assert NAMED == MODULE
    assert Path(f"{MODULE.replace('.', '/')}.py") in shared_modules(folder, named=[NAMED])


def test_a_jwt_route_stops_synth_by_name_unless_it_is_excepted_in_words() -> None:
    check_jwt_routes(config(**ON), ACCESS)
    silent = replace(
        ACCESS, routes=tuple(replace(route, accepts_revoked="") for route in ACCESS.routes)
    )
    check_jwt_routes(config(), silent)
    with pytest.raises(AccessInvalid) as refusal:
        check_jwt_routes(config(**ON), silent)
    assert str(refusal.value) == (
        "stacks/access.py: route 'GET /me', 'GET /partner/orders', 'GET /machine/me': the built-in "
        "authorizer cannot know what was taken back, and context.stages.dev.revocation is "
        "'closed': use authorizer='lambda', or say in accepts_revoked='...' why a revoked token may "
        "call it until it expires"
    )


@pytest.mark.parametrize("words", ["", "  "])
def test_words_that_say_nothing_except_nothing(words: str) -> None:
    [route] = [route for route in ACCESS.routes if route.key == "GET /me"]
    table = replace(ACCESS, routes=(replace(route, accepts_revoked=words),))
    with pytest.raises(AccessInvalid, match="route 'GET /me': the built-in"):
        check_jwt_routes(config(**ON), table)


def test_only_a_jwt_route_can_be_excepted() -> None:
    [route] = [route for route in ACCESS.routes if route.key == "GET /whoami"]
    table = replace(ACCESS, routes=(replace(route, accepts_revoked="why not"),))
    with pytest.raises(AccessInvalid, match="accepts_revoked: only the built-in authorizer takes"):
        check_table(table)
