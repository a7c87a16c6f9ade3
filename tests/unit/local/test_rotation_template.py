"""A template's rotation: what of it is modelled, and what is refused with its place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.errors import TemplateUnsupported
from local.template.local_app import LocalApp
from local.template.read import read_local_app
from tests.unit.local.test_secret_template import SECRET
from tests.unit.local.test_template import API, IDENTITY, assembly

Read = Callable[..., LocalApp]
ROTATION = {
    "SecretId": {"Ref": "Secret"},
    "RotationLambdaARN": {"Fn::GetAtt": ["Function", "Arn"]},
    "RotationRules": {"AutomaticallyAfterDays": 30},
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_with(**changes: Any) -> LocalApp:
        kind = "AWS::SecretsManager::RotationSchedule"
        rotation = {"Type": kind, "Properties": {**ROTATION, **changes}}
        resources = {**API["Resources"], "Secret": SECRET, "Rotation": rotation}
        return read_local_app(
            assembly(tmp_path, IDENTITY, copy.deepcopy({**API, "Resources": resources}))
        )

    return read_with


@pytest.mark.parametrize(
    ("changes", "at_once"),
    [
        ({}, True),
        ({"RotateImmediatelyOnUpdate": True}, True),
        ({"RotateImmediatelyOnUpdate": False}, False),
    ],
)
def test_a_rotation_names_its_secret_and_its_function(
    read: Read, changes: dict[str, Any], at_once: bool
) -> None:
    app = read(**changes)
    [rotation] = app.rotations
    assert rotation.secret_arn == app.secrets[0].arn
    assert rotation.function_name == app.functions[0].name
    assert rotation.at_once is at_once


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SecretId": "arn:of-another"}, "SecretId: arn:of-another is not a secret of this app"),
        ({"RotationLambdaARN": "arn:x"}, "RotationLambdaARN: arn:x is not a function of this app"),
        ({"HostedRotationLambda": {"RotationType": "MySQLSingleUser"}}, "HostedRotationLambda: "),
    ],
)
def test_another_rotation_is_refused_by_its_property(
    read: Read, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(TemplateUnsupported, match=f"Api.Rotation.*{named}"):
        read(**changes)
