"""This checkout -> a project of a user's own, without the sample and with a name; and its upgrade."""
