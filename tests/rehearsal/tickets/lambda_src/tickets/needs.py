from aws_jwt_authorizer.needs.needs import Needs, Table

NEEDS = Needs(
    tables=(Table("tickets", partition_key="owner", sort_key="id", actions=("PutItem", "Query")),),
)
