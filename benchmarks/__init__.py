"""Timed runs and comparisons, printed as ratios; no test asserts a time."""
