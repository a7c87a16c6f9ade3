from tabulate import tabulate

from invoices.totals import with_total

INVOICES = [("2025-001", 120), ("2025-002", 80)]


def handler(event, context):
    print(event["routeKey"])
    table = tabulate(with_total(INVOICES), headers=["invoice", "amount"])
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": table}
