"""Who may deploy from GitHub: one role for each environment, without a stored key."""
