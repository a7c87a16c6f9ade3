"""The Lambda authorizer of this app: its function, settings, live version and roll-back."""
