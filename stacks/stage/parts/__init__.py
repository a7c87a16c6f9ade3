"""The parts of a stage that are objects of their own -> checked values."""
