"""Applications that verify tokens by themselves."""
