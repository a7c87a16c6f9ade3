"""GET /whoami: shows the context that the Lambda authorizer hands over."""
