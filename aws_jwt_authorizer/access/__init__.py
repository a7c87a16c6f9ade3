"""The access table: its vocabulary, its checks, the policy that it makes. Imports no CDK."""
