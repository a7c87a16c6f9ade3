"""FunctionConfig -> the same with the addresses of its issuers' keys, which are on this machine.

The rule: it is the one value of the template that reaches a function changed. (What uses a table
is told besides where KMS and DynamoDB are: `running_issuer`.)
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping

from local.errors import TemplateUnsupported
from local.json_value import JsonObject
from local.template.local_app import FunctionConfig, PoolConfig

ISSUERS = "ISSUERS"
"""The variable that tells the authorizer its issuers, a JSON array."""


def issuer_addresses(pools: Iterable[PoolConfig], cognito_url: str) -> dict[str, str]:
    """Where each issuer's documents are on this machine, for both forms of a pool's issuer."""
    return {
        f"https://{host}.{pool.region}.amazonaws.com/{pool.id}": f"{cognito_url}/{pool.id}"
        for pool in pools
        for host in ("cognito-idp", "issuer-cognito-idp")
    }


def listed_issuers(function: FunctionConfig) -> list[JsonObject]:
    """The issuers that a function trusts; none without the variable.

    Raises:
        TemplateUnsupported: `ISSUERS` is no JSON array of objects, each with its issuer.
    """
    try:
        items = json.loads(function.environment.get(ISSUERS, "[]"))
        for item in items:
            str(item["issuer"])
    except (ValueError, TypeError, KeyError) as error:
        raise TemplateUnsupported(
            function.name, f"Environment.Variables.{ISSUERS}", "it is no JSON array of issuers"
        ) from error
    return list(items)


def with_local_keys(function: FunctionConfig, addresses: Mapping[str, str]) -> FunctionConfig:
    """The same function, its `ISSUERS` with the local address of each issuer's keys.

    Raises:
        TemplateUnsupported: As `listed_issuers`.
    """
    if ISSUERS not in function.environment:
        return function
    items = listed_issuers(function)
    for item in items:
        address = addresses.get(str(item["issuer"]))
        if address is not None:
            item["jwks_uri"] = f"{address}/.well-known/jwks.json"
    environment = {**function.environment, ISSUERS: json.dumps(items)}
    return dataclasses.replace(function, environment=environment)
