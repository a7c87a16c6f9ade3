"""What the authorizer is told by its environment: its issuers, and where their keys are here."""

import json
from dataclasses import replace

from local.errors import TemplateUnsupported
from local.json_value import JsonObject
from local.stack.localised import WELL_KNOWN, Addresses, localised
from local.template.local_app import FunctionConfig, LocalApp

ISSUERS = "ISSUERS"
"""The variable that tells the authorizer its issuers, a JSON array."""

POLICY_FILE = "POLICY_FILE"
"""The variable that names the policy inside the authorizer's bundle."""

_LIST_AGE, _TABLE = "REVOCATION_LIST_AGE_SECONDS", "REVOCATION_TABLE"
"""The variables that make it read what was taken back, and say where that stands."""


def revocation_table(app: LocalApp) -> str | None:
    """Return the table that an authorizer reads what was taken back from; None if none does."""
    for function in app.functions:
        if _LIST_AGE in function.environment:
            return function.environment[_TABLE]
    return None


def listed_issuers(function: FunctionConfig) -> list[JsonObject]:
    """Return the issuers that a function trusts; none without the variable.

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


def claim_path(item: JsonObject, field: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """Return where an issuer of `ISSUERS` has a claim, name by name.

    Args:
        item: The issuer.
        field: "scopes_claim" or "groups_claim".
        usual: Where it is unless the issuer says so.
    """
    path = item.get(field)
    return tuple(map(str, path)) if isinstance(path, list) else usual


def localised_app(app: LocalApp, addresses: Addresses) -> LocalApp:
    """Return the app as it is to be served here; each listed issuer has the address of its keys.

    Raises:
        TemplateUnsupported: As `listed_issuers`.
    """
    here = localised(app, addresses)
    urls = addresses.of_issuers(app)
    return replace(here, functions=tuple(_told_of_keys(each, urls) for each in here.functions))


def _told_of_keys(function: FunctionConfig, urls: dict[str, str]) -> FunctionConfig:
    items = listed_issuers(function)
    if not items:
        return function
    for item in items:
        url = urls.get(str(item["issuer"]))
        if url is not None:
            item["jwks_uri"] = f"{url}{WELL_KNOWN}jwks.json"
    environment = {**function.environment, ISSUERS: json.dumps(items)}
    return replace(function, environment=environment)
