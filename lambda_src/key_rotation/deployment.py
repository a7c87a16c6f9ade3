"""A request of CloudFormation's custom resource -> the issuer made ready, and the answer to it.

Create and Update run the rotation, so that the first keys are there, ask for discovery and the key
set as API Gateway will when a JWT authorizer is created, and have the issuer prove a signature:
only then may the deployment go on. Delete deletes the keys. (CloudFormation, "Custom resource
request objects" and "response objects".)
"""

import json
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jwt_verifier.discovery import DiscoveryInvalid, discovery_uri, parse_metadata
from jwt_verifier.https import HTTP_OK, NoAnswer, Request, ask
from jwt_verifier.strict_json import JsonInvalid, parse_object
from jwt_verifier.urls import is_safe_url
from key_rotation.errors import DeploymentInvalid, IssuerNotReady
from key_rotation.rotate import Rotation
from key_rotation.settled import FIVE_MINUTES, Sleep
from key_rotation.signature_proof import SignatureProof

ANSWER_SECONDS: Final = 1.5
"""What API Gateway itself allows an issuer (HTTP API quotas)."""

MAX_REASON_CHARACTERS: Final = 500
PHYSICAL_ID: Final = "issuer-ready"
"""Always the same: an update is never taken for a replacement, whose end would delete the keys."""


@dataclass(frozen=True, slots=True)
class DeploymentRequest:
    """What CloudFormation asks.

    Attributes:
        kind: "Create", "Update" or "Delete".
        issuer: The URL whose documents must answer.
        response_url: Where the answer goes; CloudFormation waits until it has come.
        identity: What the answer must repeat.
    """

    kind: str
    issuer: str
    response_url: str
    identity: Mapping[str, str]

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "DeploymentRequest":
        """Read the event.

        Raises:
            DeploymentInvalid: It cannot even be answered.
        """
        try:
            properties = event["ResourceProperties"]
            request = cls(
                kind=str(event["RequestType"]),
                issuer=str(properties["IssuerUrl"]),
                response_url=str(event["ResponseURL"]),
                identity={
                    name: str(event[name]) for name in ("StackId", "RequestId", "LogicalResourceId")
                },
            )
        except (KeyError, TypeError) as error:
            raise DeploymentInvalid(
                f"the event is not a custom resource request: {error}"
            ) from None
        for url in (request.issuer, request.response_url):
            if not is_safe_url(url):
                raise DeploymentInvalid("IssuerUrl and ResponseURL must be https URLs")
        return request


class Deployment:
    """Makes the issuer ready while it is deployed."""

    def __init__(
        self, rotation: Rotation, proof: SignatureProof, *, sleep: Sleep = time.sleep
    ) -> None:
        self._rotation = rotation
        self._proof = proof
        self._sleep = sleep

    def answer(self, request: DeploymentRequest) -> None:
        """Handle the request and tell CloudFormation the outcome, even after a failure."""
        status, reason = "SUCCESS", "the issuer answers and signs"
        try:
            if request.kind == "Delete":
                self._rotation.end()
            else:
                self._rotation.run()
                self._wait_until_ready(request.issuer)
        except Exception as error:  # noqa: BLE001  # without an answer CloudFormation waits an hour
            status, reason = "FAILED", f"{type(error).__name__}: {error}"
        body = {
            **request.identity,
            "Status": status,
            "Reason": reason[:MAX_REASON_CHARACTERS],
            "PhysicalResourceId": PHYSICAL_ID,
        }
        # S3 has signed the URL without a content type, so there must be none.
        put = urllib.request.Request(  # noqa: S310  # checked by `from_event`
            request.response_url,
            json.dumps(body).encode(),
            {"content-type": ""},
            method="PUT",
        )
        with urllib.request.urlopen(put, timeout=10):  # noqa: S310  # checked by `from_event`
            pass

    def _wait_until_ready(self, issuer: str) -> None:
        """Wait five minutes at most: for the API's automatic deployment, and for IAM and KMS."""
        for pause in FIVE_MINUTES:
            try:
                self._proof.check(published_keys(issuer))
            except IssuerNotReady:
                self._sleep(pause)
            else:
                return
        self._proof.check(published_keys(issuer))


def published_keys(issuer: str) -> Mapping[str, Any]:
    """Ask for discovery and the key set as a verifier does; return the key set.

    Raises:
        IssuerNotReady: One of them does not answer in time, or says something else.
    """
    try:
        jwks_uri = parse_metadata(_document(discovery_uri(issuer)), issuer).get("jwks_uri")
        if not isinstance(jwks_uri, str) or not jwks_uri.startswith(f"{issuer}/"):
            raise IssuerNotReady("discovery names a jwks_uri that is not the issuer's")
        jwks = parse_object(_document(jwks_uri))
    except DiscoveryInvalid as invalid:
        raise IssuerNotReady(str(invalid)) from None
    except JsonInvalid as invalid:
        raise IssuerNotReady(f"the key set is {invalid}") from None
    if not jwks.get("keys"):
        raise IssuerNotReady("the key set is empty")
    return jwks


def _document(url: str) -> bytes:
    try:
        answer = ask(Request(url), ANSWER_SECONDS)
    except NoAnswer as none:
        raise IssuerNotReady(f"{url}: {none}") from None
    if answer.status != HTTP_OK:
        raise IssuerNotReady(f"{url} answers {answer.status}")
    return answer.body
