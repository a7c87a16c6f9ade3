"""GET /me: shows the claims that the built-in JWT authorizer hands over."""
