"""`make bench`: how fast ours is beside its peers, as docs/performance.md shows it."""
