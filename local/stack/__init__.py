"""The localised app -> its parts, started, and stopped together."""
