"""Needs -> what is wrong with them, a line each: field, value and fix.

("Lambda quotas", "Configuring environment variables", AWS Lambda developer guide; "Quotas in Amazon
DynamoDB", Amazon DynamoDB developer guide.) Imports no CDK.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain

from aws_jwt_authorizer.access.field_types import field_problems
from aws_jwt_authorizer.needs.needs import (
    Index,
    Key,
    Needs,
    Permission,
    Table,
    attributes_of,
    key_of,
)

MEMORY_MB = (128, 10_240)
TIMEOUT_SECONDS = (1, 30)
MOST_LAYERS = 5
MOST_INDEXES = 20
MOST_VARIABLE_BYTES = 4_096
_VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_INDEX = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z*]+")
_ARN = re.compile(r"arn:(?:aws[a-z-]*|\*):[^:]+:.+")
_LAYER = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+")
_SUBNET = re.compile(r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_GROUP = re.compile(r"sg-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_LAMBDAS_OWN = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
_OURS = frozenset({"POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"})


def needs_problems(needs: Needs) -> Iterator[str]:
    """Say what is wrong with what a function needs; types first, what follows relies on them."""
    return chain(field_problems(needs), _problems(needs))


def _problems(needs: Needs) -> Iterator[str]:
    yield from _range_problems("memory_mb", needs.memory_mb, MEMORY_MB)
    yield from _range_problems("timeout_seconds", needs.timeout_seconds, TIMEOUT_SECONDS)
    yield from _variable_problems(needs)
    yield from _name_problems(needs)
    for table in needs.tables:
        yield from (f"table {table.name!r}: {problem}" for problem in _table_problems(table))
    for number, permission in enumerate(needs.permissions):
        where = f"permissions[{number}]"
        yield from (f"{where}.{problem}" for problem in _permission_problems(permission))
    if needs.vpc:
        yield from _each("vpc.subnet_ids", needs.vpc.subnet_ids, _SUBNET, "subnet-0a1b2c3d")
        groups = needs.vpc.security_group_ids
        yield from _each("vpc.security_group_ids", groups, _GROUP, "sg-0a1b2c3d")
    yield from _layer_problems(needs.layers)


def _name_problems(needs: Needs) -> Iterator[str]:
    for kind in ("tables", "secrets"):
        names = [item.name for item in getattr(needs, kind)]
        for name in names:
            if not _NAME.fullmatch(name):
                yield f"{kind} has {name!r}: use lower-case letters, digits and '_', at most 40"
            if names.count(name) > 1:
                yield f"{kind} has {name!r} twice: name it once"


def _layer_problems(layers: tuple[str, ...]) -> Iterator[str]:
    if len(layers) > MOST_LAYERS:
        yield f"layers has {len(layers)}, and Lambda takes {MOST_LAYERS}: merge some"
    for layer in layers:
        if not _LAYER.fullmatch(layer):
            yield (
                f"layers has {layer!r}: write the ARN of a layer's version, "
                "'arn:aws:lambda:eu-west-1:123456789012:layer:name:1'"
            )


def _range_problems(name: str, value: int, bounds: tuple[int, int]) -> Iterator[str]:
    low, high = bounds
    if not low <= value <= high:
        yield f"{name} is {value}, it must be from {low} to {high}"


def _variable_problems(needs: Needs) -> Iterator[str]:
    for name in needs.environment:
        if not _VARIABLE.fullmatch(name):
            yield f"environment has {name!r}: begin with a letter, then letters, digits and '_'"
        if name in _LAMBDAS_OWN | _OURS:
            yield f"environment has {name!r}, which is set already: use another name"
        if name in needs.named_variables:
            yield f"environment has {name!r}, which tells the name of a table or secret: remove it"
    size = len(json.dumps(dict(needs.environment), ensure_ascii=False).encode())
    if size > MOST_VARIABLE_BYTES:
        yield (
            f"environment has {size} bytes, and Lambda takes {MOST_VARIABLE_BYTES}: "
            "put what is long into a file of the function's folder"
        )


def _table_problems(table: Table) -> Iterator[str]:
    if not table.actions:
        yield "actions is empty: say what the function does with its items, ('GetItem', 'Query')"
    if len(table.indexes) > MOST_INDEXES:
        yield f"{len(table.indexes)} indexes, and a table takes {MOST_INDEXES}"
    names = [index.name for index in table.indexes]
    for name in names:
        if not _INDEX.fullmatch(name):
            yield f"index {name!r}: use 3 to 255 letters, digits, '_', '-' and '.'"
        if names.count(name) > 1:
            yield f"index {name!r} is there twice: give each a name of its own"
    keyed: tuple[Table | Index, ...] = (table, *table.indexes)
    for each in keyed:
        yield from _key_problems(table, each)
    if table.expires_at is not None and table.expires_at in attributes_of(table):
        yield f"expires_at is {table.expires_at!r}, which is a key: use an attribute of its own"


def _key_problems(table: Table, keyed: Table | Index) -> Iterator[str]:
    where = "" if keyed is table else f"index {keyed.name!r}: "
    types = attributes_of(table)
    keys: list[Key] = [key_of(keyed.partition_key)]
    keys += [key_of(keyed.sort_key)] if keyed.sort_key is not None else []
    for key in keys:
        if not key.name:
            yield f"{where}a key has no name"
        if types[key.name] != key.type:
            yield f"{where}key {key.name!r} is a {key.type} here and a {types[key.name]} elsewhere"
    if len({key.name for key in keys}) < len(keys):
        yield f"{where}sort_key is {keys[0].name!r} like partition_key: name another attribute"


def _permission_problems(permission: Permission) -> Iterator[str]:
    for action in permission.actions:
        if not _ACTION.fullmatch(action):
            yield f"actions has {action!r}: write it as 'service:Action', such as 'sqs:SendMessage'"
    for resource in permission.resources:
        if resource != "*" and not _ARN.fullmatch(resource):
            yield f"resources has {resource!r}: write an ARN"
    for name in ("actions", "resources"):
        values = getattr(permission, name)
        if not values:
            yield f"{name} is empty: name at least one"
        stars = [value for value in values if "*" in value]
        if stars and not permission.why:
            yield f"{name} has {stars[0]!r}: name what is meant, or say why='...' it must be a '*'"


def _each(name: str, values: tuple[str, ...], form: re.Pattern[str], like: str) -> Iterator[str]:
    if not values:
        yield f"{name} is empty: name at least one, such as '{like}'"
    for value in values:
        if not form.fullmatch(value):
            yield f"{name} has {value!r}: write it like '{like}'"
