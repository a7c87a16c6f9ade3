"""What a `needs.py` may say, and the one line that a wrong one is answered with."""

from pathlib import Path

import pytest

from aws_jwt_authorizer.needs import needs_checks
from aws_jwt_authorizer.needs.declared_needs import NeedsInvalid, declared_needs
from aws_jwt_authorizer.needs.needs import Needs, Table
from local.template import variables
from tests.sample.paths import BACKENDS

HEAD = """
from dataclasses import replace
from aws_jwt_authorizer.needs.needs import *
T = Table("orders", "owner", ("GetItem",))
"""
STAGES = ("dev", "prod")
ARN = "arn:aws:sqs:eu-west-1:111122223333:q"
LAYER = "arn:aws:lambda:eu-west-1:111122223333:layer:fonts:7"


def write(folder: Path, text: str, function: str = "orders") -> None:
    (folder / "lambda_src" / function).mkdir(parents=True, exist_ok=True)
    (folder / "lambda_src" / function / "needs.py").write_text(HEAD + text)


def needs(folder: Path, *functions: str, stage: str = "dev") -> Needs:
    names = functions or ("orders",)
    return declared_needs(folder / "lambda_src", names, stage, STAGES)[names[0]]


def refusal(folder: Path, *functions: str) -> str:
    with pytest.raises(NeedsInvalid) as caught:
        needs(folder, *functions)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_function_that_says_nothing_needs_little(tmp_path: Path) -> None:
    found = needs(tmp_path)
    assert found == Needs()
    assert (found.memory_mb, found.timeout_seconds) == (256, 10)


def test_a_stage_may_need_something_else(tmp_path: Path) -> None:
    write(
        tmp_path, "NEEDS = Needs(memory_mb=128)\nSTAGES = {'prod': replace(NEEDS, memory_mb=512)}"
    )
    assert (needs(tmp_path).memory_mb, needs(tmp_path, stage="prod").memory_mb) == (128, 512)


def test_the_needs_of_every_kind_are_taken() -> None:
    for stage in STAGES:
        found = declared_needs(BACKENDS, ["reports"], stage, STAGES)["reports"]
        assert found.named_variables == ("ORDER_LINES_TABLE", "PAYMENTS_SECRET")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ": it says nothing, write NEEDS = Needs(...)"),
        ("NEEDS = 256", ": NEEDS is 256, it must be Needs(...)"),
        ("NEEDS = Needs(\n", ", line 5: '(' was never closed"),
        ("\nNEEDS = Needs(memroy_mb=1)", ", line 6: TypeError: Needs.__init__() got an unexpected"),
        ("import nowhere", ", line 5: ModuleNotFoundError: No module named 'nowhere'"),
        ("NEEDS = Needs()\nSTAGES = 1", ": STAGES is 1, it must be a dictionary"),
        ("NEEDS = Needs()\nSTAGES = {'x': NEEDS}", ": STAGES has 'x', which is not a stage, use dev"),
        (
            "NEEDS = Needs()\nSTAGES = {'prod': Needs(memory_mb=1)}",
            ": STAGES['prod']: memory_mb is 1, it must be from 128 to 10240",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_with_what_to_write(
    tmp_path: Path, text: str, says: str
) -> None:
    write(tmp_path, text)
    assert refusal(tmp_path).startswith(f"lambda_src/orders/needs.py{says}")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("memory_mb='512'", "memory_mb is '512', it must be a whole number"),
        ("timeout_seconds=31", "timeout_seconds is 31, it must be from 1 to 30"),
        ("timeout_seconds=0", "timeout_seconds is 0, it must be from 1 to 30"),
        ("environment={'A': 1}", "environment['A'] is 1, it must be a string"),
        ("environment={'A-B': '1'}", "environment has 'A-B': begin with a letter"),
        ("environment={'AWS_REGION': 'x'}", "environment has 'AWS_REGION', which is set already"),
        (
            "environment={'POWERTOOLS_LOG_LEVEL': 'x'}",
            "environment has 'POWERTOOLS_LOG_LEVEL', which is",
        ),
        ("environment={'AB': 'x' * 5000}", "environment has 5010 bytes, and Lambda takes 4096"),
        ("tables=(T,), environment={'ORDERS_TABLE': 'x'}", "environment has 'ORDERS_TABLE', which"),
        ("tables=T", "tables is Table(name='orders', partition_key='owner', actions=('GetItem',)"),
        ("tables=(T, T)", "tables has 'orders' twice: name it once"),
        ("tables=(replace(T, name='Orders'),)", "tables has 'Orders': use lower-case letters"),
        ("tables=(replace(T, actions=()),)", "table 'orders': actions is empty: say what"),
        ("tables=(replace(T, actions=('Get',)),)", "tables[0].actions[0] is 'Get', it must be"),
        ("tables=(replace(T, sort_key='owner'),)", "table 'orders': sort_key is 'owner' like part"),
        ("tables=(replace(T, partition_key=''),)", "table 'orders': a key has no name"),
        (
            "tables=(replace(T, expires_at='owner'),)",
            "table 'orders': expires_at is 'owner', which",
        ),
        (
            "tables=(replace(T, indexes=(Index('by', 'owner'),)),)",
            "table 'orders': index 'by': use 3 to 255",
        ),
        (
            "tables=(replace(T, indexes=(Index('twice', 'a'), Index('twice', 'b'))),)",
            "table 'orders': index 'twice' is there twice",
        ),
        (
            "tables=(replace(T, indexes=(Index('other', Key('owner', 'number')),)),)",
            "table 'orders': key 'owner' is a string here and a number elsewhere",
        ),
        (
            "tables=(replace(T, indexes=tuple(Index(f'i{n:02}', 'a') for n in range(21))),)",
            "table 'orders': 21 indexes, and a table takes 20",
        ),
        ("secrets=(Secret('A', 'x'),)", "secrets has 'A': use lower-case letters"),
        ("permissions=(Permission((), ('x',)),)", "permissions[0].resources has 'x': write an ARN"),
        (f"permissions=(Permission((), ('{ARN}',)),)", "permissions[0].actions is empty"),
        (
            f"permissions=(Permission(('SendMessage',), ('{ARN}',)),)",
            "permissions[0].actions has 'SendMessage': write it as 'service:Action'",
        ),
        (
            "permissions=(Permission(('sqs:SendMessage',), ('*',)),)",
            "permissions[0].resources has '*': name what is meant, or say why='...'",
        ),
        (
            f"permissions=(Permission(('sqs:*',), ('{ARN}',)),)",
            "permissions[0].actions has 'sqs:*': name what is meant",
        ),
        ("vpc=Vpc(('a',), ('sg-0a1b2c3d',))", "vpc.subnet_ids has 'a': write it like 'subnet-"),
        ("vpc=Vpc(('subnet-0a1b2c3d',), ())", "vpc.security_group_ids is empty: name at least one"),
        ("layers=('fonts:7',)", "layers has 'fonts:7': write the ARN of a layer's version"),
        (f"layers=tuple('{LAYER}' + str(n) for n in range(6))", "layers has 6, and Lambda takes 5"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_file_field_and_fix(
    tmp_path: Path, said: str, says: str
) -> None:
    write(tmp_path, f"NEEDS = Needs({said})")
    assert refusal(tmp_path).startswith(f"lambda_src/orders/needs.py: NEEDS: {says}")


def test_functions_may_share_a_table_and_each_says_what_it_does_with_it(tmp_path: Path) -> None:
    write(tmp_path, "NEEDS = Needs(tables=(T,))")
    write(tmp_path, "NEEDS = Needs(tables=(replace(T, actions=('Query',)),))", "reports")
    assert needs(tmp_path, "orders", "reports").tables == (Table("orders", "owner", ("GetItem",)),)


def test_a_shared_table_is_the_same_for_all(tmp_path: Path) -> None:
    write(tmp_path, "NEEDS = Needs(tables=(T,))")
    write(tmp_path, "NEEDS = Needs(tables=(replace(T, sort_key='id'),))", "reports")
    assert refusal(tmp_path, "orders", "reports") == (
        "lambda_src/reports/needs.py: table 'orders' is not as in lambda_src/orders/needs.py: "
        "only its actions may differ"
    )


def test_what_lambda_sets_itself_is_the_same_where_it_is_declared_and_where_it_is_served() -> None:
    """Deployment and local stack share no code, so that each has a list."""
    assert needs_checks._LAMBDAS_OWN == variables.RESERVED
