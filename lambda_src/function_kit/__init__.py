"""What several functions share beyond verifying tokens."""
