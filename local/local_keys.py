"""FunctionConfig -> the same with the addresses of its issuers' keys, which are on this machine.

The rule: it is the one value of the template that reaches a function changed. (What uses a table
or a secret is told besides where AWS's services are: `running_issuer`.)
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping

from local.errors import TemplateUnsupported
from local.template.local_app import FunctionConfig
from local.template.pool_config import PoolConfig

ISSUERS = "ISSUERS"
"""The variable that tells the authorizer its issuers, a JSON array."""


def issuer_addresses(pools: Iterable[PoolConfig], cognito_url: str) -> dict[str, str]:
    """Where each issuer's documents are on this machine, for both forms of a pool's issuer."""
    return {
        f"https://{host}.{pool.region}.amazonaws.com/{pool.id}": f"{cognito_url}/{pool.id}"
        for pool in pools
        for host in ("cognito-idp", "issuer-cognito-idp")
    }


def with_local_keys(function: FunctionConfig, addresses: Mapping[str, str]) -> FunctionConfig:
    """The same function, its `ISSUERS` with the local address of each issuer's keys.

    Raises:
        TemplateUnsupported: `ISSUERS` is no JSON array of objects.
    """
    if ISSUERS not in function.environment:
        return function
    try:
        items = json.loads(function.environment[ISSUERS])
        for item in items:
            if item["issuer"] in addresses:
                item["jwks_uri"] = f"{addresses[item['issuer']]}/.well-known/jwks.json"
    except (ValueError, TypeError, KeyError) as error:
        raise TemplateUnsupported(
            function.name, f"Environment.Variables.{ISSUERS}", "it is no JSON array of issuers"
        ) from error
    environment = {**function.environment, ISSUERS: json.dumps(items)}
    return dataclasses.replace(function, environment=environment)
