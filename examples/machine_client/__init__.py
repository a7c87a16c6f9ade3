"""A machine's side of client credentials: one token, kept until shortly before it expires."""
