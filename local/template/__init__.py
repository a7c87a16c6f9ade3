"""Cloud assembly -> LocalApp: what the local stack serves, resolved and refused by name."""
