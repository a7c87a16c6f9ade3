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
        TemplateUnsupported: Such as a sort key, an index or provisioned capacity.
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
        if len(keys) != 1 or types != {keys[0][0]: "S"}:
            raise properties.refused("KeySchema", "one partition key, a string, is modelled")
        keys[0][1].choice("KeyType", ("HASH",))
        properties.finish((*_WITHOUT_EFFECT, "TableName"))
        tables.append(TableConfig(name, keys[0][0], stack.region, stack.account_id))
    return tuple(tables)
