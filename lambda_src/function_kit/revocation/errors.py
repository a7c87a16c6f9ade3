"""Why the list of revocations cannot be read."""


class ListUnreadable(Exception):
    """It cannot be read, or not whole; the message is one line, meant for the log."""
