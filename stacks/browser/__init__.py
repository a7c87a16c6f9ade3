"""The web page and the backend that keeps its session."""
