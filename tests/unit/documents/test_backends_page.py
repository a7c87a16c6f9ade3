"""What docs/backends.md says of functions, held to what they get and to what is checked."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from authorizer.policy import Decision
from authorizer.response import render
from aws_jwt_authorizer.access.backend_claims import ALWAYS_THERE
from aws_jwt_authorizer.needs.declared_needs import NeedsInvalid, declared_needs
from aws_jwt_authorizer.needs.needs import Needs
from jwt_verifier.tokens import VerifiedToken

PAGE = (Path(__file__).parents[3] / "docs" / "backends.md").read_text(encoding="utf-8")
TYPES = {"text": str, "number": int}


def section(heading: str) -> str:
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_each_member_of_the_context_stands_in_the_table_with_its_type() -> None:
    token = VerifiedToken(
        issuer="https://i.example",
        issuer_name="cognito",
        subject=None,
        client_id=None,
        token_use=None,
        scopes=(),
        groups=(),
        expires_at=1_700_000_000,
        claims={},
        key_id="k",
    )
    context = render(token, Decision(allowed=True, reason="allowed"))["context"]
    assert isinstance(context, dict)
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", section("What reaches a function"), re.MULTILINE)
    assert {name: TYPES[kind] for name, kind in rows} == {
        name: type(value) for name, value in context.items()
    }
    assert {name for name, _ in rows} == ALWAYS_THERE


def test_each_field_of_needs_stands_in_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section("What a function needs"), re.MULTILINE)
    assert rows == [field.name for field in fields(Needs)]


def test_the_example_of_needs_is_one_that_can_be_used(tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", section("What a function needs"), re.DOTALL)
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "needs.py").write_text(example)
    found = {
        stage: declared_needs(tmp_path, ["orders"], stage, ("dev", "prod"))["orders"]
        for stage in ("dev", "prod")
    }
    assert (found["dev"].vpc, found["dev"].memory_mb) == (None, 512)
    assert found["prod"].vpc is not None
    assert found["prod"].named_variables == ("ORDERS_TABLE", "PAYMENTS_SECRET")


def test_the_message_that_is_quoted_is_the_one_that_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "lambda_src"
    (folder / "orders").mkdir(parents=True)
    head = "from aws_jwt_authorizer.needs.needs import Needs\n"
    (folder / "orders" / "needs.py").write_text(f"{head}NEEDS = Needs(memory_mb=64)\n")
    with pytest.raises(NeedsInvalid) as caught:
        declared_needs(folder, ["orders"], "dev", ("dev",))
    assert f"(`{caught.value}`)" in section("What a function needs")
