"""The stacks of this app: the name is no matter to the library."""
