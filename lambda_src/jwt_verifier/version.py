"""The version of the distribution `aws-jwt-authorizer`: the one place that says it."""

VERSION = "0.2.0"
