"""Why a command about a deployment ends before it has done anything."""


class CommandRefused(Exception):
    """What was asked for is not done; each line of the message says one reason and its remedy."""
