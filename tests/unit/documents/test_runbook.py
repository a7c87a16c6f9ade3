"""docs/runbook.md: a heading for each alarm and each reason code, and commands that there are."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

import authorizer.errors  # noqa: F401  # its codes are subclasses of the verifier's
from jwt_verifier.errors import VerifierError
from tests.alarms import alarms
from tests.saved_queries import queries

ROOT = Path(__file__).parents[3]
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
AUTHORIZER = ROOT / "lambda_src/authorizer"
REASON = re.compile(r"[a-z]+(?:_[a-z]+)+|allowed")
PARTS = ("Means", "Look", "Do")
OF_THE_COMMAND_LINE = {"cli-binary-format", "query-string", "payload"}


def headings(chapter: str) -> dict[str, str]:
    """The text under each heading of a chapter."""
    [body] = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.+)\n", body, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def codes(of: type[VerifierError] = VerifierError) -> Iterator[str]:
    for each in of.__subclasses__():
        if "code" in vars(each):
            yield each.code
        yield from codes(each)


def reasons_in(path: Path) -> Iterator[str]:
    """The reasons of a module: what a text gives before its colon, a keyword, or a constant."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        texts: list[ast.expr] = []
        if isinstance(node, ast.JoinedStr):
            texts = node.values[:1]
        elif isinstance(node, ast.Call):
            texts = [word.value for word in node.keywords if word.arg == "reason"]
            texts += node.args[:1] if getattr(node.func, "id", "").startswith("_Holds") else []
        elif isinstance(node, ast.AnnAssign) and node.value:
            texts = [node.value] if getattr(node.target, "id", "").endswith("_ALLOWED") else []
        for text in texts:
            value = getattr(text, "value", None)
            if not isinstance(value, str):
                continue
            ends_in_colon = value.endswith(":") or not isinstance(node, ast.JoinedStr)
            if ends_in_colon and REASON.fullmatch(value.removesuffix(":")):
                yield value.removesuffix(":")


def every_reason() -> set[str]:
    own = ("policy.py", "conditions.py", "access_check.py")
    of_policy = {reason for name in own for reason in reasons_in(AUTHORIZER / name)}
    assert {"missing_scope", "claim_mismatch", "issuer_not_allowed", "no_rule_met"} <= of_policy
    return {*codes(), *of_policy, "internal_error"}


def test_each_alarm_has_a_heading_and_no_heading_is_without_an_alarm() -> None:
    assert headings("Alarms").keys() == alarms().keys()


def test_each_reason_code_has_a_heading_and_no_heading_is_without_a_code() -> None:
    assert headings("Reason codes").keys() == every_reason()


@pytest.mark.parametrize("chapter", ["Alarms", "Reason codes"])
def test_each_heading_says_what_it_means_how_to_look_and_what_to_do(chapter: str) -> None:
    for name, text in headings(chapter).items():
        assert re.findall(r"^- \*\*(\w+)\.\*\* \S", text, re.MULTILINE) == list(PARTS), name


def test_each_saved_query_is_named_and_each_that_is_named_is_saved() -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", RUNBOOK))
    assert queries().keys() <= named
    assert named - queries().keys() <= alarms().keys() | {"rotate-now", "apigw-requestid"}


def test_each_link_leads_to_a_heading_or_a_file() -> None:
    anchors = {
        re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
        for title in re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", RUNBOOK):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        else:
            assert (ROOT / "docs" / target).is_file(), target


def commands() -> list[str]:
    shown = re.findall(r"^\$ (.+)$", RUNBOOK, re.MULTILINE)
    return shown + re.findall(r"`(aws [^`]+)`", RUNBOOK)


@pytest.mark.parametrize("command", commands())
def test_each_command_is_one_of_the_aws_command_line(command: str) -> None:
    """They need an account, as the page says; what they ask for is looked up in AWS's own models."""
    aws, service, operation, *rest = shlex.split(command)
    assert aws == "aws"
    model = botocore.session.Session().get_service_model(service)
    by_name = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(by_name[operation]).input_shape
    assert shape is not None
    known = {xform_name(member, "-") for member in shape.members}
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    assert given <= known | OF_THE_COMMAND_LINE
    assert {xform_name(member, "-") for member in shape.required_members} <= given
