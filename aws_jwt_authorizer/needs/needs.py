"""The vocabulary of a function's `needs.py`: memory, time, variables, and what it may use.

`needs_checks` says what it may hold, docs/backends.md shows it in use. Imports no CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ItemAction = Literal[
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "DeleteItem",
    "DescribeTable",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
]
"""What a function does with a table's items: IAM's actions of DynamoDB, without their prefix."""


@dataclass(frozen=True, slots=True)
class Key:
    """An attribute that items are found by, where it is not a string.

    Attributes:
        name: The attribute's.
        type: What it holds.
    """

    name: str
    type: Literal["string", "number", "binary"] = "string"


@dataclass(frozen=True, slots=True)
class Index:
    """A second way to find items of a table: a global secondary index.

    Attributes:
        name: As `Query` names it.
        partition_key: What all items that are found together have in common.
        sort_key: What they are sorted by.
        attributes: What a query of it answers beside the keys; None for all of an item.
    """

    name: str
    partition_key: str | Key
    sort_key: str | Key | None = None
    attributes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of DynamoDB, made in each stage; functions that name the same one share it.

    Attributes:
        name: In lower-case letters, digits and "_": for "orders" the variable ORDERS_TABLE holds
            what the table is called.
        partition_key: What all items that are found together have in common.
        actions: What this function does with the items, and nothing else.
        sort_key: What tells these items apart, and sorts them.
        indexes: Further ways to find items.
        expires_at: The attribute with the time at which DynamoDB may forget an item, in seconds
            since the epoch; None to keep all.
    """

    name: str
    partition_key: str | Key
    actions: tuple[ItemAction, ...]
    sort_key: str | Key | None = None
    indexes: tuple[Index, ...] = ()
    expires_at: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of Secrets Manager that the function reads; each stage begins with a random value.

    Attributes:
        name: In lower-case letters, digits and "_": for "payments" the variable PAYMENTS_SECRET
            holds the secret's ARN.
        description: What the secret is for, shown to who looks after it.
    """

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Permission:
    """What a function may do with what is already there.

    Attributes:
        actions: IAM's, "sqs:SendMessage".
        resources: ARNs.
        why: What makes a "*" needed, for who reviews it; needed where there is one.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Vpc:
    """Where a function has its network interfaces, if it is to reach what is in a VPC.

    Attributes:
        subnet_ids: Private ones. What is outside the VPC, AWS's services too, is reached only
            through a NAT gateway or an endpoint of the VPC.
        security_group_ids: What it may reach.
    """

    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a function needs beside its code.

    Attributes:
        memory_mb: Lambda gives processor time in proportion.
        timeout_seconds: How long one call may take; the gateway waits 30 seconds.
        environment: Variables. Nothing secret: whoever may see the function sees them.
        tables: Tables of DynamoDB.
        secrets: Secrets of Secrets Manager.
        permissions: What it may do besides.
        vpc: Where it has its network interfaces; None for outside of any VPC.
        layers: ARNs of layer versions.
    """

    memory_mb: int = 256
    timeout_seconds: int = 10
    environment: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    secrets: tuple[Secret, ...] = ()
    permissions: tuple[Permission, ...] = ()
    vpc: Vpc | None = None
    layers: tuple[str, ...] = ()

    @property
    def named_variables(self) -> tuple[str, ...]:
        """The variables that tell what tables and secrets are called."""
        return (*map(variable_of, self.tables), *map(variable_of, self.secrets))


def variable_of(needed: Table | Secret) -> str:
    """Return the variable that tells a function what a table or a secret is called."""
    return f"{needed.name.upper()}_{'TABLE' if isinstance(needed, Table) else 'SECRET'}"


def attributes_of(table: Table) -> Mapping[str, str]:
    """Return the type of each attribute of a table that items are found by."""
    found: tuple[Table | Index, ...] = (table, *table.indexes)
    keys = [key for each in found for key in (each.partition_key, each.sort_key) if key is not None]
    return {key_of(key).name: key_of(key).type for key in keys}


def key_of(key: str | Key) -> Key:
    """Return a key with its type."""
    return Key(key) if isinstance(key, str) else key
