"""The authorizer as a construct of other apps: before HTTP APIs, and before REST APIs."""
