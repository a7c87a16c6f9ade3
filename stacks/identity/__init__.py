"""The user pool, its clients, and who else signs people in."""
