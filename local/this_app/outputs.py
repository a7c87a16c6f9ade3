"""ServedApp -> what a script needs to use it: the contents of `.local/outputs.json`."""

from local.cognito.passwords import LOCAL_ONLY_PATH
from local.json_value import JsonObject, JsonValue
from local.template.pool_config import ClientConfig, PoolConfig
from local.this_app.authorizer_settings import localised_app, revocation_table
from local.this_app.explained_app import as_json, explained_app
from local.this_app.people import TENANT
from local.this_app.running_app import ServedApp


def outputs(stack: ServedApp) -> JsonObject:
    """Return the contents: addresses, ids, and the secrets that were made at this start."""
    client_ids: JsonObject = {name: client.id for name, client in stack.clients.items()}
    machines: JsonObject = {
        name: {"client_id": client.id, "client_secret": stack.client_secret(client.id)}
        for name, client in stack.machines.items()
    }
    app = stack.people_sign_in_with
    users: list[JsonValue] = [
        {
            "username": user.username,
            "password": user.password,
            "groups": list(user.groups),
            "tenant": user.attributes.get(TENANT),
        }
        for user in stack.users
    ]
    issuer = stack.machine_issuer
    own_issuer: JsonObject | None = None
    if issuer:
        own_issuer = {
            "token_endpoint": f"{issuer.url}/oauth2/token",
            "client_id": issuer.client_id,
            "client_secret": issuer.client_secret,
        }
    return {
        "api_url": stack.api_url,
        "page_url": stack.page_url,
        **_pool(stack),
        "client_ids": client_ids,
        "sign_in": _sign_in(app, stack.pool) if app else None,
        "machines": machines,
        "machine_issuer": own_issuer,
        "partner": _partner(stack),
        "revocation": _revocation(stack),
        "played_hosts": dict(stack.played),
        "demo_users": users,
        "explained": as_json(explained_app(localised_app(stack.app, stack.addresses))),
    }


def _pool(stack: ServedApp) -> JsonObject:
    """Describe the user pool; each value is null for an app that has none."""
    names = (
        *("region", "user_pool_id", "issuer", "jwks_uri"),
        *("cognito_endpoint", "token_endpoint", "local_only_sign_in"),
    )
    if stack.own_pool is None:
        return dict.fromkeys(names)
    pool, url = stack.pool, stack.cognito.url
    without_mfa = f"{url}{LOCAL_ONLY_PATH}" if pool.requires_mfa else None
    values = (pool.region, pool.id, pool.issuer, stack.jwks_uri)
    return dict(zip(names, (*values, url, f"{url}/oauth2/token", without_mfa), strict=True))


def _sign_in(app: ClientConfig, pool: PoolConfig) -> JsonObject:
    """Describe how a script signs people in by code, as the page does where there is one."""
    return {
        "client_id": app.id,
        "redirect_uri": app.callback_urls[0],
        "scopes": list(app.oauth_scopes),
        "second_factor": pool.requires_mfa,
    }


def _revocation(stack: ServedApp) -> JsonObject | None:
    """Describe how a script takes tokens back; None if no authorizer here reads a list of those."""
    table = revocation_table(stack.app)
    if table is None:
        return None
    return {"table": table, "services": stack.addresses.services, "api_id": stack.app.api.id}


def _partner(stack: ServedApp) -> JsonObject | None:
    """Describe how a script gets a partner's token by code, read off the redirect."""
    partner = stack.partner
    if partner is None:
        return None
    return {
        "issuer": partner.issuer.url,
        "discovery": f"{partner.url}/.well-known/openid-configuration",
        "client_id": partner.partner.client_id,
        "client_secret": partner.partner.client_secret,
        "redirect_uri": partner.partner.redirect_uri,
        "scopes": list(partner.issuer.scopes),
    }
