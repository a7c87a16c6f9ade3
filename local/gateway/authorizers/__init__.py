"""Request -> who may pass: the built-in JWT authorizer and Lambda authorizers."""
