"""GET /reports: a backend that needs something of every kind."""
