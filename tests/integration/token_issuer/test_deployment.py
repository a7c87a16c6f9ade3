"""CloudFormation's custom resource: the deployment goes on only when the issuer answers."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from key_rotation.deployment import TRIES, Deployment, DeploymentRequest
from key_rotation.errors import DeploymentInvalid
from tests.integration.token_issuer.issuer import Issuer, new_issuer
from tests.integration.token_issuer.served import Served, served

IDENTITY = {"StackId": "arn:stack", "RequestId": "request-1", "LogicalResourceId": "Ready"}


@pytest.fixture
def network() -> Iterator[Served]:
    with served() as state:
        yield state


@pytest.fixture
def deployed(network: Served, kms: Any, dynamodb: Any) -> Issuer:
    """An issuer on the network, without keys."""
    made = new_issuer(kms, dynamodb, issuer_url=network.url)
    network.answer = made.answer
    return made


def request(network: Served, kind: str, issuer: str | None = None) -> DeploymentRequest:
    return DeploymentRequest.from_event(
        {
            "RequestType": kind,
            "ResponseURL": f"{network.url}/answer?signed=yes",
            "ResourceProperties": {"IssuerUrl": network.url if issuer is None else issuer},
            **IDENTITY,
        }
    )


def deploy(
    deployed: Issuer, network: Served, kind: str, sleep: Callable[[float], None] | None = None
) -> dict[str, Any]:
    pauses: list[float] = []
    Deployment(deployed.rotation, sleep=sleep or pauses.append).answer(request(network, kind))
    return network.put[-1]


def test_creating_makes_the_first_keys_and_waits_until_both_documents_answer(
    deployed: Issuer, network: Served
) -> None:
    answer = deploy(deployed, network, "Create")
    assert answer == {
        **IDENTITY,
        "Status": "SUCCESS",
        "Reason": "the issuer answers",
        "PhysicalResourceId": "issuer-ready",
    }
    assert network.asked == [
        "GET /.well-known/openid-configuration",
        "GET /.well-known/jwks.json",
    ]
    assert deployed.ask().status == 200


def test_the_answer_carries_no_content_type_for_the_url_was_signed_without(
    deployed: Issuer, network: Served
) -> None:
    deploy(deployed, network, "Create")
    assert network.put_types == [""]


def test_an_api_that_takes_a_while_to_answer_is_asked_again(
    deployed: Issuer, network: Served
) -> None:
    answer, network.answer = network.answer, None
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            network.answer = answer

    assert deploy(deployed, network, "Create", sleep)["Status"] == "SUCCESS"
    assert len(pauses) == 3


def test_an_issuer_that_never_answers_fails_the_deployment_and_says_why(
    deployed: Issuer, network: Served
) -> None:
    network.answer = None
    answer = deploy(deployed, network, "Create")
    assert answer["Status"] == "FAILED"
    assert "IssuerNotReady" in answer["Reason"]
    assert "openid-configuration" in answer["Reason"]
    assert len(network.asked) == TRIES


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": "https://other.example"}, "another issuer"),
        ({"jwks_uri": "https://other.example/keys"}, "not the issuer's"),
        ({"jwks_uri": None}, "not the issuer's"),
    ],
)
def test_a_discovery_document_that_lies_fails_the_deployment(
    deployed: Issuer, network: Served, changes: dict[str, Any], reason: str
) -> None:
    honest = deployed.answer

    def lying(event: Any) -> dict[str, Any]:
        response = honest(event)
        return {**response, "body": json.dumps({**json.loads(response["body"]), **changes})}

    network.answer = lying
    answer = deploy(deployed, network, "Create")
    assert answer["Status"] == "FAILED"
    assert reason in answer["Reason"]


def test_an_update_keeps_the_keys_and_the_resource(deployed: Issuer, network: Served) -> None:
    created = deploy(deployed, network, "Create")
    keys = deployed.get("/.well-known/jwks.json").body
    updated = deploy(deployed, network, "Update")
    assert updated["PhysicalResourceId"] == created["PhysicalResourceId"]
    assert deployed.beside().get("/.well-known/jwks.json").body == keys


def test_deleting_deletes_every_key_and_may_be_done_twice(
    deployed: Issuer, network: Served
) -> None:
    deploy(deployed, network, "Create")
    key_ids = [key["KeyId"] for key in deployed.kms.list_keys()["Keys"]]
    before = {key for key in key_ids if state(deployed, key) == "Enabled"}
    for _ in range(2):
        assert deploy(deployed, network, "Delete")["Status"] == "SUCCESS"
    gone = [key for key in before if state(deployed, key) == "PendingDeletion"]
    assert len(gone) == 2
    assert deployed.beside().get("/.well-known/jwks.json").status == 503


def state(issuer: Issuer, key_id: str) -> str:
    described: str = issuer.kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]
    return described


@pytest.mark.parametrize("url", ["http://elsewhere.example/", "file:///etc/passwd", ""])
def test_neither_url_may_lead_elsewhere_than_to_https(network: Served, url: str) -> None:
    with pytest.raises(DeploymentInvalid):
        request(network, "Create", issuer=url)


def test_an_event_that_cannot_be_answered_is_refused() -> None:
    with pytest.raises(DeploymentInvalid, match="no custom resource request"):
        DeploymentRequest.from_event({"RequestType": "Create"})
