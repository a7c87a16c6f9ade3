"""A stage's templates -> nothing, or a failure that says what a deployment would lose.

A resource that holds something is made anew, empty, when its logical id or a property that cannot be
changed in place is another one. The record of those stands beside the snapshots. `make snapshot`
adds what is new to it; nothing but `make accept-replacements` changes or removes what is there.
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

LOST = {
    "AWS::ApiGatewayV2::Api": "its address, and whatever is configured with it",
    "AWS::Cognito::UserPool": "every account, with its password, second factor and groups",
    "AWS::Cognito::UserPoolClient": "its id, which apps are configured with, and every session of it",
    "AWS::Cognito::UserPoolDomain": "the address where people sign in",
    "AWS::Cognito::UserPoolGroup": "who is in the group",
    "AWS::Cognito::UserPoolIdentityProvider": "the accounts' links to the provider",
    "AWS::Cognito::UserPoolResourceServer": "its scopes, which clients are allowed",
    "AWS::DynamoDB::Table": "every item of it",
    "AWS::Logs::LogGroup": "the log: its lines are looked for in another group",
    "AWS::SecretsManager::Secret": "what it holds: sessions that it has sealed are over",
    "Custom::IssuerReady": "the issuer's signing keys, and every token that is about",
}
"""What goes with a resource that is replaced, by its type; what else a template has holds nothing."""

UNLISTED = {
    "AWS::Cognito::UserPool": ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
}
"""What CreateUserPool takes and UpdateUserPool does not (Cognito API): the schema says nothing of it."""

ATTRIBUTE = "Schema."
"""An attribute of accounts, each by itself: it may be added, and never changed or removed."""

Record = dict[str, dict[str, Any]]


def hold_to_record(folder: Path, record: Path) -> None:
    """Fail if a deployment of a cloud assembly would replace what holds something.

    Args:
        folder: What synth wrote.
        record: The file with the stage's record.
    """
    made = {
        key: value for path in sorted(folder.glob("*.template.json")) for key, value in _kept(path)
    }
    known: Record = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    if os.environ.get("ACCEPT_REPLACEMENTS") == "1":
        known = made
    elif os.environ.get("UPDATE_SNAPSHOTS") == "1":
        known = _with_what_is_new(known, made)
    losses = list(_losses(known, made))
    if os.environ.get("UPDATE_SNAPSHOTS") == "1" or known is made:
        record.parent.mkdir(exist_ok=True)
        record.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert not losses, "\n".join([*losses, WAY_OUT])
    lacking = [key for key, fixed in made.items() if fixed != known.get(key)]
    assert not lacking, f"{record.name} lacks {', '.join(lacking)}: make snapshot"


WAY_OUT = (
    "Take the change back. If nothing of it is deployed yet, or if all that is wanted: "
    "make accept-replacements, and deploy it knowing that."
)


def _with_what_is_new(known: Record, made: Record) -> Record:
    added = {
        key: {name: value for name, value in fixed.items() if name.startswith(ATTRIBUTE)}
        for key, fixed in made.items()
    }
    return made | {key: {**added.get(key, {}), **fixed} for key, fixed in known.items()}


def _losses(known: Record, made: Record) -> Iterator[str]:
    for key, was in known.items():
        kind = was["Type"]
        lost = f"CloudFormation makes a new one, and what is lost is {LOST[kind]}."
        if key not in made:
            yield f"{key} ({kind}) is gone, or has another logical id. If it is meant to stay: {lost}"
            continue
        for name in sorted(was.keys() | made[key].keys()):
            before, now = was.get(name), made[key].get(name)
            if before != now and not (before is None and name.startswith(ATTRIBUTE)):
                yield f"{key} ({kind}): {name} was {before!r} and is {now!r}, which cannot be changed in place. {lost}"


def _kept(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what of a template holds something, by `stack.logical id`."""
    stack = path.name.removesuffix(".template.json")
    for logical_id, resource in json.loads(path.read_text(encoding="utf-8"))["Resources"].items():
        kind = resource["Type"]
        if kind in LOST:
            properties = resource.get("Properties", {})
            yield f"{stack}.{logical_id}", {"Type": kind, **_fixed(kind, properties)}


def _fixed(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {name: properties[name] for name in create_only(kind) if name in properties}
    return fixed | {f"{ATTRIBUTE}{item['Name']}": item for item in properties.get("Schema", ())}


@cache
def create_only(kind: str) -> tuple[str, ...]:
    """The properties that CloudFormation cannot change in place, as its own schema has them."""
    listed = "AWS::CloudFormation::CustomResource" if kind.startswith("Custom::") else kind
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", listed).schema
    pointers = [
        *schema.get("createOnlyProperties", ()),
        *schema.get("conditionalCreateOnlyProperties", ()),
    ]
    names = {pointer.removeprefix("/properties/").partition("/")[0] for pointer in pointers}
    return (*sorted(names), *UNLISTED.get(kind, ()))
