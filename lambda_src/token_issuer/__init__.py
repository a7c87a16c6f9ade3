"""Our own issuer: RFC 9068 access tokens for machines, signed by AWS KMS."""
