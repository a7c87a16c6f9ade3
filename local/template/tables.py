"""AWS::DynamoDB::Table -> TableConfig.

Keys and indexes are modelled; what guards or pays for data that outlives a process is not.
"""

from collections.abc import Iterator, Mapping

from local.template.assembly import Assembly, Resource
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import IndexConfig, TableConfig, TableKey
from local.template.properties import Properties

_WITHOUT_EFFECT = (
    "ContributorInsightsSpecification",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "PointInTimeRecoverySpecification",
    "ProvisionedThroughput",
    "SSESpecification",
    "TableClass",
    "Tags",
    # DynamoDB takes days to delete what has expired, so nobody may count on it.
    "TimeToLiveSpecification",
    "WarmThroughput",
)
_INDEXES = {"GlobalSecondaryIndexes": False, "LocalSecondaryIndexes": True}
_KEY_TYPES = ("HASH", "RANGE")


def read_tables(assembly: Assembly, resolver: Resolver) -> tuple[TableConfig, ...]:
    """Read every table of the assembly.

    Raises:
        TemplateUnsupported: Such as a stream, or a key whose type is not defined.
    """
    return tuple(
        _table(assembly, resolver, resource)
        for resource in assembly.resources("AWS::DynamoDB::Table")
    )


def _table(assembly: Assembly, resolver: Resolver, resource: Resource) -> TableConfig:
    properties = Properties(resource, resolver)
    stack = assembly.stacks[resource.stack_name]
    properties.choice("BillingMode", ("PAY_PER_REQUEST", "PROVISIONED"), "PROVISIONED")
    types = {}
    for part in properties.parts("AttributeDefinitions"):
        types[part.text("AttributeName")] = part.choice("AttributeType", ("S", "N", "B"))
        part.finish()
    table = TableConfig(
        name=identifier(resource, stack, REF),
        key=_key(properties, types),
        attribute_types=types,
        region=stack.region,
        account_id=stack.account_id,
        indexes=tuple(_indexes(properties, types)),
    )
    properties.finish((*_WITHOUT_EFFECT, "TableName"))
    return table


def _indexes(properties: Properties, types: Mapping[str, str]) -> Iterator[IndexConfig]:
    for kind, is_local in _INDEXES.items():
        if kind not in properties.names():
            continue
        for part in properties.parts(kind):
            projection = part.part("Projection")
            if projection is None:
                raise part.refused("Projection", "it is missing")
            yield IndexConfig(
                name=part.text("IndexName"),
                key=_key(part, types),
                projection=projection.choice("ProjectionType", ("ALL", "KEYS_ONLY", "INCLUDE")),
                attributes=projection.texts("NonKeyAttributes"),
                is_local=is_local,
            )
            projection.finish()
            part.finish(_WITHOUT_EFFECT)


def _key(properties: Properties, types: Mapping[str, str]) -> TableKey:
    names = []
    for kind, part in zip(_KEY_TYPES, properties.parts("KeySchema"), strict=False):
        part.choice("KeyType", (kind,))
        name = part.text("AttributeName")
        if name not in types:
            raise part.refused("AttributeName", f"AttributeDefinitions has no type of {name!r}")
        part.finish()
        names.append(name)
    if not names:
        raise properties.refused("KeySchema", "it has no partition key")
    return TableKey(*names)
