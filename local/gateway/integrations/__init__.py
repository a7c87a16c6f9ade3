"""Authorized request -> response, through a Lambda function or an HTTP address."""
