"""Names of one's own: what stands behind them, and their records in DNS."""
