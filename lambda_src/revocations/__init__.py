"""Takes back what was issued: an administrator's word, or a caller's own session, into the list."""
