"""The issuer's signing keys: made, published ahead, used, kept and deleted in their time."""
