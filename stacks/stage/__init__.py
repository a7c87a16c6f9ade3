"""cdk.json -> the configuration of one stage. Imports no CDK."""
