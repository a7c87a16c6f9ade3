"""Serves the web page, and what the page must know to sign in."""
