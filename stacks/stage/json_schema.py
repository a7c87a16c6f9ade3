"""The checks of a stage -> the JSON schema that editors hold cdk.json to. Imports no CDK.

`python -m stacks.stage.json_schema` prints it; cdk.json names the file in `$schema`. Synth goes by
the checks themselves, which also look at what a schema cannot see, such as files.
"""

import json
from collections.abc import Mapping

from aws_jwt_authorizer.field_checks import Check, server_url
from stacks.stage.app_name import APP_NAME
from stacks.stage.fields import CHECKS, LOCAL_STAGE, OWN_TOPIC
from stacks.stage.parts import (
    addresses,
    client_addresses,
    domain,
    email_sender,
    existing_pool,
    identity_provider,
    page_issuer,
    route_throttles,
    tags,
)
from stacks.stage.parts.secret_reference import JSON_KEY, SECRET_ID

Schema = dict[str, object]

CLIENT_FIELDS = tuple(client_addresses.FIELDS)
_NOTHING: Schema = {"type": "object", "maxProperties": 0}
_SECRET: Schema = {"$ref": "#/$defs/secret"}


def cdk_json_schema() -> Schema:
    """Return the schema of the whole file; what is CDK's own is left to CDK."""
    stages: Schema = {
        "type": "object",
        "properties": {LOCAL_STAGE: _stage(loopback=True)},
        "additionalProperties": _stage(loopback=False),
    }
    context: Schema = {"app_name": _of(APP_NAME), "stages": stages}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The stages of this app",
        "$defs": {"secret": _secret(), "attributes": _attributes()},
        "type": "object",
        "properties": {"context": {"type": "object", "properties": context}},
    }


def _stage(*, loopback: bool) -> Schema:
    url = server_url(loopback=loopback)
    parts = {
        "route_throttles": _by_name(
            _object(_fields(dict.fromkeys(route_throttles.FIELDS, route_throttles.LIMIT)))
        ),
        "domain": _domain(domain.CERTIFICATE, mutual_tls=_object(_fields(domain.TRUSTSTORE))),
        "issuer_domain": _domain(domain.CERTIFICATE, switch=_of(domain.SWITCHES)),
        "clients": _by_name(_object(_fields(client_addresses.FIELDS), optional=CLIENT_FIELDS)),
        "sign_in_domain": _domain(domain.CERTIFICATE_OF_CLOUDFRONT),
        "user_pool": _NOTHING if loopback else _existing_pool(),
        "identity_providers": _identity_providers(url),
        "email_sender": _email_sender(),
        "issuers": _by_name(_issuer(url)),
        "http_backends": _by_name(_http_backend(url)),
        "page_issuer": _page_issuer(),
        "tags": _tags(),
    }
    return {**_object(_fields(CHECKS) | parts), "allOf": _alarm_topic()}


def _alarm_topic() -> list[Schema]:
    """Return what an alarm topic and its addresses ask of a stage's other fields."""
    own: Schema = {"properties": {"alarm_topic": {"const": OWN_TOPIC}}}
    operations: Schema = {"properties": {"operations": {"const": True}}}
    nobody: Schema = {"properties": {"alarm_emails": {"maxItems": 0}}}
    return [{"if": own, "then": operations, "else": nobody}]


def _domain(certificate: Check, **more: Schema) -> Schema:
    optional = {"hosted_zone": _object(_fields(domain.ZONE)), **more}
    own = _fields({"name": domain.NAME, "certificate_arn": certificate})
    named = _object(own | optional, optional=tuple(optional))
    return {"oneOf": [{"type": "object", "maxProperties": 0}, named]}


def _email_sender() -> Schema:
    sender = _object(_fields(email_sender.FIELDS), optional=email_sender.OPTIONAL)
    return {"oneOf": [{"type": "object", "maxProperties": 0}, sender]}


def _issuer(url: Check) -> Schema:
    known_by = {"audiences": _of(addresses.AUDIENCES), "client_ids": _of(addresses.CLIENT_IDS)}
    moving = {"other_urls": _of(addresses.OTHER_URLS)}
    by_discovery = {"url": _of(url), **known_by, **moving}
    elsewhere = {"url": _of(addresses.ANY_ISSUER), **known_by, "jwks_uri": _of(url)}
    one_of_both = {"anyOf": [{"required": [name]} for name in known_by]}
    return {
        "oneOf": [
            {**_object(fields, optional=(*known_by, *moving)), **one_of_both}
            for fields in (by_discovery, elsewhere)
        ]
    }


def _http_backend(url: Check) -> Schema:
    private = {
        "subnet_ids": addresses.SUBNETS,
        "security_group_ids": addresses.SECURITY_GROUPS,
        "server_name": addresses.SERVER_NAME,
    }
    targets = [
        _object(_fields({name: target, **private}), optional=("server_name",))
        for name, target in addresses.TARGETS.items()
    ]
    return {"oneOf": [_object({"url": _of(url)}), *targets]}


def _existing_pool() -> Schema:
    fields = {"id": existing_pool.POOL_ID, "client_ids": existing_pool.CLIENT_IDS}
    return {"oneOf": [_NOTHING, _object(_fields(fields))]}


def _page_issuer() -> Schema:
    fields = {"name": page_issuer.ISSUER, "client_id": page_issuer.CLIENT_ID}
    shared = _fields(fields) | {
        "scopes": _with_openid(page_issuer.SCOPES),
        page_issuer.PUBLIC_CLIENT: _of(page_issuer.CLIENT_ID),
    }
    clients = [
        _object({**shared, authentication: _SECRET}, optional=(page_issuer.PUBLIC_CLIENT,))
        for authentication in page_issuer.AUTHENTICATIONS
    ]
    return {"oneOf": [_NOTHING, *clients]}


def _identity_providers(url: Check) -> Schema:
    client = {"client_id": _of(identity_provider.ID), "client_secret": _SECRET}
    oidc = {"issuer": _of(url), "scopes": _with_openid(identity_provider.SCOPES), **client}
    metadata = {
        "metadata_url": server_url(loopback=False),
        "metadata_file": identity_provider.FILE,
    }
    named = [
        _provider("oidc", oidc),
        *(_provider("saml", {name: _of(check)}) for name, check in metadata.items()),
    ]
    version = {"api_version": _of(identity_provider.API_VERSION)}
    apple = dict.fromkeys(("client_id", "team_id", "key_id"), _of(identity_provider.ID))
    only_one = {
        "google": client,
        "amazon": client,
        "facebook": client | version,
        "apple": {**apple, "private_key": _SECRET},
    }
    return {
        "type": "object",
        "propertyNames": _of(identity_provider.NAME),
        "properties": {
            kind: {"oneOf": [_provider(kind, fields), *named]} for kind, fields in only_one.items()
        },
        "additionalProperties": {"oneOf": named},
    }


def _provider(kind: str, fields: Mapping[str, Schema]) -> Schema:
    attributes: Schema = {"$ref": "#/$defs/attributes"}
    return _object({"kind": {"const": kind}, **fields, "attributes": attributes})


def _attributes() -> Schema:
    return {
        "type": "object",
        "propertyNames": {"enum": sorted(identity_provider.ATTRIBUTES)},
        "additionalProperties": _of(identity_provider.SOURCE),
        "required": ["email"],
    }


def _tags() -> Schema:
    return {
        "type": "object",
        "propertyNames": _of(tags.KEY),
        "additionalProperties": _of(tags.VALUE),
        "maxProperties": tags.MOST_TAGS,
    }


def _secret() -> Schema:
    return _object(_fields({"secret": SECRET_ID, "json_key": JSON_KEY}))


def _with_openid(scopes: Check) -> Schema:
    return {**_of(scopes), "contains": {"const": "openid"}}


def _by_name(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item}


def _object(properties: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _fields(checks: Mapping[str, Check]) -> dict[str, Schema]:
    return {name: _of(check) for name, check in checks.items()}


def _of(check: Check) -> Schema:
    return {"description": f"Must be {check.allowed}.", **check.schema}


if __name__ == "__main__":
    print(json.dumps(cdk_json_schema(), indent=1))
