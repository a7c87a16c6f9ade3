"""The sources of the app -> the assembly that is served, synthesised anew where they changed."""
