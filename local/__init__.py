"""Serves the synthesised template on loopback: `python -m local`."""
