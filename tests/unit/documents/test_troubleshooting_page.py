"""docs/troubleshooting.md: every reason code that there is, from its one home."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import authorizer.errors  # noqa: F401  # its codes are subclasses of the verifier's
from authorizer.explain.reasons import REASONS_FILE, reasons
from authorizer.explain.troubleshooting import page
from jwt_verifier.errors import VerifierError

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/troubleshooting.md"
AUTHORIZER = ROOT / "lambda_src/authorizer"
REASON = re.compile(r"[a-z]+(?:_[a-z]+)+|allowed")


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


def test_each_reason_code_is_explained_and_none_is_that_does_not_exist() -> None:
    explained, there_are = set(reasons()), every_reason()
    home = REASONS_FILE.relative_to(ROOT)
    missing, gone = sorted(there_are - explained), sorted(explained - there_are)
    assert not missing, f"{home}: say of {missing} what it means, an input that causes it, the fix"
    assert not gone, f"{home}: {gone} is not a reason code: take it out"


def test_the_page_is_what_its_home_makes_of_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make snapshot"
