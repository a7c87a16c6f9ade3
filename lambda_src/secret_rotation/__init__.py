"""Rotates the secrets of the backend that keeps browsers' tokens; Secrets Manager runs it."""
