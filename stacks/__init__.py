"""What is deployed: start reading at `access.py`, then `api_stack.py`."""
