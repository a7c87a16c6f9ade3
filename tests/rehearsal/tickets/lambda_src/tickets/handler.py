"""POST /tickets opens a ticket of the caller's; GET /tickets answers the caller's own."""

import os
import secrets
from datetime import UTC, datetime
from functools import cache

import boto3
from boto3.dynamodb.conditions import Attr, Key
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule

from function_kit.backend import backend, caller_of


@backend
def handler(request):
    caller = caller_of(request)
    owner = f"{caller['sub']}@{caller['issuer_name']}"
    if request.route_key == "POST /tickets":
        ticket = {"id": secrets.token_hex(8), "due": due_on(datetime.now(UTC))}
        item = {"owner": owner, **ticket}
        table().put_item(Item=item, ConditionExpression=Attr("id").not_exists())
        return 201, ticket
    found = table().query(KeyConditionExpression=Key("owner").eq(owner))["Items"]
    return 200, {"tickets": [{"id": item["id"], "due": item["due"]} for item in found]}


def due_on(opened):
    """The third working day from the one on which a ticket is opened."""
    days = rrule(DAILY, byweekday=(MO, TU, WE, TH, FR), count=3, dtstart=opened)
    return f"{days[2]:%Y-%m-%d}"


@cache
def table():
    return boto3.resource("dynamodb").Table(os.environ["TICKETS_TABLE"])
