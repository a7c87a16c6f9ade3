"""What `from aws_jwt_authorizer import ...` gives, and that it brings no CDK before it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

import aws_jwt_authorizer
from aws_jwt_authorizer.access import presets, rules

ROOT = Path(__file__).parents[3]
WITHOUT_CDK = """
import sys
import aws_jwt_authorizer
from aws_jwt_authorizer import AnyOf, Issuer, PathParameter, Rule, TokenUse, presets
print(sorted(name for name in ("aws_cdk", "constructs", "jsii") if name in sys.modules))
"""


def test_the_words_of_a_table_need_no_cdk() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_CDK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_names_are_those_of_their_homes() -> None:
    assert aws_jwt_authorizer.Rule is rules.Rule
    assert aws_jwt_authorizer.presets is presets


def test_a_name_that_is_not_there_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'aws_jwt_authorizer' has no attribute 'Jwt'"):
        aws_jwt_authorizer.Jwt  # noqa: B018  # it is looked for
