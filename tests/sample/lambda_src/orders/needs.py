"""What the orders need beside their code: a table, and four things to do with its items."""

from aws_jwt_authorizer.needs.needs import Index, Needs, Table

NEEDS = Needs(
    memory_mb=512,  # the SDK starts in half the time that it takes in 256 MB
    tables=(
        Table(
            "orders",
            partition_key="owner",
            sort_key="id",
            indexes=(
                Index("by_id", "id", attributes=()),
                Index("by_tenant", "tenant", "id", ("item", "quantity", "refunded_at")),
            ),
            actions=("DeleteItem", "PutItem", "Query", "UpdateItem"),
        ),
    ),
)
