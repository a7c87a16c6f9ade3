"""The assembly of an app that is not ours -> what is served, or all that stands in the way, at once."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from local.errors import AssemblyUnsupported, LocalError
from local.template.refusals import read_foreign_app

from .test_template import API, IDENTITY, assembly

NO_POOL: dict[str, Any] = {"Resources": {}}
METADATA = {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2"}, "Condition": "CDKMetadataAvailable"}  # fmt: skip


@pytest.fixture
def api() -> dict[str, Any]:
    """The API of a template without a pool: no variable and no authorizer names one."""
    made = deepcopy(API)
    resources = made["Resources"]
    del resources["Function"]["Properties"]["Environment"]
    for name in [key for key, item in resources.items() if item["Type"].endswith("::Authorizer")]:
        del resources[name]
    for item in resources.values():
        if item["Type"].endswith("::Route"):
            for name in ("AuthorizerId", "AuthorizationType", "AuthorizationScopes"):
                item["Properties"].pop(name, None)
    return made


def told(folder: Path, identity: Any, api: Any) -> list[str]:
    with pytest.raises(AssemblyUnsupported) as caught:
        read_foreign_app(assembly(folder, identity, api))
    first, *lines = str(caught.value).splitlines()
    count = "one thing" if len(lines) == 1 else f"{len(lines)} things"
    assert first == f"{count} in this assembly cannot be served:"
    return [line.strip() for line in lines]


def test_an_app_needs_no_pool_and_may_hold_what_cdks_command_line_adds(
    tmp_path: Path, api: dict[str, Any]
) -> None:
    api["Conditions"] = {"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}
    api["Resources"]["CDKMetadata"] = METADATA
    app = read_foreign_app(assembly(tmp_path, NO_POOL, api))
    assert app.pools == ()
    assert app.api.routes


def test_all_that_is_refused_is_told_at_once(tmp_path: Path, api: dict[str, Any]) -> None:
    resources = api["Resources"]
    resources["Queue"] = {"Type": "AWS::Lambda::EventSourceMapping"}
    resources["Socket"] = {"Type": "AWS::ApiGateway::RestApi"}
    resources["Stage"]["Properties"]["AutoDeploy"] = False
    resources["Function"]["Properties"] |= {"CapacityProviderConfig": {}, "FileSystemConfigs": []}
    resources["Role"]["Condition"] = "Prod"
    lines = told(tmp_path, IDENTITY, api)
    assert sorted(line.partition(": ")[0] for line in lines) == [
        "Api.Function, property CapacityProviderConfig",
        "Api.Function, property FileSystemConfigs",
        "Api.Queue",
        "Api.Role",
        "Api.Socket",
        "Api.Stage, property AutoDeploy",
    ]


def test_what_is_refused_for_the_sake_of_another_thing_alone_is_not_told(
    tmp_path: Path, api: dict[str, Any]
) -> None:
    api["Resources"]["Function"]["Properties"]["Code"] = {"ZipFile": "x"}
    api["Resources"]["Stage"]["Properties"]["ClientCertificateId"] = "c"
    lines = told(tmp_path, NO_POOL, api)
    assert [line.partition(": ")[0] for line in lines] == [
        "Api.Function, property Code.S3Key",
        "Api.Stage, property ClientCertificateId",
    ]


def test_of_a_function_for_another_runtime_the_rest_is_told_too(
    tmp_path: Path, api: dict[str, Any]
) -> None:
    api["Resources"]["Function"]["Properties"] |= {"Runtime": "nodejs24.x", "FileSystemConfigs": []}
    lines = told(tmp_path, NO_POOL, api)
    assert [line.partition(": ")[0] for line in lines] == [
        "Api.Function, property Runtime",
        "Api.Function, property FileSystemConfigs",
    ]


def test_a_folder_that_holds_no_assembly_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="holds no cloud assembly: name the folder that cdk synth"):
        read_foreign_app(tmp_path)


def test_an_assembly_without_an_api_is_told_so(tmp_path: Path) -> None:
    [line] = told(tmp_path, NO_POOL, {"Resources": {}})
    assert line.startswith("the app has 0 HTTP APIs")


def test_routes_of_an_api_that_is_named_by_its_id_are_served(
    tmp_path: Path, api: dict[str, Any]
) -> None:
    resources = api["Resources"]
    del resources["Api"], resources["Stage"]
    for item in resources.values():
        if item.get("Properties", {}).get("ApiId"):
            item["Properties"]["ApiId"] = "a1b2c3d4e5"
    app = read_foreign_app(assembly(tmp_path, NO_POOL, api))
    assert app.api.id == "a1b2c3d4e5"
    assert [stage.name for stage in app.api.stages] == ["$default"]
    assert app.api.routes
