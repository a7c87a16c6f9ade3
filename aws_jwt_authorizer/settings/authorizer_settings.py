"""Issuers and policy -> the authorizer's variables, and the files of its bundle. Imports no CDK."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_jwt_authorizer.settings.issuer_items import Item

POLICY_FILE = "policy.json"
ISSUERS_FILE = "issuers.json"


@dataclass(frozen=True, slots=True)
class AuthorizerSettings:
    """What the authorizer is told.

    Attributes:
        environment: Its variables: text, or a list that is written as JSON.
        files: Files of its bundle, text by name.
    """

    environment: Mapping[str, object]
    files: Mapping[str, str]


def told(
    of_environment: Sequence[Item],
    of_bundle: Sequence[Item],
    policy: str,
    further: Mapping[str, object],
) -> AuthorizerSettings:
    """Return what the authorizer is told.

    Args:
        of_environment: The issuers that the variable ISSUERS lists.
        of_bundle: Those of the file in the bundle.
        policy: The policy, as `policy_json` has written it.
        further: Further variables.
    """
    environment: dict[str, object] = {
        "ISSUERS": list(of_environment),
        "POLICY_FILE": POLICY_FILE,
        **further,
    }
    files = {POLICY_FILE: policy}
    if of_bundle:
        environment["ISSUERS_FILE"] = ISSUERS_FILE
        files[ISSUERS_FILE] = json.dumps(list(of_bundle), indent=2) + "\n"
    return AuthorizerSettings(environment, files)
