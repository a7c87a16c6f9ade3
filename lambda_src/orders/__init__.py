"""The orders API: a sample backend that keeps whose each order is, in a table of its own."""
