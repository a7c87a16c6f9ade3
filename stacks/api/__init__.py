"""The HTTP API, its authorizers and its backends."""
