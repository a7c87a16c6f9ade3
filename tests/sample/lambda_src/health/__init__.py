"""GET /health: says that the API is up, to anyone."""
