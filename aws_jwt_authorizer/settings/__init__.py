"""What the authorizer is told, and whether it would start with it. Imports no CDK."""
