"""FunctionConfig and PoolConfig -> the same with this machine's addresses for the deployed ones.

An issuer stays what it is called; only what somebody is to call is changed: where its
documents are, and where the API is. (What uses a table or a secret is told besides where AWS's
services are: `running_issuer`.)
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from local.errors import TemplateUnsupported
from local.json_value import JsonObject
from local.template.local_app import FunctionConfig
from local.template.pool_config import PoolConfig

ISSUERS = "ISSUERS"
"""The variable that tells the authorizer its issuers, a JSON array."""

WELL_KNOWN = "/.well-known/"
"""What an issuer's documents begin with (RFC 8615)."""


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
        TemplateUnsupported: `ISSUERS` is not a JSON array of objects, each with its issuer.
    """
    try:
        items = json.loads(function.environment.get(ISSUERS, "[]"))
        for item in items:
            str(item["issuer"])
    except (ValueError, TypeError, KeyError) as error:
        raise TemplateUnsupported(
            function.name, f"Environment.Variables.{ISSUERS}", "it is not a JSON array of issuers"
        ) from error
    return list(items)


@dataclass(frozen=True, slots=True)
class LocalAddresses:
    """Where on this machine is what has another address once it is deployed.

    Attributes:
        api: The API's, by its deployed address.
        issuers: The base of each issuer's documents, by issuer.
    """

    api: Mapping[str, str]
    issuers: Mapping[str, str]

    def in_text(self, text: str) -> str:
        """A value of the template, with addresses that can be called from here."""
        for deployed, local in self.api.items():
            text = text.replace(deployed, local)
        for issuer, local in self.issuers.items():
            text = text.replace(f"{issuer}{WELL_KNOWN}", f"{local}{WELL_KNOWN}")
        return text


def with_local_addresses(function: FunctionConfig, addresses: LocalAddresses) -> FunctionConfig:
    """The same function; each issuer of its `ISSUERS` with the local address of its keys.

    Raises:
        TemplateUnsupported: As `listed_issuers`.
    """
    environment = {
        name: addresses.in_text(text)
        for name, text in function.environment.items()
        if name != ISSUERS
    }
    items = listed_issuers(function)
    for item in items:
        address = addresses.issuers.get(str(item["issuer"]))
        if address is not None:
            item["jwks_uri"] = f"{address}{WELL_KNOWN}jwks.json"
    if items:
        environment[ISSUERS] = json.dumps(items)
    return dataclasses.replace(function, environment=environment)


def with_local_endpoints(metadata: JsonObject, issuer: str, url: str) -> JsonObject:
    """The same discovery document; what it says is the issuer's is on this machine.

    Its `issuer` stays, which tokens carry and clients compare (OpenID Connect Discovery 1.0 section
    4.3): only what somebody is to call is changed.

    Args:
        metadata: The deployed document.
        issuer: Its issuer.
        url: Where the issuer is on this machine.
    """
    return {
        name: f"{url}{value.removeprefix(issuer)}"
        if isinstance(value, str) and value.startswith(f"{issuer}/")
        else value
        for name, value in metadata.items()
    }


def with_local_redirects(pool: PoolConfig, addresses: LocalAddresses) -> PoolConfig:
    """The same pool; clients of the API's own page are sent back to where the API is here."""
    return dataclasses.replace(
        pool,
        clients=tuple(
            dataclasses.replace(
                client,
                callback_urls=tuple(map(addresses.in_text, client.callback_urls)),
                logout_urls=tuple(map(addresses.in_text, client.logout_urls)),
            )
            for client in pool.clients
        ),
    )
