"""What every function of this app is deployed with."""
