"""Constructs and the checks that stop synth."""
