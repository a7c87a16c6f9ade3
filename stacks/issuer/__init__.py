"""The issuer on AWS KMS."""
