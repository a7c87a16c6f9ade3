"""CloudFormation's custom resource: the deployment goes on only when the issuer answers and signs."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from key_rotation.deployment import Deployment, DeploymentRequest
from key_rotation.errors import DeploymentInvalid
from key_rotation.settled import FIVE_MINUTES
from key_rotation.signature_proof import PREFIX, SignatureProof
from tests.integration.token_issuer.issuer import Issuer, new_issuer
from tests.integration.token_issuer.served import Served, served
from tests.integration.token_issuer.strict_kms import refusal
from token_issuer.signing import PROOF_PREFIX

IDENTITY = {"StackId": "arn:stack", "RequestId": "request-1", "LogicalResourceId": "Ready"}


class Lambda:
    """A client of Lambda, in whose account there is one function: an issuer's."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        self.answer = answer

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803  # AWS's
        assert FunctionName == "issuer"
        try:
            answer = self.answer(json.loads(Payload))
        except RuntimeError as error:
            body = json.dumps({"errorMessage": str(error)}).encode()
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(body)}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


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
    proof = SignatureProof(Lambda(deployed.answer), "issuer")
    deployment = Deployment(deployed.rotation, proof, sleep=sleep or pauses.append)
    deployment.answer(request(network, kind))
    return network.put[-1]


def test_creating_makes_the_first_keys_and_waits_until_both_documents_answer(
    deployed: Issuer, network: Served
) -> None:
    answer = deploy(deployed, network, "Create")
    assert answer == {
        **IDENTITY,
        "Status": "SUCCESS",
        "Reason": "the issuer answers and signs",
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
    assert len(network.asked) == len(FIVE_MINUTES) + 1


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
    assert len(deployed.kms.account.enabled()) == 2
    for _ in range(2):
        assert deploy(deployed, network, "Delete")["Status"] == "SUCCESS"
    assert deployed.kms.account.enabled() == set()
    assert deployed.beside().get("/.well-known/jwks.json").status == 503


@pytest.mark.parametrize("url", ["http://elsewhere.example/", "file:///etc/passwd", ""])
def test_neither_url_may_lead_elsewhere_than_to_https(network: Served, url: str) -> None:
    with pytest.raises(DeploymentInvalid):
        request(network, "Create", issuer=url)


def test_an_event_that_cannot_be_answered_is_refused() -> None:
    with pytest.raises(DeploymentInvalid, match="not a custom resource request"):
        DeploymentRequest.from_event({"RequestType": "Create"})


def passing(times: int, code: str) -> Callable[[dict[str, Any]], str | None]:
    """A fault that goes away after so many calls."""
    left = [code] * times
    return lambda _: left.pop() if left else None


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("create_key", "AccessDeniedException"),
        ("create_key", "MalformedPolicyDocumentException"),
        ("get_public_key", "AccessDeniedException"),
        ("get_public_key", "NotFoundException"),
        ("sign", "AccessDeniedException"),
        ("sign", "NotFoundException"),
    ],
)
def test_a_first_deployment_waits_for_iam_and_kms_to_settle(
    deployed: Issuer, network: Served, operation: str, code: str
) -> None:
    """The name of a new role, its permissions and a new key are not known everywhere at once."""
    deployed.kms.faults[operation] = passing(5, code)
    assert deploy(deployed, network, "Create")["Status"] == "SUCCESS"
    assert len(deployed.kms.account.keys) == 2


def test_a_table_whose_permissions_settle_is_waited_for_too(
    deployed: Issuer, network: Served
) -> None:
    fault = passing(5, "AccessDeniedException")

    class Settling:
        def __getattr__(self, name: str) -> Any:
            return getattr(deployed.dynamodb, name)

        def get_item(self, **arguments: Any) -> Any:
            code = fault(arguments)
            if code:
                raise refusal("get_item", code)
            return deployed.dynamodb.get_item(**arguments)

        def put_item(self, **arguments: Any) -> Any:
            self.get_item(TableName=arguments["TableName"], Key={"id": arguments["Item"]["id"]})
            return deployed.dynamodb.put_item(**arguments)

    unsettled = deployed.beside(dynamodb=Settling(), issuer_url=network.url)
    deployed.rotation = unsettled.rotation
    assert deploy(deployed, network, "Create")["Status"] == "SUCCESS"
    assert unsettled.pauses == [1, 2, 4, 8, 16]


def test_what_never_settles_fails_the_deployment_after_a_minute_or_five(
    deployed: Issuer, network: Served
) -> None:
    deployed.kms.faults["create_key"] = "AccessDeniedException"
    assert "AccessDenied" in deploy(deployed, network, "Create")["Reason"]
    assert 60 <= sum(deployed.pauses) <= 90
    deployed.kms.faults = {"get_public_key": "AccessDeniedException"}
    deployed.pauses.clear()
    assert "AccessDenied" in deploy(deployed, network, "Create")["Reason"]
    assert 300 <= sum(deployed.pauses) <= 330


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AccessDeniedException", "the issuer cannot sign: kms_AccessDeniedException"),
        ("ThrottlingException", "the issuer cannot sign: kms_ThrottlingException"),
    ],
)
def test_an_issuer_that_cannot_sign_fails_the_deployment_though_its_documents_answer(
    deployed: Issuer, network: Served, code: str, reason: str
) -> None:
    deployed.kms.faults["sign"] = code
    answer = deploy(deployed, network, "Create")
    assert (answer["Status"], answer["Reason"]) == ("FAILED", f"IssuerNotReady: {reason}")


def other_signature(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda question: answer({**question, "nonce": "0" * 32})


def broken(_: Any) -> Any:
    raise RuntimeError


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other_signature, "not one of a published key (InvalidSignature)"),
        (
            lambda answer: lambda q: {**answer(q), "kid": "x"},
            "not one of a published key (KeyError)",
        ),
        (lambda _: lambda _: {}, "not one of a published key (KeyError)"),
        (lambda _: lambda _: "text", "fails; its log says why"),
        (lambda _: broken, "fails; its log says why"),
    ],
)
def test_only_a_signature_of_a_published_key_over_the_nonce_is_a_proof(
    deployed: Issuer, network: Served, change: Any, reason: str
) -> None:
    network.answer, deployed.answer = deployed.answer, change(deployed.answer)
    answer = deploy(deployed, network, "Create")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].endswith(reason)


@pytest.mark.parametrize("nonce", [None, "", "a.b", "0" * 31, "0" * 33, "g" * 32, 7])
def test_nothing_but_a_nonce_is_ever_signed_for_a_proof(deployed: Issuer, nonce: Any) -> None:
    deployed.rotation.run()
    answer = deployed.answer({"action": "prove-signature", "nonce": nonce})
    assert answer == {"error": "invalid_request", "reason": "invalid_request"}
    assert "sign" not in deployed.kms.calls


def test_both_functions_sign_and_verify_one_and_the_same_text() -> None:
    assert PREFIX == PROOF_PREFIX
    assert b" " in PREFIX


def test_a_request_through_the_gateway_is_never_a_question_for_a_proof(deployed: Issuer) -> None:
    deployed.rotation.run()
    event = {"routeKey": "$default", "action": "prove-signature", "nonce": "0" * 32}
    assert deployed.answer(event)["statusCode"] == 404


def test_an_update_whose_ring_table_is_new_makes_keys_again(
    deployed: Issuer, network: Served
) -> None:
    deploy(deployed, network, "Create")
    deployed.dynamodb.delete_item(TableName=deployed.tables.ring, Key={"id": {"S": "signing-keys"}})
    assert deploy(deployed, network, "Update")["Status"] == "SUCCESS"
