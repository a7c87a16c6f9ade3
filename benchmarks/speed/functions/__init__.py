"""Functions that cold starts run: each is a module of its own in the task's folder."""
