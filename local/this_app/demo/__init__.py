"""The demo: who calls what, what is declared of it, and what came of it."""
