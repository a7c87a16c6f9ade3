"""What the reports need: something of every kind, in one stage at least."""

from dataclasses import replace

from aws_jwt_authorizer.needs.needs import Index, Key, Needs, Permission, Secret, Table, Vpc

NEEDS = Needs(
    memory_mb=512,
    timeout_seconds=29,
    environment={"CURRENCY": "EUR"},
    tables=(
        Table(
            "order_lines",
            partition_key="order",
            sort_key=Key("line", "number"),
            indexes=(
                Index("by_item", "item", Key("line", "number")),
                Index("by_day", "day", attributes=()),
                Index("by_shop", "shop", attributes=("item", "price")),
            ),
            expires_at="forget_at",
            actions=("Query", "GetItem"),
        ),
    ),
    secrets=(Secret("payments", "What the payment provider knows us by"),),
)
STAGES = {
    "prod": replace(
        NEEDS,
        memory_mb=1024,
        permissions=(
            Permission(("sqs:SendMessage",), ("arn:aws:sqs:eu-west-1:111122223333:reports",)),
            Permission(("ses:SendEmail",), ("*",), why="any address of ours may be the sender's"),
        ),
        vpc=Vpc(("subnet-0a1b2c3d", "subnet-0e4f5a6b"), ("sg-0123456789abcdef0",)),
        layers=("arn:aws:lambda:eu-west-1:111122223333:layer:fonts:7",),
    )
}
