"""The orders API: a sample backend that trusts only the Lambda authorizer."""
