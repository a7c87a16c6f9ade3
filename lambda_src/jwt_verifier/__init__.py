"""Token -> verified claims: what the authorizer and the functions beside it verify JWTs with."""
