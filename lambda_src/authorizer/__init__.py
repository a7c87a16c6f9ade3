"""A Lambda authorizer for API Gateway HTTP APIs: start reading at `authorize.py`."""
