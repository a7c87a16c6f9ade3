"""JWT authorization for CDK apps: the access table, bundling, and the checks that stop synth."""
