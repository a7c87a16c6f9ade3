def with_total(invoices):
    return [*invoices, ("total", sum(amount for _, amount in invoices))]
