"""AWS::DynamoDB::Table -> TableConfig.

Key schema and expiry are modelled; what guards data that outlives a process is not.
"""

from local.template.assembly import Assembly
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import TableConfig
from local.template.properties import Properties

_WITHOUT_EFFECT = (
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "Tags",
    # DynamoDB takes days to delete what has expired, so nobody may count on it.
    "TimeToLiveSpecification",
)


def read_tables(assembly: Assembly, resolver: Resolver) -> tuple[TableConfig, ...]:
    """Read every table of the assembly.

    Raises:
        TemplateUnsupported: Such as a key that is a number, an index or provisioned capacity.
    """
    tables = []
    for resource in assembly.resources("AWS::DynamoDB::Table"):
        properties = Properties(resource, resolver)
        stack = assembly.stacks[resource.stack_name]
        name = identifier(resource, stack, REF)
        properties.choice("BillingMode", ("PAY_PER_REQUEST",))
        keys = [(part.text("AttributeName"), part) for part in properties.parts("KeySchema")]
        types = {
            part.text("AttributeName"): part.text("AttributeType")
            for part in properties.parts("AttributeDefinitions")
        }
        names = [name for name, _ in keys]
        if len(names) not in (1, 2) or types != dict.fromkeys(names, "S"):
            raise properties.refused(
                "KeySchema", "a partition key and perhaps a sort key, both strings, are modelled"
            )
        for kind, (_, part) in zip(("HASH", "RANGE"), keys, strict=False):
            part.choice("KeyType", (kind,))
        properties.finish((*_WITHOUT_EFFECT, "TableName"))
        tables.append(TableConfig(name, names[0], stack.region, stack.account_id, *names[1:]))
    return tuple(tables)
