"""GET /partner/orders: a sample backend for callers of another issuer."""
