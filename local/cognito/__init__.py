"""PoolConfig -> running user pools: moto in this process, and beside it what moto lacks."""
