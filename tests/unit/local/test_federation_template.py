"""An identity provider in a cloud assembly, its secret joined from parts as CDK may write it."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from local.errors import TemplateUnsupported
from local.template.local_app import LocalApp
from local.template.read import read_local_app
from tests.unit.local.test_template import API, IDENTITY, assembly

JOINED = {"Fn::Join": ["", ["{{resolve:secretsmanager:", "corp", ":SecretString:key::}}"]]}
PLAIN = "{{resolve:secretsmanager:corp:SecretString:key::}}"


def read(folder: Path, secret: Any) -> LocalApp:
    identity = deepcopy(IDENTITY)
    identity["Resources"]["Corp"] = {
        "Type": "AWS::Cognito::UserPoolIdentityProvider",
        "Properties": {
            "UserPoolId": {"Ref": "Pool"},
            "ProviderName": "Corp",
            "ProviderType": "OIDC",
            "ProviderDetails": {
                "client_id": "ours",
                "client_secret": secret,
                "oidc_issuer": "http://127.0.0.1:9000",
                "authorize_scopes": "openid",
            },
        },
    }
    web = identity["Resources"]["Web"]["Properties"]
    web["SupportedIdentityProviders"] = ["COGNITO", {"Ref": "Corp"}]
    return read_local_app(assembly(folder, identity, API))


def test_an_app_with_a_provider_is_served_and_the_same_when_it_is_read_again(
    tmp_path: Path,
) -> None:
    app = read(tmp_path, JOINED)
    (pool,) = app.pools
    assert [provider.name for provider in pool.identity_providers] == ["Corp"]
    assert pool.clients[0].identity_providers == ("COGNITO", "Corp")
    assert read(tmp_path, PLAIN) == app
    assert read(tmp_path, PLAIN.replace("key", "other")) != app


def test_a_reference_to_another_service_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read(tmp_path, "{{resolve:ssm-secure:corp}}")
    assert str(raised.value).startswith(
        "Identity.Corp, property ProviderDetails: a dynamic reference to 'ssm-secure'"
    )
