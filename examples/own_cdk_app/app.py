"""Somebody else's CDK app, with an HTTP API of its own and the authorizer out of the wheel."""

import aws_cdk as cdk
from stacks.pets_stack import PetsStack

app = cdk.App()
PetsStack(app, "Pets")
app.synth()
