"""Who may get a token of this app's own user pool."""
