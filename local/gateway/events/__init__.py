"""Request -> the events that functions get, payload 1.0 and 2.0."""
