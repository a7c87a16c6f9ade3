"""A function's folder and its lock -> what Lambda runs."""
